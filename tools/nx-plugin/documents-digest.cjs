/*
 * Prints one digest of every Markdown file that is no part of a dependency. `.nxignore` hides them from Nx, so that a
 * README changes no plan; tests that hold them to the code take this as an input, or their cached result would stand.
 */
const { createHash } = require('node:crypto');
const { readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const ignored = new Set(['node_modules', 'dist', 'cdktf.out', 'coverage']);
const digest = createHash('sha256');

(function add(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    const hidden = entry.name.startsWith('.') && entry.name !== '.github';
    if (entry.isDirectory() && !ignored.has(entry.name) && !hidden) add(path);
    else if (entry.isFile() && entry.name.endsWith('.md')) digest.update(`${path}\0`).update(readFileSync(path));
  }
})('.');
process.stdout.write(digest.digest('hex'));
