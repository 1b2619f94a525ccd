import { withRetries } from './with-retries';

describe('a call that fails', () => {
  const passes = (error: unknown) => (error as Error).message === 'passes';

  test('is repeated while that may help', async () => {
    let calls = 0;
    const call = async () => {
      if (++calls < 3) throw new Error('passes');
      return calls;
    };
    await expect(withRetries(call, { passes, waitsSec: [0, 0] })).resolves.toBe(3);
  });

  test('is given up after the last wait, and at once where waiting does not help', async () => {
    let calls = 0;
    const call = (message: string) => async () => {
      calls++;
      throw new Error(message);
    };
    await expect(withRetries(call('passes'), { passes, waitsSec: [0, 0] })).rejects.toThrow('passes');
    expect(calls).toBe(3);
    await expect(withRetries(call('stays'), { passes, waitsSec: [0, 0] })).rejects.toThrow('stays');
    expect(calls).toBe(4);
  });
});
