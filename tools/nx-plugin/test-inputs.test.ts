import { readdirSync, readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { findRoot } from '@platform/tools/workspace/find-root';

/* A test whose inputs leave out what it reads is green from the cache while what it looks at is broken. */

const tools = join(findRoot(__dirname), 'tools');

function testsBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return testsBelow(path);
    return entry.name.endsWith('.test.ts') ? [readFileSync(path, 'utf8')] : [];
  });
}

function testInputsOf(folder: string): unknown[] {
  const path = join(tools, folder, 'project.json');
  if (!existsSync(path)) return [];
  const project = JSON.parse(readFileSync(path, 'utf8')) as { targets: { test?: { inputs: unknown[] } } };
  return project.targets.test?.inputs ?? [];
}

const tests = new Map(readdirSync(tools).map((folder) => [folder, testsBelow(join(tools, folder)).join('\n')]));
const readsDocuments = /'[^']*\.md'\), 'utf8'|'docs', '|runbookCommands|follow\('/;
const whose = (pattern: RegExp) => [...tests].filter(([, text]) => pattern.test(text)).map(([folder]) => folder);

const readsEstate =
  /^import .*(load-estate|synth\/synth|preview-estate|grown-workspace|start-cli|run-command|infra\.config)/m;

test.each(whose(readsEstate))('the tests of %s have the estate among their inputs', (folder) => {
  expect(testInputsOf(folder)).toContain('estate');
});

test.each(whose(readsDocuments))('the tests of %s have the documents among their inputs', (folder) => {
  expect(testInputsOf(folder)).toContain('documents');
});

test('both kinds are found', () => {
  expect(whose(readsEstate).length).toBeGreaterThan(5);
  expect(whose(readsDocuments)).toEqual(expect.arrayContaining(['owners', 'state', 'testing', 'cli']));
});

test('what a shell chooses is no input, and no test sees it', () => {
  const choices = ['PLATFORM_ENVIRONMENT', 'PLATFORM_LEVEL', 'PLATFORM_MODE', 'PLATFORM_TARGET'];
  for (const name of choices) process.env[name] = 'chosen';
  jest.isolateModules(() => jest.requireActual('../../jest.preset.cjs'));
  expect(choices.filter((name) => name in process.env)).toEqual([]);
});
