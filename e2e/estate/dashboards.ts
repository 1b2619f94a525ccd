import { z } from 'zod';
import type { Estate, Metric } from './estate-alarms';

/*
 * What CloudWatch accepts as the body of a dashboard, as far as the estate uses it
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html), and its limits
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html).
 */

const limits = { widgets: 500, metricsPerWidget: 500, metrics: 2500, alarmsPerWidget: 100 };

const place = {
  x: z.int().min(0).max(23),
  y: z.int().min(0),
  width: z.int().min(1).max(24),
  height: z.int().min(1).max(1000),
};
const id = z.string().regex(/^[a-z]\w*$/);
const metricOptions = z.strictObject({
  stat: z
    .string()
    .regex(/^(Sum|Average|Minimum|Maximum|SampleCount|p\d+(\.\d+)?)$/)
    .optional(),
  period: z.int().multipleOf(60).optional(),
  label: z.string().optional(),
  id: id.optional(),
  visible: z.boolean().optional(),
});
const expression = z.strictObject({ expression: z.string(), label: z.string(), id });
const metric = z.union([z.tuple([expression]), z.array(z.union([z.string(), metricOptions])).min(3)]);

const bodySchema = z.strictObject({
  widgets: z
    .array(
      z.discriminatedUnion('type', [
        z.strictObject({
          type: z.literal('text'),
          ...place,
          properties: z.strictObject({ markdown: z.string().min(1) }),
        }),
        z.strictObject({
          type: z.literal('alarm'),
          ...place,
          properties: z.strictObject({
            title: z.string(),
            alarms: z.array(z.string()).min(1).max(limits.alarmsPerWidget),
          }),
        }),
        z.strictObject({
          type: z.literal('metric'),
          ...place,
          properties: z.strictObject({
            title: z.string(),
            view: z.literal('timeSeries'),
            stacked: z.boolean(),
            region: z.string().regex(/^[a-z]+-[a-z]+-\d$/),
            metrics: z.array(metric).min(1).max(limits.metricsPerWidget),
            yAxis: z.strictObject({
              left: z.strictObject({ label: z.string(), showUnits: z.boolean(), min: z.number() }),
            }),
            annotations: z
              .strictObject({ horizontal: z.array(z.strictObject({ label: z.string(), value: z.number() })) })
              .optional(),
          }),
        }),
      ]),
    )
    .max(limits.widgets),
});

export interface EstateDashboard {
  readonly address: string;
  readonly body: unknown;
}

/** The dashboards of the estate. */
export function dashboardsOf(estate: Estate): EstateDashboard[] {
  return [...estate].flatMap(([stack, { resource = {} }]) =>
    Object.entries(resource['aws_cloudwatch_dashboard'] ?? {}).map(([name, { dashboard_body: body }]) => ({
      address: `${stack} ${name}`,
      // References to attributes have quotes, which Terraform replaces with a value before it writes the JSON.
      body: JSON.parse(
        String(body).replaceAll(/\$\{[^}]*\}/g, (reference) => reference.replaceAll('"', "'")),
      ) as unknown,
    })),
  );
}

/** What CloudWatch would refuse, and widgets that cover each other or leave the grid. */
export function problemsOfBody(body: unknown): string[] {
  const parsed = bodySchema.safeParse(body);
  if (!parsed.success) return parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  const { widgets } = parsed.data;
  const problems = widgets
    .filter(({ x, width }) => x + width > 24)
    .map(({ x, y }) => `the widget at ${x}, ${y} leaves the grid`);
  widgets.forEach((one, index) => {
    for (const other of widgets.slice(index + 1)) {
      const apart =
        one.x + one.width <= other.x ||
        other.x + other.width <= one.x ||
        one.y + one.height <= other.y ||
        other.y + other.height <= one.y;
      if (!apart) problems.push(`the widgets at ${one.x}, ${one.y} and ${other.x}, ${other.y} cover each other`);
    }
  });
  const count = widgets.reduce((sum, each) => sum + (each.type === 'metric' ? each.properties.metrics.length : 0), 0);
  if (count > limits.metrics) problems.push(`${count} metrics, and ${limits.metrics} are possible`);
  return problems;
}

/** Every metric of a dashboard with the AWS region that it is read from. */
export function metricsOfBody(body: unknown): { readonly metric: Metric; readonly awsRegion: string }[] {
  const { widgets } = bodySchema.parse(body);
  return widgets.flatMap((widget) => {
    if (widget.type !== 'metric') return [];
    return widget.properties.metrics.flatMap((each) => {
      const words = (each as unknown[]).filter((word): word is string => typeof word === 'string');
      const [namespace, metric_name, ...rest] = words;
      if (!namespace) return [];
      const pairs = Array.from({ length: rest.length / 2 }, (_, index) => [rest[2 * index]!, rest[2 * index + 1]!]);
      const dimensions = Object.fromEntries(pairs) as Record<string, string>;
      return [{ metric: { namespace, metric_name: metric_name!, dimensions }, awsRegion: widget.properties.region }];
    });
  });
}
