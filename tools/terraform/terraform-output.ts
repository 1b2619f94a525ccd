import {
  appendFileSync,
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import type { SupervisedOptions, SupervisedProcess } from './spawn-supervised';

/** What becomes of the output of a call. */
export interface Capture {
  /** The command line, as it stands in the log. */
  readonly command: string;
  readonly logFile: string | undefined;
  readonly onLine: ((line: string, stream: 'stdout' | 'stderr') => void) | undefined;
}

const OUTPUT_POLL_MS = 50;

/** Calls `onLine` for each whole line of what is written to it, and keeps the whole. */
class Lines {
  private readonly decoder = new StringDecoder('utf8');
  private readonly parts: string[] = [];
  private rest = '';

  constructor(private readonly onLine: (line: string) => void) {}

  write(chunk: Buffer): void {
    this.take(this.decoder.write(chunk));
  }

  finish(): string {
    this.take(this.decoder.end());
    if (this.rest !== '') this.onLine(this.rest);
    this.rest = '';
    return this.parts.join('');
  }

  private take(text: string): void {
    this.parts.push(text);
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop()!;
    for (const line of lines) this.onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
  }
}

/** Takes the output of one call: line by line to `onLine`, whole to the log and to the result. */
abstract class Output {
  protected readonly stdout: Lines;
  protected readonly stderr: Lines;

  constructor(protected readonly options: Capture) {
    this.stdout = new Lines((line) => options.onLine?.(line, 'stdout'));
    this.stderr = new Lines((line) => options.onLine?.(line, 'stderr'));
  }

  abstract spawnOptions(): Pick<SupervisedOptions, 'outputFiles' | 'orphanFolder'>;
  abstract follow(child: SupervisedProcess): void;
  abstract finish(): { stdout: string; stderr: string };
  abstract close(): void;

  protected openLog(path: string): number {
    // Logs name ids, addresses and what AWS answers.
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const log = openSync(path, 'a+', 0o600);
    writeSync(log, `$ ${this.options.command}\n`);
    return log;
  }
}

/** Output through pipes, copied to the log: for calls that die with this process anyway. */
export class PipedOutput extends Output {
  private readonly log = this.options.logFile === undefined ? undefined : this.openLog(this.options.logFile);

  override spawnOptions() {
    return {};
  }

  override follow(child: SupervisedProcess): void {
    child.stdout.on('data', (chunk: Buffer) => this.take(this.stdout, chunk));
    child.stderr.on('data', (chunk: Buffer) => this.take(this.stderr, chunk));
  }

  override finish() {
    return { stdout: this.stdout.finish(), stderr: this.stderr.finish() };
  }

  override close(): void {
    if (this.log !== undefined) closeSync(this.log);
  }

  private take(lines: Lines, chunk: Buffer): void {
    try {
      if (this.log !== undefined) writeSync(this.log, chunk);
    } catch {
      // A log on a full disk must not take the plan with it.
    }
    lines.write(chunk);
  }
}

/**
 * Output into files that this process reads along: a Terraform that is left alone writes "Interrupt received", and into
 * a broken pipe that would be its last word, before the state is written.
 */
export class FiledOutput extends Output {
  /** Only where there is no log to write beside. */
  private readonly scratch =
    this.options.logFile === undefined ? mkdtempSync(join(tmpdir(), 'terraform-output-')) : undefined;
  private readonly log = this.options.logFile ?? join(this.scratch!, 'log');
  /** Kept apart while the call runs, then appended to the log. After this process's death it stays beside the log. */
  private readonly errors = `${this.log}.stderr`;
  private readonly files = { stdout: this.openLog(this.log), stderr: this.openErrors() };
  private readonly read = { stdout: fstatSync(this.files.stdout).size, stderr: 0 };
  private readonly buffer = Buffer.allocUnsafe(64 * 1024);
  private timer: NodeJS.Timeout | undefined;

  override spawnOptions() {
    return { outputFiles: this.files, ...(this.scratch === undefined ? {} : { orphanFolder: this.scratch }) };
  }

  override follow(): void {
    this.timer = setInterval(() => this.catchUp(), OUTPUT_POLL_MS);
  }

  override finish() {
    this.catchUp();
    const result = { stdout: this.stdout.finish(), stderr: this.stderr.finish() };
    try {
      if (result.stderr !== '') writeSync(this.files.stdout, result.stderr);
    } catch {
      // Terraform has ended; how it went matters more than the log.
    }
    return result;
  }

  override close(): void {
    clearInterval(this.timer);
    closeSync(this.files.stdout);
    closeSync(this.files.stderr);
    rmSync(this.errors, { force: true });
    if (this.scratch !== undefined) rmSync(this.scratch, { recursive: true, force: true });
  }

  private openErrors(): number {
    if (existsSync(this.errors)) appendFileSync(this.log, readFileSync(this.errors));
    return openSync(this.errors, 'w+');
  }

  private catchUp(): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      for (;;) {
        const length = readSync(this.files[stream], this.buffer, 0, this.buffer.length, this.read[stream]);
        if (length === 0) break;
        this.read[stream] += length;
        this[stream].write(Buffer.from(this.buffer.subarray(0, length)));
      }
    }
  }
}
