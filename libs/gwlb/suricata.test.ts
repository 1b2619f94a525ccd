import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { readWorkspaceFile } from '@platform/libs/stack/workspace-file';
import { ApplianceSandbox, onLinux } from '@platform/libs/testing/appliance-sandbox';
import { genevePacket, inner, pcap } from '@platform/libs/testing/geneve-pcap';

/*
 * Runs the appliances' configuration in this machine's Suricata. Without Suricata the tests are skipped, also in CI,
 * and count as skipped.
 */
const isThere = (program: string) => spawnSync(program, ['-V']).status === 0;
const onSuricata = isThere('suricata') && isThere('suricata-update') ? onLinux : test.skip;
if (onSuricata === test.skip) {
  process.stderr.write('SKIPPED, the tests on Suricata: it is not installed; `apt-get install suricata` does\n');
}
jest.setTimeout(120_000);

const appliance = '10.0.0.5';
const settings: Record<string, string> = { inside: '[10.0.0.0/8]', interface: 'lo', address: appliance };
const file = (name: string) => readWorkspaceFile(`libs/gwlb/appliance/${name}`);
let machine: ApplianceSandbox;

beforeEach(() => {
  machine = new ApplianceSandbox();
  const yaml = file('suricata.yaml')
    .replace(/@(\w+)@/g, (_, name: string) => settings[name]!)
    // These two are part of the package.
    .replace(/^(classification|reference-config)-file:.*$/gm, '');
  machine.write('/etc/suricata/appliance.yaml', machine.moved(yaml));
  machine.write('/etc/suricata/rules/estate.rules', file('estate.rules'));
  machine.write('/var/log/appliance/none', '');
});
afterEach(() => machine.remove());

onSuricata('all rules that come with Suricata parse, or are left out with their protocol', () => {
  machine.program('systemctl');
  const own = machine.write('/tmp/own.rules', 'alert tcp any any -> any 9999 (msg:"OWN"; sid:9000001; rev:1;)\n');
  machine.write('/etc/suricata/rules-url', `file://${own}`);
  // Previous rules exist, so rules that do not parse are refused.
  machine.write('/var/lib/suricata/rules/suricata.rules', '# before\n');
  const { status, output } = machine.run(file('update-rules.sh'));
  expect({ status, errors: output.match(/^E: .*$/gm) }).toEqual({ status: 0, errors: null });
  const rules = machine.read('/var/lib/suricata/rules/suricata.rules')!;
  for (const name of ['OWN', 'SURICATA STREAM', 'SURICATA Modbus']) expect(rules).toContain(`msg:"${name}`);
});

onSuricata('what the balancer sends is seen as the hosts behind it sent it', () => {
  const [client, server] = ['10.0.0.10', '10.4.0.10'];
  const request = 'GET / HTTP/1.1\r\nHost: x\r\nUser-Agent: inspection-test\r\n\r\n';
  const response = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
  const [syn, ack, push, fin] = [0x02, 0x10, 0x08, 0x01];
  const [asked, answered] = [101 + request.length, 501 + response.length];
  const out = (sequence: number, acknowledged: number, flags: number, text?: string) =>
    inner({ from: [client, 40_000], to: [server, 80], sequence, acknowledged, flags, text });
  const back = (sequence: number, acknowledged: number, flags: number, text?: string) =>
    inner({ from: [server, 80], to: [client, 40_000], sequence, acknowledged, flags, text });
  const packets = [
    out(100, 0, syn),
    back(500, 101, syn | ack),
    out(101, 501, ack),
    out(101, 501, push | ack, request),
    back(501, asked, push | ack, response),
    out(asked, answered, fin | ack),
    back(answered, asked + 1, fin | ack),
    out(asked + 1, answered + 1, ack),
  ].map((packet) => genevePacket({ from: '10.3.248.200', to: appliance, packet }));
  writeFileSync(machine.path('/tmp/balancer.pcap'), pcap(packets));
  const log = machine.path('/var/log/appliance');
  const yaml = machine.path('/etc/suricata/appliance.yaml');
  const run = spawnSync('suricata', ['-c', yaml, '-r', machine.path('/tmp/balancer.pcap'), '-l', log], {
    encoding: 'utf8',
  });
  expect({ status: run.status, errors: run.stderr.match(/^E: .*$/gm) }).toEqual({ status: 0, errors: null });
  const events = machine.read('/var/log/appliance/eve.json')!.trim().split('\n');
  const alerts = events.map((event) => JSON.parse(event)).filter((event) => event.event_type === 'alert');
  expect(alerts).toEqual([
    expect.objectContaining({
      src_ip: client,
      dest_ip: server,
      alert: expect.objectContaining({ signature_id: 1_000_001 }),
      tunnel: expect.objectContaining({ src_ip: '10.3.248.200', dest_ip: appliance, dest_port: 6081 }),
    }),
  ]);
});
