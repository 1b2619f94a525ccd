import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exampleEnvironment, exampleRegions } from '@platform/libs/testing/example-settings';
import { valueOf } from '@platform/tools/model/failover';
import { act, isDone } from './act';
import type { FailoverContext } from './accounts';
import { observe } from './observe';

/*
 * No emulator here knows Global Accelerator, so a server answers as its API reference says
 * (https://docs.aws.amazon.com/global-accelerator/latest/api/API_Operations.html). What AWS would make of a call only AWS shows.
 */

const groupArnOf = (accelerator: string) =>
  `arn:aws:globalaccelerator::333333333333:accelerator/${accelerator}/listener/l/endpoint-group/us`;
const groupArn = groupArnOf('prod-shop');
const balancer = 'arn:aws:elasticloadbalancing:us-east-1:222222222222:loadbalancer/app/prod-app/0eeeeeeeeeeeeeee';
const attachment = 'arn:aws:globalaccelerator::222222222222:attachment/0eeeeeee';

let server: Server;
let weights: Record<string, number>;
const updates: object[] = [];
const group = (accelerator: string) => ({
  EndpointGroupArn: groupArnOf(accelerator),
  EndpointGroupRegion: 'us-east-1',
  TrafficDialPercentage: 100,
  EndpointDescriptions: [
    { EndpointId: balancer, Weight: weights[accelerator], HealthState: 'HEALTHY', ClientIPPreservationEnabled: true },
  ],
});
const answers: Record<string, (input: Record<string, unknown>) => object> = {
  // On two pages.
  ListAccelerators: ({ NextToken }) =>
    NextToken
      ? { Accelerators: [{ Name: 'prod-shop', AcceleratorArn: 'prod-shop' }] }
      : { Accelerators: [{ Name: 'prod', AcceleratorArn: 'prod' }], NextToken: 'more' },
  ListListeners: ({ AcceleratorArn }) => ({ Listeners: [{ ListenerArn: AcceleratorArn }] }),
  ListEndpointGroups: ({ ListenerArn }) => ({ EndpointGroups: [group(ListenerArn as string)] }),
  DescribeEndpointGroup: () => ({ EndpointGroup: group('prod-shop') }),
  ListCrossAccountResources: () => ({
    CrossAccountResources: [{ EndpointId: balancer, AttachmentArn: attachment }],
  }),
  UpdateEndpointGroup: (input) => {
    updates.push(input);
    weights['prod-shop'] = (input['EndpointConfigurations'] as [{ Weight: number }])[0].Weight;
    return { EndpointGroup: group('prod-shop') };
  },
};

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const part of request) body += String(part);
  return body;
}

beforeAll(async () => {
  weights = { prod: 128, 'prod-shop': 100 };
  server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const operation = String(request.headers['x-amz-target']).split('.')[1]!;
      const answer = answers[operation]?.(JSON.parse(body) as Record<string, unknown>);
      response.writeHead(answer ? 200 : 400, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(answer ?? { __type: 'InvalidArgumentException', message: `no ${operation}` }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => server.close());

const { applications, ...others } = exampleEnvironment({ level: 'accelerated' });
const context = (): FailoverContext => ({
  environment: { ...others, applications: { ...applications, shop: applications['app']! } },
  regions: exampleRegions,
  target: {
    name: 'emulator',
    clientOptions: (_, region) =>
      Promise.resolve({
        region,
        endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
      }),
  },
});

test('tells weight, dial and health at the accelerator of each application; a region without one is unknown', async () => {
  const { regions } = await observe(context());
  const [us, ap] = ['us', 'ap'].map((key) => regions.find((region) => region.key === key)!.endpoints!);
  const seen = { dialPercent: 100, health: 'HEALTHY' };
  expect(us).toEqual({
    prod: { value: { ...seen, groupArn: groupArnOf('prod'), weight: 128 } },
    'prod-shop': { value: { ...seen, groupArn, weight: 100 } },
  });
  expect(ap!['prod-shop']).toEqual({ unknown: expect.stringContaining('no endpoint in ap-northeast-2') });
});

test('an accelerator that is missing does not hide the others', async () => {
  const environment = { ...others, applications: { ...applications, other: applications['app']! } };
  const { regions } = await observe({ ...context(), environment });
  const { endpoints } = regions.find(({ key }) => key === 'us')!;
  expect(valueOf(endpoints!['prod']!)).toMatchObject({ weight: 128 });
  expect(endpoints!['prod-other']).toEqual({ unknown: 'there is no accelerator prod-other' });
});

test('a weight is set for the endpoint that is there, and leaves the rest of it as it was', async () => {
  const step = { kind: 'weight', region: 'us', accelerator: 'prod-shop', groupArn, to: 0 } as const;
  expect(isDone(step, await observe(context()))).toBe(false);
  await act(context(), step);
  expect(updates).toEqual([
    {
      EndpointGroupArn: groupArn,
      EndpointConfigurations: [
        { EndpointId: balancer, Weight: 0, ClientIPPreservationEnabled: true, AttachmentArn: attachment },
      ],
    },
  ]);
  expect(isDone(step, await observe(context()))).toBe(true);
});
