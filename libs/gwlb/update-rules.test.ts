import { readdirSync } from 'node:fs';
import { readWorkspaceFile } from '@platform/libs/stack/workspace-file';
import { ApplianceSandbox, onLinux } from '@platform/libs/testing/appliance-sandbox';

const script = readWorkspaceFile('libs/gwlb/appliance/update-rules.sh');
const rules = '/var/lib/suricata/rules/suricata.rules';
let machine: ApplianceSandbox;

/** Its output folder is the option's value. Without --fail it treats a failed download as an empty rule set. */
const fetched = (text: string | undefined) => `
while [ "$1" != --output ]; do [ "$1" = --fail ] && fail=1; shift; done
${text === undefined ? '[ -z "${fail-}" ] || exit 1' : ''}
mkdir -p "$2/datasets"; echo '${text ?? 'distribution'}' > "$2/suricata.rules"; echo hash > "$2/datasets/list"`;

beforeEach(() => {
  machine = new ApplianceSandbox();
  machine.write('/etc/suricata/rules-url', 'https://example.com/a.rules');
  machine.write(rules, 'before\n');
  machine.program('systemctl');
  machine.program('suricata', 'for last; do :; done; ! grep unparsable "${last#default-rule-path=}/suricata.rules"');
});
afterEach(() => machine.remove());

const reloads = () => machine.called.filter((call) => call.startsWith('systemctl kill --signal=USR2'));

onLinux('rules that parse replace the previous ones, with the files beside them', () => {
  machine.program('suricata-update', fetched('after'));
  expect(machine.run(script).status).toBe(0);
  expect(machine.read(rules)).toBe('after\n');
  expect(machine.read('/var/lib/suricata/rules/datasets/list')).toBe('hash\n');
  expect(reloads()).toHaveLength(1);
  expect(machine.run(script).status).toBe(0);
  expect(readdirSync(machine.path('/var/lib/suricata')).sort()).toEqual(['rules', 'rules.before']);
});

onLinux('a rule that does not parse keeps the previous rules, and is not retried at once', () => {
  machine.program('suricata-update', fetched('unparsable'));
  const { status, output } = machine.run(script);
  expect(status).toBe(3);
  expect(output).toContain('https://example.com/a.rules: Suricata rejects these rules; the previous rules stay');
  expect(machine.read(rules)).toBe('before\n');
  expect(reloads()).toEqual([]);
  expect(readWorkspaceFile('libs/gwlb/appliance/start.sh')).toContain('\nRestartPreventExitStatus=3\n');
});

onLinux('the first time there are none of before: what parses is better', () => {
  machine.write(rules, '');
  machine.program('suricata-update', fetched('unparsable'));
  expect(machine.run(script).status).toBe(0);
  expect(machine.read(rules)).toBe('unparsable\n');
});

onLinux('rules that cannot be downloaded keep the previous rules, and are retried', () => {
  machine.program('suricata-update', fetched(undefined));
  expect(machine.run(script).status).toBe(1);
  expect(machine.read(rules)).toBe('before\n');
  expect(readdirSync(machine.path('/var/lib/suricata'))).toEqual(['rules']);
});
