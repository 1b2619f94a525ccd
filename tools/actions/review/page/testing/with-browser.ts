import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { findRoot } from '@platform/tools/workspace/find-root';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/**
 * Tests in a browser: the program that `CHROME_BIN` names, else Chromium or Chrome on the PATH, else the Chromium that npm
 * installs for Linux on x86-64. Without one they are skipped, and the reason is printed.
 * @param body declares the tests; the function that it gets returns the browser, inside tests and hooks only
 * @throws Error where there is none and `CHROME_BIN` names one, or `CI` is set: whoever sets them wants the tests
 */
export function withBrowser(body: (browser: () => Browser) => void): void {
  const program = findBrowser();
  if (!program) {
    const what = 'there is no Chromium or Chrome on the PATH; install one, or name it by CHROME_BIN';
    if (process.env['CI']) throw new Error(`tests in a browser: ${what}`);
    process.stderr.write(`SKIPPED, the tests in a browser: ${what}\n`);
  }
  (program ? describe : describe.skip)('in a browser', () => {
    let running: Browser | undefined;
    beforeAll(async () => {
      running = await chromium.launch({
        executablePath: program!,
        // Chromium's sandbox refuses root.
        args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
      });
    }, 60_000);
    afterAll(() => running?.close());
    body(() => running!);
  });
}

function findBrowser(): string | undefined {
  const wanted = process.env['CHROME_BIN'];
  const found = (wanted ? [wanted] : names).map(onPath).find((file) => file !== undefined);
  if (wanted && !found)
    throw new Error(`CHROME_BIN: "${wanted}" is not a program on the PATH; install it or unset the variable`);
  return found ?? packagedBrowser();
}

/** The Chromium of the package, unpacked once; nothing where it does not start, as without the libraries that it needs. */
function packagedBrowser(): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const folder = join(findRoot(__dirname), '.cache', 'browser');
  mkdirSync(folder, { recursive: true });
  const { stdout, status } = spawnSync(process.execPath, [join(__dirname, 'packaged-browser.mjs')], {
    env: { ...process.env, TMPDIR: folder },
    encoding: 'utf8',
  });
  if (status !== 0) return undefined;
  return spawnSync(stdout, ['--version']).status === 0 ? stdout : undefined;
}

function onPath(name: string): string | undefined {
  const files = name.includes('/')
    ? [name]
    : (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name));
  return files.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
