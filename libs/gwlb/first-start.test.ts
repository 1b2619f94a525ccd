import { ApplianceSandbox, onLinux } from '@platform/libs/testing/appliance-sandbox';
import { applianceUserData } from './user-data';

/* Runs the whole script of the first start, with system programs that only record how they are called. */
const script = applianceUserData({
  logGroup: '/prod-inspection/alerts',
  rulesUrl: 'https://example.com/%20emerging.rules.tar.gz',
  insideCidrs: ['10.0.0.0/8'],
  healthPort: 8080,
});
const units = ['appliance-return', 'suricata-appliance', 'update-rules.timer', 'appliance-health'];
let machine: ApplianceSandbox;

beforeEach(() => {
  machine = new ApplianceSandbox();
  machine.program(
    'ip',
    '[[ $* == *route* ]] && echo default via 10.3.248.1 dev ens5 || echo 2: ens5 inet 10.3.248.9/24',
  );
  for (const name of ['dnf', 'sleep', 'sysctl', 'systemctl', 'amazon-cloudwatch-agent-ctl']) machine.program(name);
  machine.program('suricata');
  machine.program('suricata-update', 'mkdir -p "${@: -5:1}"; echo rule > "${@: -5:1}/suricata.rules"');
});
afterEach(() => machine.remove());

const starts = () => machine.called.flatMap((call) => /^systemctl start ([\w.-]+)$/.exec(call)?.[1] ?? []);

onLinux('starts every unit, now and with the machine, and fetches the rules first', () => {
  const { status, output } = machine.run(script);
  expect({ status, output }).toEqual({ status: 0, output: expect.not.stringContaining('user data') });
  expect(starts()).toEqual(units);
  for (const unit of units) expect(machine.called).toContain(`systemctl enable ${unit}`);
  expect(machine.read('/var/lib/suricata/rules/suricata.rules')).toBe('rule\n');
  expect(machine.called.find((call) => call.startsWith('suricata-update'))).toMatch(
    / --url https:\/\/example\.com\/%20emerging\.rules\.tar\.gz$/,
  );
});

onLinux('has its logs collected before anything of it can fail', () => {
  machine.run(script);
  const agent = machine.called.findIndex((call) => call.startsWith('amazon-cloudwatch-agent-ctl'));
  expect(machine.called.slice(0, agent).filter((call) => /^(systemctl|suricata)/.test(call))).toEqual([]);
  const collected = JSON.parse(machine.read('/opt/appliance/agent.json')!).logs.logs_collected.files.collect_list;
  const files = collected.map(({ file_path }: { file_path: string }) => file_path.replace(machine.folder, ''));
  expect(files).toEqual(['eve.json', 'units.log', '../cloud-init-output.log'].map((name) => logFile(name)));
  for (const unit of ['suricata-appliance', 'update-rules', 'appliance-health']) {
    expect(machine.read(`/etc/systemd/system/${unit}.service`)).toContain(
      `StandardOutput=append:${machine.folder}/var/log/appliance/units.log\n`,
    );
  }
});

const logFile = (name: string) => new URL(name, 'file:///var/log/appliance/').pathname;

onLinux.each([
  ['a unit that does not start', 'systemctl', '[ "$1 $2" != "start suricata-appliance" ]', 1],
  ['rules that cannot be fetched', 'suricata-update', 'exit 1', 0],
  ['logs that cannot be collected', 'amazon-cloudwatch-agent-ctl', 'exit 1', 0],
])('%s leaves the others alone', (_, program, body, expected) => {
  machine.program(program, body);
  const { status, output } = machine.run(script);
  expect(status).toBe(expected);
  expect(starts()).toEqual(units);
  if (program === 'systemctl') {
    expect(output).toContain('user data: these units did not start: suricata-appliance\n');
    expect(machine.called).toContain('systemctl status --no-pager --full suricata-appliance');
  }
  if (program === 'suricata-update')
    expect(machine.called).toContain('systemctl start --no-block update-rules.service');
});

onLinux('says what it ended on', () => {
  machine.program('sysctl', 'exit 255');
  expect(machine.run(script)).toMatchObject({
    status: 255,
    output: expect.stringMatching(/user data, line \d+: sysctl -p .*appliance\.conf: failed with 255/),
  });
  machine.program('dnf', '[[ $* != *nftables* ]]');
  expect(machine.run(script)).toMatchObject({
    status: 1,
    output: expect.stringContaining('user data: nftables ethtool logrotate cannot be installed\n'),
  });
});

onLinux(
  'Suricata starts whatever others write into their rules, and needs nothing that is gone when the machine starts again',
  () => {
    machine.run(script);
    const unit = machine.read('/etc/systemd/system/suricata-appliance.service')!;
    expect(unit.match(/^Exec.*$/gm)).toEqual([
      `ExecStart=/usr/bin/env suricata -c ${machine.path('/etc/suricata/appliance.yaml')} --af-packet`,
    ]);
    expect(script).not.toMatch(/\/run\//);
    expect(machine.read('/etc/systemd/system/appliance-return.service')).toContain('ethtool -K ens5 gro off lro off\n');
  },
);
