import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const tools = join(__dirname, '..');

/** Commands that are refused without a target: what is printed of them has to name it. */
const unfinished = /npm run (?:bootstrap|state|deploy|drift|reconcile|rollout|destroy)\b(?!.*--target)/;

test('a printed command that touches something real names its target, so that it can be pasted', () => {
  const sources = readdirSync(tools, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.includes('testing') && !/^bench\b/.test(name),
  );
  const found = sources.flatMap((name) =>
    readFileSync(join(tools, name), 'utf8')
      .split('\n')
      .filter((line) => !/^\s*(\*|\/\*\*|\/\/)/.test(line) && unfinished.test(line))
      .map((line) => `${name}: ${line.trim()}`),
  );
  expect(found).toEqual([]);
});
