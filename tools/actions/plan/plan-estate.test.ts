import { exampleEnvironment } from '@platform/libs/testing/example-settings';
import type { LiveSession } from '@platform/tools/session/live-session';
import { findRoot } from '@platform/tools/workspace/find-root';
import { planEstate } from './plan-estate';

test('a plan for AWS is refused while an image of production can change at every launch', async () => {
  const session = {
    options: {
      root: findRoot(__dirname),
      estate: { regions: [{ key: 'us', role: 'primary' }] },
      environment: exampleEnvironment({ profile: 'production' }),
      target: { name: 'aws' },
    },
    stacks: {
      all: [{ stack: 'global-zone', project: 'global/zone', reads: [], contract: { fields: {} } }],
      configuration: () => ({ resource: {} }),
      quotaWarnings: [],
    },
    states: { of: async () => undefined },
  } as unknown as LiveSession;
  await expect(planEstate(session, [])).rejects.toMatchObject({
    name: 'WrongUse',
    message: expect.stringMatching(/releases\.blue\.image: .*\n.*releases\.green\.image: /),
  });
});
