import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readWorkspaceFile } from '@platform/libs/stack/workspace-file';
import { certificateCommand, userData } from './user-data';

const script = userData({ variables: { PORT: '8080', REGION: 'us-east-1' }, logGroup: '/prod-app/service' });
const service = readWorkspaceFile('libs/app/service/service.py');

test('the compressed script fits the limit of EC2, with room for long references', () => {
  expect(gzipSync(script).length).toBeLessThan(16_384 - 2_000);
});

test('the instance gets the service unchanged', () => {
  expect(script).toContain(service.trimEnd());
});

test('the service contains no Terraform expression and no end of the shell here document', () => {
  expect(service).not.toMatch(/[$%]\{/);
  expect(service).not.toContain('END_OF_FILE');
});

test('the service gets its environment, and starts before anything is installed', () => {
  expect(script).toContain("cat > /etc/app.env <<'END_OF_FILE'\nPORT=8080\nREGION=us-east-1\nEND_OF_FILE");
  expect(script.indexOf('systemctl enable --now app')).toBeLessThan(script.indexOf('dnf install'));
});

test('the service has a certificate before it starts, readable by root only', () => {
  const made = script.indexOf(`(umask 077; ${certificateCommand('/etc/app.pem')})`);
  expect(made).toBeGreaterThan(0);
  expect(made).toBeLessThan(script.indexOf('systemctl enable --now app'));
  expect(script).toContain('LoadCredential=certificate:/etc/app.pem\nEnvironment=CERTIFICATE=%d/certificate\n');
});

test('the log goes to the given log group', () => {
  expect(script).toContain('"log_group_name":"/prod-app/service"');
});

describe('run by bash, in a folder as the root of the disk, without network', () => {
  const disk = mkdtempSync(join(tmpdir(), 'user-data-'));
  const below = (text: string) => text.replace(/(?<![\w/])\/(?=(opt|etc|var)\/)/g, `${disk}/`);
  const said = (dnf: number) => {
    const nobody = `systemctl() { echo "systemctl $*"; }; dnf() { echo "dnf $*"; return ${dnf}; }; amazon-cloudwatch-agent-ctl() { echo "agent $*"; }`;
    for (const folder of ['opt', 'etc/systemd/system', 'etc/logrotate.d', 'var/log'])
      mkdirSync(join(disk, folder), { recursive: true });
    const { status, stdout, stderr } = spawnSync('bash', ['-c', `${nobody}\n${below(script)}`], { encoding: 'utf8' });
    expect({ status, failed: status === 0 ? '' : stderr }).toEqual({ status: 0, failed: '' });
    return stdout.trim().split('\n');
  };
  afterAll(() => rmSync(disk, { recursive: true }));

  test('writes every file as intended, and starts the service before the agent', () => {
    const agent = `agent -a fetch-config -m ec2 -s -c file:${disk}/opt/app/agent.json`;
    const started = ['systemctl daemon-reload', 'systemctl enable --now app'];
    expect(said(0)).toEqual([...started, 'dnf install -y amazon-cloudwatch-agent', agent]);
    const read = (path: string) => readFileSync(join(disk, path), 'utf8');
    expect(read('opt/app/service.py')).toBe(below(service));
    expect(read('etc/app.env')).toBe('PORT=8080\nREGION=us-east-1\n');
    expect(read('etc/app.pem')).toMatch(/PRIVATE KEY[\s\S]*BEGIN CERTIFICATE/);
    expect(statSync(join(disk, 'etc/app.pem')).mode & 0o077).toBe(0);
    expect(JSON.parse(read('opt/app/agent.json'))).toHaveProperty('logs');
    expect(read('etc/systemd/system/app.service')).toContain('\n[Install]\nWantedBy=multi-user.target\n');
  });

  test('an agent that cannot be installed is no failure', () => {
    expect(said(1).at(-1)).toBe('dnf install -y amazon-cloudwatch-agent');
  });
});

test('an image that starts itself gets its variables and nothing else', () => {
  const given = userData({ variables: { PORT: '9000' }, logGroup: '/prod-shop/service', runs: 'image' });
  expect(given).toBe("#!/bin/bash\nset -eu\ncat > /etc/app.env <<'END_OF_FILE'\nPORT=9000\nEND_OF_FILE\n");
});

describe('an archive', () => {
  const archive = (content: string) => {
    const folder = mkdtempSync(join(tmpdir(), 'archive-'));
    const file = join(folder, 'app.tar.gz');
    spawnSync(
      'sh',
      ['-c', `mkdir -p in/bin && printf %s "$1" > in/bin/shop && tar -czf app.tar.gz -C in .`, 'sh', content],
      { cwd: folder },
    );
    return { folder, file, sha256: createHash('sha256').update(readFileSync(file)).digest('hex') };
  };
  const scriptFor = (sha256: string, start = '/opt/app/bin/shop --quiet') =>
    userData({
      variables: {},
      logGroup: '/prod-shop/service',
      runs: { bucket: 'acme-releases-us', key: 'shop/1.tar.gz', sha256, start },
    });

  test('is started by systemd, and the sample is neither written nor started', () => {
    const given = scriptFor('0'.repeat(64));
    expect(given).toContain('ExecStart=/opt/app/bin/shop --quiet');
    expect(given).not.toMatch(/service\.py|python/);
  });

  test.each([
    ['with its digest', 'right', 0],
    ['with another digest', 'wrong', 1],
  ] as const)('%s is unpacked, or the start ends: run for real', (_, kind, status) => {
    const { folder, file, sha256 } = archive('#!/bin/sh\n');
    const lines = scriptFor(kind === 'right' ? sha256 : '0'.repeat(64)).split('\n');
    const fetch = lines.filter((line) => /aws s3 cp|sha256sum|tar -xzf/.test(line)).join('\n');
    const inFolder = `aws() { cp '${file}' '${folder}/opt/app.tar.gz'; }\nset -eu\n${fetch.replaceAll('/opt/', `${folder}/opt/`)}`;
    mkdirSync(join(folder, 'opt/app'), { recursive: true });
    const ran = spawnSync('bash', ['-c', inFolder]);
    expect(ran.status).toBe(status);
    expect(existsSync(join(folder, 'opt/app/bin/shop'))).toBe(status === 0);
    rmSync(folder, { recursive: true });
  });
});
