import { once } from 'node:events';
import { spawnSupervised } from '@platform/tools/terraform/spawn-supervised';

/** What checkov says of one check on one block of one file. */
export interface CheckResult {
  readonly check: string;
  readonly title: string;
  readonly passed: boolean;
  /** From the folder that was scanned. */
  readonly file: string;
  readonly line: number;
  /** `resource.<logical id>`, or the address, depending on how the check is written. */
  readonly block: string;
}

/**
 * Lets checkov look at every `*.tf.json` below a folder. Nothing leaves the machine: no platform, no question for a newer
 * version. Settings of the user and of the process do not count, so that everybody finds the same.
 * @param python Python of the environment that checkov is installed in
 * @throws Error with its last words when it does not answer or could not read a file
 */
export async function runCheckov(python: string, folder: string): Promise<readonly CheckResult[]> {
  const args = ['-m', 'checkov.main', '--directory', '.', '--framework', 'terraform_json', '--skip-download'];
  const child = spawnSupervised(python, [...args, '--output', 'json', '--compact'], {
    // A `.checkov.yaml` in the working folder of the caller or at home could skip checks.
    cwd: folder,
    env: {
      ...Object.fromEntries(['PATH', 'TMPDIR'].map((name) => [name, process.env[name]])),
      HOME: folder,
      CKV_SKIP_PACKAGE_UPDATE_CHECK: 'true',
      PYTHONUTF8: '1',
    },
    orphanSignal: 'KILL',
  });
  const read = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  child.stdout.on('data', (chunk: Buffer) => read.stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => read.stderr.push(chunk));
  await once(child, 'close');
  try {
    return readResults(Buffer.concat(read.stdout).toString());
  } catch (error) {
    const last = Buffer.concat(read.stderr).toString().trim().split('\n').slice(-5).join('\n  ');
    throw new Error(`checkov: ${(error as Error).message}; its last words:\n  ${last}`, { cause: error });
  }
}

interface CheckovJson {
  readonly results?: {
    readonly passed_checks: readonly CheckovRecord[];
    readonly failed_checks: readonly CheckovRecord[];
    readonly parsing_errors: readonly string[];
  };
}

interface CheckovRecord {
  readonly check_id: string;
  readonly check_name: string;
  readonly file_path: string;
  readonly file_line_range: readonly [number, number];
  readonly resource: string;
}

/** @throws Error when the output is not a report of the whole folder */
export function readResults(output: string): readonly CheckResult[] {
  let json: CheckovJson;
  try {
    json = JSON.parse(output) as CheckovJson;
  } catch {
    throw new Error('it printed no report');
  }
  // Where it found no files, it prints counts only.
  if (!json.results) throw new Error('it found no files');
  const { passed_checks: passed, failed_checks: failed, parsing_errors: unread = [] } = json.results;
  if (unread.length > 0) throw new Error(`it could not read ${unread.join(', ')}`);
  const read = (record: CheckovRecord, good: boolean): CheckResult => ({
    check: record.check_id,
    title: record.check_name,
    passed: good,
    file: record.file_path.replace(/^\/+/, ''),
    line: record.file_line_range[0],
    block: record.resource,
  });
  return [...passed.map((record) => read(record, true)), ...failed.map((record) => read(record, false))];
}
