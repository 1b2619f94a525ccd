import { checkTypes } from '@platform/tools/actions/plan/check-types';
import type { LiveSession } from '@platform/tools/session/live-session';
import { EstateLoadError } from '@platform/tools/workspace/load-estate';
import { deployEstate } from './deploy-estate';

jest.mock('@platform/tools/actions/plan/check-types');

test.each([true, false])('wrong types stop a deploy whose `unreviewed` is %s, if it is true', async (unreviewed) => {
  jest.mocked(checkTypes).mockRejectedValue(new EstateLoadError('stack.ts:1: wrong'));
  const options = { root: '/w', environment: { name: 'prod' } };
  const session = { options, stacks: { all: [] } } as unknown as LiveSession;
  const deploy = deployEstate(session, { stacks: [], before: new Map(), planCommand: () => '', unreviewed });
  await (unreviewed ? expect(deploy).rejects.toThrow('stack.ts:1: wrong') : expect(deploy).resolves.toEqual([]));
});
