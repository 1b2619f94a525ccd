import { gzipSync } from 'node:zlib';
import { readWorkspaceFile } from '@platform/libs/stack/workspace-file';
import { certificateCommand, userData } from './user-data';

const script = userData({ variables: { PORT: '8080', REGION: 'us-east-1' }, logGroup: '/prod-app/service' });
const service = readWorkspaceFile('libs/app/service/service.py');

test('the whole script fits into what EC2 takes when it is compressed, with room for long references', () => {
  expect(gzipSync(script).length).toBeLessThan(16_384 - 2_000);
});

test('the service goes to the instance as it stands in the repository', () => {
  expect(script).toContain(service.trimEnd());
});

test('nothing in the service is an expression for Terraform or an end of the document for the shell', () => {
  expect(service).not.toMatch(/[$%]\{/);
  expect(service).not.toContain('END_OF_FILE');
});

test('the service gets its environment, and starts before anything is installed', () => {
  expect(script).toContain("cat > /etc/app.env <<'END_OF_FILE'\nPORT=8080\nREGION=us-east-1\nEND_OF_FILE");
  expect(script.indexOf('systemctl enable --now app')).toBeLessThan(script.indexOf('dnf install'));
});

test('the service has a certificate before it starts, which only root reads from the disk', () => {
  const made = script.indexOf(`(umask 077; ${certificateCommand('/etc/app.pem')})`);
  expect(made).toBeGreaterThan(0);
  expect(made).toBeLessThan(script.indexOf('systemctl enable --now app'));
  expect(script).toContain('LoadCredential=certificate:/etc/app.pem\nEnvironment=CERTIFICATE=%d/certificate\n');
});

test('the log goes to the group that is given', () => {
  expect(script).toContain('"log_group_name":"/prod-app/service"');
});
