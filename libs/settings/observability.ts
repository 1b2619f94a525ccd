import { byDefault, byProfile, number, oneNumberOf, oneOf, section, text, whole, type Settings } from './schema';

export const observabilitySchema = section(
  { is: 'What alarms watch for, beside the limits of each service.', applies: 'next deploy of the stacks with alarms' },
  {
    objectives: section(
      'What users may expect of the application in each region. Alarms fire while the error budget is used up too fast, by pairs of windows of 1 h and 5 min, 6 h and 30 min, 3 days and 6 h.',
      {
        windowDays: byDefault(
          oneNumberOf([28, 30], { is: 'Days over which the objectives hold.', unit: 'days' }),
          30,
          "The window of Google's SRE workbook, from which the pairs come.",
        ),
        availabilityPercent: byDefault(
          number({ is: 'Share of requests that are not answered by 5xx.', unit: '%', from: 95, to: 99.999 }),
          99.9,
          'Allows 43 minutes of outage in 30 days.',
        ),
        latencyPercent: byDefault(
          number({ is: 'Share of requests that are answered within `latencyMs`.', unit: '%', from: 95, to: 99.999 }),
          99,
          'Slow answers hurt less than errors.',
        ),
        latencyMs: byDefault(
          whole({ is: 'Latency that counts as good, at the load balancer.', unit: 'ms', from: 1, to: 60_000 }),
          500,
          'Users notice more.',
        ),
      },
    ).prefault({}),
    canaries: section(
      {
        is: "Requests to each region's site that come from another region, as users make them, from level `origin-failover`.",
        applies: 'next deploy of `region-*/cloudfront`',
      },
      {
        run: byProfile(
          oneOf(['on', 'off'], { is: '`off`: there are none.' }),
          { production: 'on', development: 'off' },
          'Each run is billed; `npx platform cost` has the price.',
        ),
        everyMinutes: byDefault(
          whole({ is: 'Time between two runs.', unit: 'minutes', from: 2, to: 60 }),
          5,
          'Two failed runs are an alarm: ten minutes.',
        ),
        runtime: byDefault(
          text({
            is: 'Runtime of CloudWatch Synthetics: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Synthetics_Library_nodejs_puppeteer.html lists them.',
          }),
          'syn-nodejs-puppeteer-15.0',
          'The most recent one on 2026-11-30. AWS ends runtimes; existing canaries then run on, and no change is possible.',
        ),
      },
    ).prefault({}),
    droppedPackets: byDefault(
      whole({
        is: 'Packets that a Transit Gateway or a private endpoint drops above which an alarm fires.',
        unit: 'packets per 5 min',
        from: 1,
        to: 1_000_000_000,
      }),
      1000,
      'Segments that may not reach each other drop a few packets of scanners and of clients with old addresses.',
    ),
    certificateDays: byDefault(
      whole({
        is: 'Days before a certificate expires at which an alarm fires.',
        unit: 'days',
        from: 1,
        to: 60,
      }),
      30,
      'ACM renews 60 days before, or 45 days for certificates of 198 days. At 30 days, a renewal has failed for two weeks.',
    ),
  },
);
/** What alarms watch for. */
export type ObservabilitySettings = Settings<typeof observabilitySchema>;
