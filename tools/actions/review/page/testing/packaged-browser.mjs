/*
 * Unpacks the Chromium of the package @sparticuz/chromium and prints its path. The package unpacks into the folder for
 * temporary files, so the caller sets TMPDIR. Not in the test itself: Jest does not load the package.
 */
import chromium from '@sparticuz/chromium';

process.stdout.write(await chromium.executablePath());
