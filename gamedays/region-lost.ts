import { defineGameDay } from '@platform/tools/actions/gameday/game-day';
import { movedWriter } from './moved-writer';
import { databaseObjective } from './objective';

export default defineGameDay({
  name: 'region-lost',
  title: 'writer and traffic move as if the serving region were lost, without asking it anything',
  path: 'apiWrites',
  loss: 'region',
  hypothesis: databaseObjective,
  acts: (stage) => Promise.resolve(movedWriter(stage, 'lost')),
});
