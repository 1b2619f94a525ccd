import { readWorkspaceFile } from '@platform/libs/stack/workspace-file';

/** What an appliance is told when it starts. Everything is known at synth. */
export interface ApplianceUserDataProps {
  /** Log group of alerts, the first start and the units. */
  readonly logGroup: string;
  /** https address of rules. */
  readonly rulesUrl: string;
  /** Networks that rules call inside. */
  readonly insideCidrs: readonly string[];
  /** TCP port of the health check. */
  readonly healthPort: number;
}

/**
 * The script of an appliance's first start: `appliance/start.sh` with its settings and files before it.
 *
 * EC2 takes 16 KB (EC2 user guide, "User data"); a test holds it below.
 */
export function applianceUserData({ logGroup, rulesUrl, insideCidrs, healthPort }: ApplianceUserDataProps): string {
  const file = (name: string) => readWorkspaceFile(`libs/gwlb/appliance/${name}`).trimEnd();
  return [
    '#!/bin/bash',
    `log_group='${logGroup}'`,
    `rules_url='${rulesUrl}'`,
    `inside='[${insideCidrs.join(',')}]'`,
    `health_port=${healthPort}`,
    'files=$(mktemp -d)',
    ...['suricata.yaml', 'estate.rules', 'update-rules.sh', 'health.py'].flatMap((name) => [
      `cat > "$files/${name}" <<'END_OF_FILE'`,
      file(name),
      'END_OF_FILE',
    ]),
    file('start.sh'),
    '',
  ].join('\n');
}
