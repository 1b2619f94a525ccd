import { readWorkspaceFile } from '@platform/libs/stack/workspace-file';

/** Values for the start of instances. They may be references that are known after the apply only. */
export interface UserDataProps {
  /** Environment variables of the service, in capitals. */
  readonly variables: Readonly<Record<string, string>>;
  /** Log group of the service's log. */
  readonly logGroup: string;
  /** What is started. Default: the sample. */
  readonly runs?: 'sample' | 'image' | Archive;
}

/** An archive that the instance fetches. */
export interface Archive {
  readonly bucket: string;
  readonly key: string;
  readonly sha256: string;
  /** Command of systemd. */
  readonly start: string;
}

/**
 * The script of an instance's first start: it writes the service, starts it with systemd, and sends its log to
 * CloudWatch. The service needs only what Amazon Linux 2023 has. The script installs the log agent from the
 * distribution's repository, which is in S3 and reached through the gateway endpoint.
 *
 * The load balancer connects by TLS, with a certificate that each instance generates and that is not verified: it
 * encrypts the traffic, and security groups restrict who connects (Application Load Balancer guide, "Target groups").
 *
 * An archive is unpacked only with its digest. An image that starts its own service gets the variables and nothing else.
 *
 * EC2 accepts up to 16 KB (EC2 user guide, "User data"), here compressed; a test checks the size.
 */
export function userData({ variables, logGroup, runs = 'sample' }: UserDataProps): string {
  const environment = file(
    '/etc/app.env',
    Object.entries(variables).map(([name, value]) => `${name}=${value}`),
  );
  if (runs === 'image') return ['#!/bin/bash', 'set -eu', ...environment, ''].join('\n');
  return [
    '#!/bin/bash',
    'set -eu',
    'install -d /opt/app /var/log/app',
    ...(runs === 'sample'
      ? file('/opt/app/service.py', readWorkspaceFile('libs/app/service/service.py').trimEnd().split('\n'))
      : fetched(runs)),
    ...environment,
    `(umask 077; ${certificateCommand('/etc/app.pem')})`,
    ...file('/etc/systemd/system/app.service', unit(runs === 'sample' ? sampleStart : runs.start)),
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

/** Writes a new key and its certificate into one file. An instance lives for two months at most. */
export function certificateCommand(path: string): string {
  return `openssl req -x509 -newkey rsa:2048 -nodes -days 365 -subj /CN=app -keyout ${path} -out ${path}`;
}

const sampleStart = '/usr/bin/python3 -B /opt/app/service.py';

/** The bucket can be asked again while the network of a new instance comes up. */
function fetched({ bucket, key, sha256 }: Archive): string[] {
  return [
    `for attempt in 1 2 3 4 5; do aws s3 cp --only-show-errors 's3://${bucket}/${key}' /opt/app.tar.gz && break; sleep 5; done`,
    `echo '${sha256}  /opt/app.tar.gz' | sha256sum --check --quiet`,
    'tar -xzf /opt/app.tar.gz -C /opt/app --no-same-owner',
  ];
}

/** The reason to fail is written to RuntimeDirectory, which survives restarts of the service. */
const unit = (start: string) => [
  '[Unit]',
  'After=network-online.target',
  'Wants=network-online.target',
  '[Service]',
  'EnvironmentFile=/etc/app.env',
  'LoadCredential=certificate:/etc/app.pem',
  'Environment=CERTIFICATE=%d/certificate',
  `ExecStart=${start}`,
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

/** A here document that the shell does not expand. */
function file(path: string, lines: readonly string[]): string[] {
  return [`cat > ${path} <<'END_OF_FILE'`, ...lines, 'END_OF_FILE'];
}
