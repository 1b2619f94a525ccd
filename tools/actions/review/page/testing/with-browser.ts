import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/**
 * Tests in a browser of this machine: the program that `CHROME_BIN` names, else Chromium or Chrome on the PATH. Without one they are
 * skipped, and the reason is printed.
 * @param body declares the tests; the function that it gets returns the browser, inside tests and hooks only
 * @throws Error where `CHROME_BIN` names no program: whoever sets it wants the tests
 */
export function withBrowser(body: (browser: () => Browser) => void): void {
  const program = findBrowser();
  if (!program) {
    process.stderr.write('SKIPPED, the tests in a browser: there is no Chromium or Chrome on the PATH; install one\n');
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
  return found;
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
