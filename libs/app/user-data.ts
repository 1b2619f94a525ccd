import { readWorkspaceFile } from '@platform/libs/stack/workspace-file';

/** What instances are told when they start. Values may be references that are known after the apply only. */
export interface UserDataProps {
  /** Environment of the service: names in capitals. */
  readonly variables: Readonly<Record<string, string>>;
  /** Log group that the service's log goes to. */
  readonly logGroup: string;
}

/**
 * The script that an instance runs at its first start: it writes the service, starts it under systemd, and sends its log to
 * CloudWatch. The service needs nothing that Amazon Linux 2023 does not have; only the log's agent is installed, from
 * the distribution's repository, which lies in S3 and is reached through the gateway endpoint.
 *
 * The balancer speaks TLS to it, with a certificate that each instance makes for itself and nobody checks: it keeps what
 * passes from being read, and the security groups say who may ask (Application Load Balancer guide, "Target groups").
 *
 * EC2 takes 16 KB (EC2 user guide, "User data"), here of a compressed script; a test holds it below.
 */
export function userData({ variables, logGroup }: UserDataProps): string {
  const environment = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  return [
    '#!/bin/bash',
    'set -eu',
    'install -d /opt/app /var/log/app',
    ...file('/opt/app/service.py', readWorkspaceFile('libs/app/service/service.py').trimEnd().split('\n')),
    ...file('/etc/app.env', environment),
    `(umask 077; ${certificateCommand('/etc/app.pem')})`,
    ...file('/etc/systemd/system/app.service', unit),
    ...file('/etc/logrotate.d/app', ['/var/log/app/*.log { size 20M', 'rotate 2', 'copytruncate', 'missingok', '}']),
    'systemctl daemon-reload',
    'systemctl enable --now app',
    '# The service does not wait for its log, nor depend on it.',
    'dnf install -y amazon-cloudwatch-agent || exit 0',
    ...file('/opt/app/agent.json', [JSON.stringify(agent(logGroup))]),
    'amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s -c file:/opt/app/agent.json',
    '',
  ].join('\n');
}

/** Writes a new key and its certificate into one file. Instances live for a month. */
export function certificateCommand(path: string): string {
  return `openssl req -x509 -newkey rsa:2048 -nodes -days 365 -subj /CN=app -keyout ${path} -out ${path}`;
}

/** RuntimeDirectory is where the reason to fail is written; it is kept over restarts of the service. */
const unit = [
  '[Unit]',
  'After=network-online.target',
  'Wants=network-online.target',
  '[Service]',
  'EnvironmentFile=/etc/app.env',
  'LoadCredential=certificate:/etc/app.pem',
  'Environment=CERTIFICATE=%d/certificate',
  'ExecStart=/usr/bin/python3 -B /opt/app/service.py',
  'DynamicUser=yes',
  'RuntimeDirectory=app',
  'RuntimeDirectoryPreserve=yes',
  'StandardOutput=append:/var/log/app/service.log',
  'StandardError=inherit',
  'Restart=always',
  'RestartSec=2',
  'ProtectSystem=strict',
  'ProtectHome=yes',
  'NoNewPrivileges=yes',
  'PrivateDevices=yes',
  '[Install]',
  'WantedBy=multi-user.target',
];

function agent(logGroup: string) {
  return {
    agent: { run_as_user: 'root' },
    logs: {
      logs_collected: {
        files: {
          collect_list: [
            {
              file_path: '/var/log/app/service.log',
              log_group_name: logGroup,
              log_stream_name: '{instance_id}',
            },
          ],
        },
      },
    },
  };
}

/** A here document that the shell leaves as it is. */
function file(path: string, lines: readonly string[]): string[] {
  return [`cat > ${path} <<'END_OF_FILE'`, ...lines, 'END_OF_FILE'];
}
