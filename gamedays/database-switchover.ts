import { defineGameDay } from '@platform/tools/actions/gameday/game-day';
import { movedWriter } from './moved-writer';
import { databaseObjective } from './objective';

export default defineGameDay({
  name: 'database-switchover',
  title: 'the writer moves to the other region and back, and nothing is lost',
  path: 'apiWrites',
  loss: 'region',
  hypothesis: databaseObjective,
  acts: (stage) => Promise.resolve(movedWriter(stage, 'planned')),
});
