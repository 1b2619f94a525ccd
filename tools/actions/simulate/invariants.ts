import { telemetryDelayMin, type Decision } from '@platform/libs/traffic-control/decide';
import type { Sample } from '@platform/libs/traffic-control/judge';
import type { TrafficControlSettings } from '@platform/libs/settings/traffic-control';
import type { RegionKey, Situation } from './simulate';

/**
 * What a decision breaks, judged from the situation and not by the code that decided: each rule is written a second time,
 * from the numbers of the telemetry.
 */
export function brokenInvariants(decision: Decision, situation: Situation, settings: TrafficControlSettings): string[] {
  const broken: string[] = [];
  const { region, dials, samples, conditions, accelerator, held, nowMinute, lastMoveMinute } = situation;
  const { action, apply, toPercent, reason, saw } = decision;
  const regionKeys = Object.keys(samples) as RegionKey[];
  if (saw.length !== regionKeys.length || !reason) broken.push('it does not say what it saw and why');
  if (action === 'hold') {
    if (apply) broken.push('it holds and moves');
    return broken;
  }
  const from = dials[region];
  const to = toPercent!;
  const wait = action === 'lower' ? settings.lowerAfterMin : settings.raiseAfterMin;
  const window = (key: RegionKey, minutes: number) =>
    samples[key].filter(
      ({ minute }) => minute <= nowMinute - telemetryDelayMin && minute > nowMinute - telemetryDelayMin - minutes,
    );
  const isBad = ({ checkersPercent = 100, balancer = {} }: Sample) => {
    const { requests = 0, targetErrors = 0, balancerErrors = 0, p99Ms = 0 } = balancer;
    const all = requests + balancerErrors;
    return (
      checkersPercent < 50 ||
      (all >= settings.minRequestsPerMin &&
        (100 * (targetErrors + balancerErrors) > settings.errorPercent * all || p99Ms > settings.p99Ms))
    );
  };

  if (settings.mode !== 'enforce' && apply) broken.push(`it moves in mode ${settings.mode}`);
  if (Math.abs(to - from) > settings.stepPercent) broken.push(`a step of ${Math.abs(to - from)} %`);
  if (to < settings.floorPercent) broken.push(`a dial of ${to} %, below the floor`);
  if (to > 100) broken.push(`a dial of ${to} %, above the plan`);
  if (accelerator !== 'deployed') broken.push('a move while the accelerator changes');
  if (held) broken.push('a move during an override');
  if (window(region, wait).length < wait) broken.push('a move without telemetry for every minute of the wait');
  if (lastMoveMinute !== undefined && nowMinute - lastMoveMinute < wait) broken.push('a move before the wait is over');
  if (action === 'lower') {
    if (to >= from) broken.push('lowering does not lower');
    if (!window(region, wait).every(isBad)) broken.push('lowers a region that was not bad all the time');
    const others = regionKeys.filter(
      (key) =>
        key !== region &&
        !conditions[key].unhealthy &&
        dials[key] >= from &&
        window(key, wait).length === wait &&
        !window(key, wait).some(isBad),
    );
    if (others.length === 0) broken.push('lowers the last healthy region');
  } else {
    if (to <= from) broken.push('raising does not raise');
    if (window(region, wait).some(isBad)) broken.push('raises a region that was bad during the wait');
    if (conditions[region].unhealthy) broken.push('raises a region that the accelerator finds unhealthy');
  }
  return broken;
}
