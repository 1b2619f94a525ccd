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

const groupArn = 'arn:aws:globalaccelerator::333333333333:accelerator/a/listener/l/endpoint-group/us';
const balancer = 'arn:aws:elasticloadbalancing:us-east-1:222222222222:loadbalancer/app/prod-app/0eeeeeeeeeeeeeee';
const attachment = 'arn:aws:globalaccelerator::222222222222:attachment/0eeeeeee';

let server: Server;
let weight: number;
const updates: object[] = [];
const group = () => ({
  EndpointGroupArn: groupArn,
  EndpointGroupRegion: 'us-east-1',
  TrafficDialPercentage: 100,
  EndpointDescriptions: [
    { EndpointId: balancer, Weight: weight, HealthState: 'HEALTHY', ClientIPPreservationEnabled: true },
  ],
});
const answers: Record<string, (input: Record<string, unknown>) => object> = {
  ListAccelerators: () => ({ Accelerators: [{ Name: 'prod', AcceleratorArn: 'a' }, { Name: 'other' }] }),
  ListListeners: () => ({ Listeners: [{ ListenerArn: 'l' }] }),
  ListEndpointGroups: () => ({ EndpointGroups: [group()] }),
  DescribeEndpointGroup: () => ({ EndpointGroup: group() }),
  ListCrossAccountResources: () => ({
    CrossAccountResources: [{ EndpointId: balancer, AttachmentArn: attachment }],
  }),
  UpdateEndpointGroup: (input) => {
    updates.push(input);
    weight = (input['EndpointConfigurations'] as [{ Weight: number }])[0].Weight;
    return { EndpointGroup: group() };
  },
};

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const part of request) body += String(part);
  return body;
}

beforeAll(async () => {
  weight = 128;
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

const context = (): FailoverContext => ({
  environment: exampleEnvironment({ level: 'accelerated' }),
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

test('tells weight, dial and health of each endpoint; a region without one is unknown', async () => {
  const { regions } = await observe(context());
  const endpoints = Object.fromEntries(regions.map(({ key, endpoint }) => [key, endpoint!]));
  expect(valueOf(endpoints['us']!)).toEqual({ groupArn, dialPercent: 100, weight: 128, health: 'HEALTHY' });
  expect(endpoints['ap']).toEqual({ unknown: expect.stringContaining('no endpoint in ap-northeast-2') });
});

test('a weight is set for the endpoint that is there, and leaves the rest of it as it was', async () => {
  const step = { kind: 'weight', region: 'us', groupArn, to: 0 } as const;
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
