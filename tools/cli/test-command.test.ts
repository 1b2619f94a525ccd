import { testCommand } from './test-command';

jest.mock('@platform/tools/actions/test/run-checks', () => ({
  runChecks: () => Promise.resolve({ passed: 1, failed: 0, skipped: 0, leftFiles: 0 }),
}));

test('refuses the former name of --all, which Nx would ignore', async () => {
  await expect(testCommand(['--lifecycles'], {})).rejects.toMatchObject({
    exitCode: 2,
    message: '--lifecycles: is the former name of --all; write npm test -- --all',
  });
  expect(await testCommand(['--parallel=1'], {})).toBe(0);
});
