import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reviewPlans } from './review-plans';
import { runCheckers } from './run-checkers';

const folder = mkdtempSync(join(tmpdir(), 'run checkers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const plan = {
  format_version: '1.2',
  terraform_version: '1.11.4',
  resource_changes: [
    {
      address: 'aws_ssm_parameter.Key',
      mode: 'managed',
      type: 'aws_ssm_parameter',
      name: 'Key',
      provider_name: 'registry.terraform.io/hashicorp/aws',
      change: {
        actions: ['create'],
        before: null,
        after: { value: 'hidden-secret-value' },
        after_unknown: {},
        before_sensitive: false,
        after_sensitive: { value: true },
      },
    },
  ],
};
const plans = ['a', 'b'].map((stack) => {
  const file = join(folder, `${stack}.json`);
  writeFileSync(file, JSON.stringify(plan));
  return { stack, region: 'us', owner: 'network', file };
});
const check = (command: string, timeoutSec = 20) =>
  runCheckers({ root: folder, commands: [command], plans, timeoutSec });
/** A command that prints this, whatever it reads. */
const printing = (document: unknown) => {
  writeFileSync(join(folder, 'printed'), typeof document === 'string' ? document : JSON.stringify(document));
  return 'cat > /dev/null; cat printed';
};
const sarif = (...results: object[]) => ({
  version: '2.1.0',
  runs: [{ tool: { driver: { name: 'x', rules: [{ id: 'R', defaultConfiguration: { level: 'error' } }] } }, results }],
});

it('maps the levels of SARIF, and leaves out what passed or is suppressed', async () => {
  const message = { text: 'says so' };
  const results = [
    {
      ruleId: 'A',
      level: 'error',
      message,
      locations: [{ logicalLocations: [{ fullyQualifiedName: 'aws_vpc.Network' }] }],
    },
    { ruleId: 'B', level: 'warning', message },
    { ruleId: 'C', level: 'note', message },
    { ruleId: 'D', level: 'none', message },
    { ruleId: 'E', message },
    { ruleId: 'R', message },
    { ruleId: 'F', level: 'error', kind: 'pass', message },
    { ruleId: 'G', level: 'error', suppressions: [{ kind: 'inSource' }], message },
  ];
  // Checkers exit with 1 where they find something.
  const found = await check(`${printing(sarif(...results))}; exit 1`);
  expect(found.filter(({ where }) => where.stack === 'a').map(({ rule, level }) => `${rule} ${level}`)).toEqual([
    'checker/A block',
    'checker/B warn',
    'checker/C note',
    'checker/E warn',
    'checker/R block',
  ]);
  expect(found[0]).toMatchObject({ what: 'says so', where: { address: 'aws_vpc.Network' }, owner: 'network' });
});

it('gives the plan on stdin and as a file, and masks its secrets', async () => {
  const program = `let s='';process.stdin.on('data',d=>s+=d).on('end',()=>{const r=JSON.parse(s).resource_changes[0];console.log(JSON.stringify({runs:[{results:[{ruleId:process.env.PLATFORM_STACK,message:{text:r.change.after.value+(require('fs').readFileSync(process.env.PLATFORM_PLAN,'utf8')===s)}}]}]}))})`;
  writeFileSync(join(folder, 'checker.cjs'), program);
  const found = await check(`"${process.execPath}" checker.cjs`);
  expect(found.map(({ rule, what }) => `${rule} ${what}`)).toEqual([
    'checker/a (sensitive)true',
    'checker/b (sensitive)true',
  ]);
});

it.each([
  ['a program that does not exist', 'no-such-checker', /exit code 127/],
  ['a failure', 'cat > /dev/null; echo broken >&2; exit 3', /exit code 3, broken/],
  ['garbage', 'cat > /dev/null; echo "<html>"', /prints no SARIF/],
  ['other JSON', 'cat > /dev/null; echo \'{"runs":[{"results":7}]}\'', /prints no SARIF/],
  ['silence', 'true', /prints no SARIF/],
])('gives one finding for %s, which blocks', async (_, command, why) => {
  const found = await check(command);
  expect(found).toEqual([
    expect.objectContaining({ rule: 'checker-failed', level: 'block', what: expect.stringMatching(why) }),
  ]);
  expect(found[0]!.what).toContain('failed on a, b: ');
});

it('ends a checker that hangs, with all that it started, and says so once', async () => {
  const started = Date.now();
  const found = await check('sleep 60 & sleep 60; wait', 1);
  expect(found).toEqual([expect.objectContaining({ what: expect.stringContaining('did not end within 1 s') })]);
  expect(Date.now() - started).toBeLessThan(20_000);
});

it('blocks the review, and its findings are in it', async () => {
  const files = plans.map(({ file }) => file);
  const checked = await check(printing(sarif({ ruleId: 'A', level: 'error', message: { text: 'says so' } })));
  const review = reviewPlans({ files, folder, checked });
  expect(review.verdict).toBe('blocked');
  expect(review.findings[0]).toMatchObject({ rule: 'checker/A' });
  expect(reviewPlans({ files, folder }).verdict).toBe('changes');
});
