import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { sha256 } from './file-digests';

export interface ContentCacheOptions {
  /** Folder of the entries, one file each; made with the first entry. */
  readonly folder: string;
  /** Size in bytes at which the entries that were not used for longest are removed. Default 256 MiB. */
  readonly limitBytes?: number;
}

/** Digest of 32 bytes in hexadecimal digits, then the compressed text that has it. */
const DIGEST_LENGTH = 64;

/** Share of the limit that is left after entries were removed, so that not every new entry removes one. */
const KEPT = 0.8;

/** Drafts of runs that were killed are removed after this time. */
const DRAFT_MS = 3_600_000;

/**
 * Texts by the digest of everything that they depend on. Several processes may use a folder at once: an entry
 * appears as a whole. An entry that cannot be read counts as missing. A folder that cannot be written keeps no entries.
 */
export class ContentCache {
  private readonly folder: string;
  private readonly limitBytes: number;

  constructor({ folder, limitBytes = 256 * 1024 * 1024 }: ContentCacheOptions) {
    this.folder = folder;
    this.limitBytes = limitBytes;
  }

  /** The text of a key; undefined where there is none, or one that is damaged. */
  get(key: string): string | undefined {
    const path = this.pathOf(key);
    try {
      const bytes = readFileSync(path);
      const text = inflateRawSync(bytes.subarray(DIGEST_LENGTH)).toString();
      if (sha256(`${key}\n${text}`) !== bytes.toString('latin1', 0, DIGEST_LENGTH)) throw new Error('damaged');
      const now = new Date();
      utimesSync(path, now, now);
      return text;
    } catch {
      return undefined;
    }
  }

  /** Keeps a text. */
  put(key: string, text: string): void {
    try {
      mkdirSync(this.folder, { recursive: true });
    } catch {
      return;
    }
    const draft = join(this.folder, `${randomUUID()}.draft`);
    try {
      writeFileSync(
        draft,
        Buffer.concat([Buffer.from(sha256(`${key}\n${text}`), 'latin1'), deflateRawSync(text, { level: 1 })]),
        // Plans can hold values that are sensitive.
        { mode: 0o600 },
      );
      renameSync(draft, this.pathOf(key));
      this.shrink();
    } catch {
      rmSync(draft, { force: true });
    }
  }

  private pathOf(key: string): string {
    return join(this.folder, `${sha256(key)}.deflate`);
  }

  /** Removes what was not used for longest. Another process may remove the same. */
  private shrink(): void {
    const entries = readdirSync(this.folder).flatMap((name) => {
      const stats = statSync(join(this.folder, name), { throwIfNoEntry: false });
      return stats ? [{ path: join(this.folder, name), bytes: stats.size, used: stats.mtimeMs }] : [];
    });
    for (const { path, used } of entries) {
      if (path.endsWith('.draft') && used < Date.now() - DRAFT_MS) rmSync(path, { force: true });
    }
    let total = entries.reduce((sum, { bytes }) => sum + bytes, 0);
    if (total <= this.limitBytes) return;
    for (const { path, bytes } of entries.sort((a, b) => a.used - b.used)) {
      if (total <= this.limitBytes * KEPT) return;
      rmSync(path, { force: true });
      total -= bytes;
    }
  }
}
