import { logRetention, logRetentionByProfile } from './log-retention';
import type { Problem } from './problem';
import { byDefault, byProfile, number, oneOf, section, whole, type Settings } from './schema';
import { environmentsOf, inSettings, type SettingsInput } from './settings-input';

/** `off`: no function. `monitor`: it decides and reports. `enforce`: it moves dials too. */
export const trafficControlModes = ['off', 'monitor', 'enforce'] as const;

export const trafficControlSchema = section(
  {
    is: "From level `accelerated`: a function in each region lowers the accelerator's traffic dial of another region that answers badly, and raises it again. An optimisation: failover works without it.",
    applies: 'next deploy of `region-*/traffic-control`',
  },
  {
    mode: byDefault(
      oneOf(trafficControlModes, {
        is: '`off`: no function. `monitor`: it decides and reports, without the permission to change a dial. `enforce`: it moves dials between the regions that take traffic.',
      }),
      'monitor',
      'Compare its decisions with your own before you let it act.',
    ),
    floorPercent: byDefault(
      whole({ is: 'Lowest dial that it sets.', unit: '%', from: 1, to: 99 }),
      10,
      'A region that gets no requests shows no errors, so its return would be a guess.',
    ),
    stepPercent: byDefault(
      whole({ is: 'How far one move turns a dial.', unit: '%', from: 1, to: 100 }),
      20,
      'The other regions get time to scale.',
    ),
    lowerAfterMin: byDefault(
      whole({
        is: 'How long a region must be bad, minute by minute, before its dial is lowered. Starts anew after each move.',
        unit: 'min',
        from: 2,
        to: 60,
      }),
      3,
    ),
    raiseAfterMin: byDefault(
      whole({
        is: 'How long a region must be good before its dial is raised. Starts anew after each move.',
        unit: 'min',
        limits: 'more than `lowerAfterMin`',
        from: 3,
        to: 180,
      }),
      15,
      'Slow to return: a region that comes and goes stays low.',
    ),
    errorPercent: byDefault(
      number({ is: 'A region is bad above this share of 5xx.', unit: '%', from: 0.1, to: 100 }),
      5,
    ),
    p99Ms: byDefault(
      whole({ is: 'A region is bad when one request in a hundred waits longer.', unit: 'ms', from: 10, to: 60_000 }),
      3000,
    ),
    minRequestsPerMin: byDefault(
      whole({
        is: 'Below this many requests a minute, errors and latency are not judged.',
        unit: 'requests per min',
        from: 1,
        to: 1_000_000,
      }),
      60,
      'A share of a few requests says little.',
    ),
    logRetentionDays: byProfile(logRetention('How long the log of its decisions is kept.'), logRetentionByProfile),
  },
);

/** The automatic traffic control of an environment. */
export type TrafficControlSettings = Settings<typeof trafficControlSchema>;

/** Waits without hysteresis. */
export function checkTrafficControl(input: SettingsInput): Problem[] {
  return environmentsOf(input).flatMap(([name, { trafficControl }]) => {
    const { lowerAfterMin, raiseAfterMin } = trafficControl;
    if (raiseAfterMin > lowerAfterMin) return [];
    return [
      {
        where: inSettings(input, `environments.${name}.trafficControl.raiseAfterMin`),
        what: `${raiseAfterMin} min is not more than lowerAfterMin (${lowerAfterMin}), so a region that comes and goes would move its dial all the time`,
        remedy: `use ${lowerAfterMin + 1} or more`,
      },
    ];
  });
}
