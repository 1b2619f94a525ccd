import { setTimeout as delay } from 'node:timers/promises';
import { Prober } from '@platform/tools/actions/gameday/prober';
import { lossOf, outageOf } from '@platform/tools/model/outage';
import { TwoOrigins } from './origins';

let origins: TwoOrigins;
beforeEach(async () => {
  origins = await TwoOrigins.start();
});
afterEach(() => origins.stop());

const probe = (write = false) =>
  new Prober({
    url: origins.url,
    everyMs: 50,
    timeoutMs: 1_000,
    ...(write ? { writeUrl: `${origins.url}/orders` } : {}),
  });

test('measures a known outage within a second of the truth', async () => {
  const prober = probe();
  await delay(300);
  origins.answer(0, false);
  const from = performance.now();
  await delay(2_000);
  origins.use(1, true);
  const truth = (performance.now() - from) / 1000;
  await delay(300);
  await prober.stop();
  const { failed, seconds } = outageOf(prober.probes);
  expect(failed).toBeGreaterThan(5);
  expect(Math.abs(seconds - truth)).toBeLessThan(1);
});

test('counts the acknowledged writes that are missing after the other origin took over without them', async () => {
  const prober = probe(true);
  await delay(1_000);
  origins.use(1, false);
  await delay(300);
  await prober.stop();
  const loss = lossOf(prober.probes, await prober.present());
  expect(loss).toBeGreaterThan(0.4);
  expect(loss).toBeLessThan(2);
});

test('says nothing of an outage where there was none', async () => {
  const prober = probe(true);
  await delay(500);
  await prober.stop();
  expect(outageOf(prober.probes)).toEqual({ failed: 0, seconds: 0 });
  expect(lossOf(prober.probes, await prober.present())).toBe(0);
});
