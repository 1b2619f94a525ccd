import { LostBuckets } from './lost-buckets';

const network = new Error('socket hang up');
const isLost = (error: unknown) => error === network;

test('a bucket that does not answer is asked with patience once, by however many, and then left alone for a minute', async () => {
  let time = 0;
  let calls = 0;
  let repeats = 0;
  let answers = false;
  const lost = new LostBuckets(isLost, () => time);
  const call = async () => {
    calls++;
    if (!answers) throw network;
    return 'state';
  };
  const repeat = async (again: () => Promise<string>) => {
    repeats++;
    await new Promise(setImmediate);
    return again();
  };
  const ask = (bucket = 'us') => lost.ask(bucket, call, repeat);

  const first = await Promise.allSettled([ask(), ask(), ask()]);
  expect(first.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect([calls, repeats]).toEqual([4, 1]);
  time = 59_000;
  await expect(ask()).rejects.toBe(network);
  expect(calls).toBe(4);
  time = 60_000;
  await expect(ask()).rejects.toBe(network);
  expect([calls, repeats]).toEqual([5, 1]);
  answers = true;
  expect(await ask('ap')).toBe('state');
  time = 120_000;
  expect(await ask()).toBe('state');
  expect(await ask()).toBe('state');
});

test('what is no failure of the network is passed on, and the bucket is asked again', async () => {
  const lost = new LostBuckets(isLost);
  const refused = new Error('AccessDenied');
  const failing = lost.ask(
    'us',
    () => Promise.reject(refused),
    (again) => again(),
  );
  await expect(failing).rejects.toBe(refused);
  expect(
    await lost.ask(
      'us',
      () => Promise.resolve(1),
      (again) => again(),
    ),
  ).toBe(1);
});
