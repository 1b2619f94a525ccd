import { defineGameDay } from '@platform/tools/actions/gameday/game-day';
import { terminate } from './fleet-loss';

export default defineGameDay({
  name: 'zone-loss',
  title: 'all instances of a zone go at once, and the others answer',
  path: 'apiReads',
  loss: 'zone',
  hypothesis: () => ({ rtoSec: 60, rpoSec: 0 }),
  acts: (stage) =>
    terminate(stage, (instances) => {
      const [first] = instances;
      return instances.filter(({ zone }) => zone === first?.zone);
    }),
});
