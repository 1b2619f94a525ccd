import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/** Folders of a machine that the appliance's files name. */
const machineFolders = /(?<![\w$}])\/(etc|var|opt|usr\/local|proc\/net)\//g;

/** `test` for scripts of an appliance: they need Linux commands. */
export const onLinux = process.platform === 'linux' ? test : test.skip;

/**
 * Runs the files of a `libs/gwlb` appliance in a folder instead of a machine, with programs that only record their
 * calls.
 */
export class ApplianceSandbox {
  readonly folder = mkdtempSync(join(tmpdir(), 'appliance-'));
  private readonly calls = this.path('/calls');

  constructor() {
    for (const folder of ['sysctl.d', 'systemd/system', 'logrotate.d', 'suricata']) this.make(`/etc/${folder}`);
    for (const folder of ['/usr/local/sbin', '/var/lib/suricata/rules', '/bin', '/tmp']) this.make(folder);
  }

  /** Path of a file of the machine. */
  path(file: string): string {
    return join(this.folder, file);
  }

  write(file: string, text: string): string {
    this.make(dirname(file));
    writeFileSync(this.path(file), text);
    return this.path(file);
  }

  read(file: string): string | undefined {
    return existsSync(this.path(file)) ? readFileSync(this.path(file), 'utf8') : undefined;
  }

  /** A file of the appliance, with the folders of this machine in it. */
  moved(text: string): string {
    return text.replace(machineFolders, `${this.folder}/$1/`);
  }

  /** A program that records its call, then runs a line of shell. */
  program(name: string, body = ''): void {
    const file = this.write(`/bin/${name}`, `#!/bin/bash\necho "${name} $*" >> '${this.calls}'\n${body}\n`);
    chmodSync(file, 0o755);
  }

  run(script: string): { readonly status: number | null; readonly output: string } {
    const { status, stdout, stderr } = spawnSync('bash', [this.write('/tmp/script', this.moved(script))], {
      encoding: 'utf8',
      env: { ...process.env, ...this.environment },
    });
    return { status, output: stdout + stderr };
  }

  /** Programs of this machine come first on PATH, and it has its own temporary folder. */
  get environment(): Record<string, string> {
    return { PATH: this.path('/bin') + delimiter + process.env['PATH'], TMPDIR: this.path('/tmp') };
  }

  /** Recorded calls, in order. */
  get called(): string[] {
    return (this.read('/calls') ?? '').split('\n').filter(Boolean);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  private make(folder: string): void {
    mkdirSync(this.path(folder), { recursive: true });
  }
}
