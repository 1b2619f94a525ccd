import { defineGameDay } from '@platform/tools/actions/gameday/game-day';
import { terminate } from './fleet-loss';

export default defineGameDay({
  name: 'instance-loss',
  title: 'an instance goes, and no request waits for its replacement',
  path: 'apiReads',
  loss: 'instance',
  // Other targets answer: what fails was under way on the lost one.
  hypothesis: () => ({ rtoSec: 30, rpoSec: 0 }),
  acts: (stage) => terminate(stage, (instances) => instances.slice(0, 1)),
});
