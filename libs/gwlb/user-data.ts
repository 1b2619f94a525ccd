import { readWorkspaceFile } from '@platform/libs/stack/workspace-file';

/** Values for the start of an appliance, all known at synth. */
export interface ApplianceUserDataProps {
  /** Log group of alerts, the first start and the systemd units. */
  readonly logGroup: string;
  /** https URL of the rules. */
  readonly rulesUrl: string;
  /** Networks that rules treat as internal. */
  readonly insideCidrs: readonly string[];
  /** TCP port of the health check. */
  readonly healthPort: number;
}

/**
 * The script of an appliance's first start: its settings and files, then `appliance/start.sh`.
 *
 * EC2 accepts up to 16 KB (EC2 user guide, "User data"); a test checks the size.
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
