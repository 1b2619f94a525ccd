import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRoot } from '@platform/tools/workspace/find-root';
import { listPrice, type ListPrice } from '@platform/tools/model/prices';
import { cellsOf } from './price-list';
import { updatePrices } from './update-prices';

const workspace = mkdtempSync(join(tmpdir(), 'prices of a test-'));
const file = join(workspace, 'tools', 'model', 'prices.json');
const asked: string[] = [];
let server: Server;
let endpoint: string;

beforeAll(async () => {
  mkdirSync(join(workspace, 'tools', 'model'), { recursive: true });
  server = createServer((request, response) => {
    asked.push(request.url!);
    if (request.url!.includes('/eu-north-9/')) response.statusCode = 404;
    response.end(readFileSync(join(__dirname, 'recorded-price-list.csv')));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => cpSync(join(findRoot(__dirname), 'tools/model/prices.json'), file));
afterAll(() => {
  server.close();
  rmSync(workspace, { recursive: true });
});

test('takes on-demand prices of the list, with day and address, and keeps what the list has not', async () => {
  const { updated, left } = await updatePrices({
    root: workspace,
    regions: ['us-east-1'],
    endpoint,
    today: '2026-12-01',
  });
  const rows = JSON.parse(readFileSync(file, 'utf8')) as ListPrice[];
  expect([...updated].sort()).toEqual([
    'aurora-instance:db.r6g.large us-east-1',
    'fargate-vcpu:ARM64 us-east-1',
    'fargate-vcpu:X86_64 us-east-1',
    'instance:t4g.small us-east-1',
    'nat-gateway us-east-1',
  ]);
  expect(listPrice('nat-gateway', 'us-east-1', rows)).toEqual({
    key: 'nat-gateway',
    unit: 'hour',
    region: 'us-east-1',
    usd: 0.046,
    date: '2026-12-01',
    source: `${endpoint}/offers/v1.0/aws/AmazonEC2/current/us-east-1/index.csv`,
    kind: 'list price',
    status: 'confirmed',
  });
  // Neither Windows nor a reservation, and not another engine.
  expect(listPrice('instance:t4g.small', 'us-east-1', rows)!.usd).toBe(0.0168);
  expect(listPrice('aurora-instance:db.r6g.large', 'us-east-1', rows)!.usd).toBe(0.27);
  // Not the other processor; a price that no source confirmed is confirmed by the list.
  expect(listPrice('fargate-vcpu:X86_64', 'us-east-1', rows)!.usd).toBe(0.0405);
  expect(listPrice('fargate-vcpu:ARM64', 'us-east-1')!.status).toBe('unconfirmed');
  expect(listPrice('fargate-vcpu:ARM64', 'us-east-1', rows)).toMatchObject({ usd: 0.0324, status: 'confirmed' });
  expect(left).toContain('nat-gateway ap-northeast-2');
  expect(asked).toContain('/offers/v1.0/aws/AWSELB/current/us-east-1/index.csv');
});

test('changes nothing where a list cannot be read, and names it', async () => {
  const before = readFileSync(file, 'utf8');
  await expect(updatePrices({ root: workspace, regions: ['us-east-1', 'eu-north-9'], endpoint })).rejects.toThrow(
    /eu-north-9\/index\.csv: answers 404/,
  );
  expect(readFileSync(file, 'utf8')).toBe(before);
});

test('reads cells with commas and quotes', () => {
  expect(cellsOf('"a","b, ""c""",,"d"')).toEqual(['a', 'b, "c"', '', 'd']);
});
