import { spawnSync } from 'node:child_process';
import { exampleEnvironment } from '@platform/libs/testing/example-settings';
import { privateNetworks } from '@platform/libs/settings/cidr';
import { applianceUserData } from './user-data';

const props = {
  logGroup: '/prod-inspection/alerts',
  rulesUrl: exampleEnvironment().inspection.rulesUrl,
  insideCidrs: [...privateNetworks, '203.0.113.0/24'],
  healthPort: 8080,
};
const script = applianceUserData(props);

test('the script fits the limit of EC2, with room for longer settings', () => {
  expect(Buffer.byteLength(script)).toBeLessThan(15_000);
});

test('a shell can parse it', () => {
  const { status, stderr } = spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test('every embedded file ends where it should', () => {
  const opened = script.match(/<<'?END_OF_FILE'?$/gm)!;
  expect(script.match(/^END_OF_FILE$/gm)).toHaveLength(opened.length);
});

test.each(Object.keys(props) as (keyof typeof props)[])('%s changes the script', (name) => {
  const other = {
    logGroup: '/other',
    rulesUrl: 'https://example.com/a.rules',
    insideCidrs: ['10.0.0.0/8'],
    healthPort: 1,
  };
  expect(applianceUserData({ ...props, [name]: other[name] })).not.toBe(script);
});

test('the packet ring uses a small share of the memory of the smallest appliance in use', () => {
  const number = (name: string) => Number(new RegExp(`^ +${name}: (\\d+)$`, 'm').exec(script)![1]);
  const [mtu, blockBytes] = [9001, 2 ** 17];
  // Suricata's AFPComputeRingParams, 32 pages per block: overhead per packet (Ethernet and its header 48, 20 and 14
  // bytes).
  const align = (bytes: number) => Math.ceil(bytes / 16) * 16;
  expect(script).not.toMatch(/tpacket-v3|block-size/);
  const frameBytes = align(mtu + 14 + 4 + align(align(48) + 20 + 14) - 14);
  const blocks = Math.floor(number('ring-size') / Math.floor(blockBytes / frameBytes)) + 1;
  expect([frameBytes, number('threads')]).toEqual([9104, 1]);
  // 4 GiB: c7gn.large and t4g.medium. Flows, streams and 30,000 rules need the rest.
  expect((blocks * blockBytes) / 2 ** 30).toBeLessThan(4 * 0.1);
});

test('drops rules of protocols that are off in Suricata, also built-in ones', () => {
  // Suricata 7: AppLayerProtoDetectConfProtoDetectionEnabledDefault(…, false).
  for (const protocol of ['modbus', 'dnp3', 'enip']) expect(script).toContain(`    ${protocol}:\n      enabled: no\n`);
});

test('returns packets of the load balancer with swapped outer addresses, and reads each packet once', () => {
  expect(script).toContain('udp dport $geneve_port notrack ip daddr set ip saddr');
  expect(script).toContain('ip saddr set $address');
  expect(script).toMatch(/bpf-filter: .udp dst port 6081 and dst host @address@/);
});
