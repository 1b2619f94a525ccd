import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import ts from 'typescript';
import { mapEstate } from '@platform/tools/actions/map/map-estate';
import { useExampleWorkspace } from '@platform/e2e/fixtures/example-workspace';
import type { EstateMap } from '@platform/tools/model/estate-map';
import type { Review } from '@platform/tools/model/review';
import { renderPage } from './render-page';
import { growMap, reviewOf, type Wanted } from './testing/large-review';
import { withBrowser } from './testing/with-browser';

const root = useExampleWorkspace();
let map: EstateMap;
let review: Review;
beforeAll(() => {
  map = mapEstate({ root, environment: 'prod', whatIf: { level: 'inspected' } });
  review = reviewOf(map, changes, findings);
});

/** What a page must show as text: each would do something if it were read as HTML. */
const hostile = '</script><img src="https://example.com/x.png" onerror="document.title=1">';
const cluster = 'aws_rds_cluster.Database_Cluster_C6094C50';
const changes: Readonly<Record<string, Wanted>> = {
  'region-us-aurora': {
    resources: [
      {
        address: cluster,
        type: 'aws_rds_cluster',
        action: 'replace',
        forcedBy: ['kms_key_id'],
        stateful: 'a database',
        changes: [
          {
            path: 'kms_key_id',
            before: 'arn:old',
            after: '(known after apply)',
            marks: ['forces replacement', 'unknown'],
          },
          { path: 'master_password', before: '(sensitive)', after: '(sensitive)', marks: ['sensitive'] },
        ],
      },
      { address: 'aws_rds_cluster_instance.Database_InstanceB_A92267F9', action: 'delete' },
    ],
  },
  'region-us-vpc': {
    resources: [
      {
        address: 'aws_subnet.Vpc_App_Subnet3_00000000',
        action: 'create',
        changes: [{ path: 'tags', before: null, after: hostile, marks: [] }],
      },
    ],
  },
  'shared-tgw-link-us-ap': {
    resources: [
      { address: 'aws_ec2_transit_gateway_route.One', action: 'create' },
      { address: 'aws_ec2_transit_gateway_route.Two', action: 'delete' },
    ],
  },
};
const findings = [
  {
    rule: 'stateful-replace',
    level: 'block',
    what: 'The database is replaced.',
    why: 'Its data is lost.',
    remedy: 'Keep the key.',
    where: { stack: 'region-us-aurora', address: cluster, argument: 'kms_key_id' },
  },
] as const;

it('allows exactly the script and the style that it has', () => {
  const html = renderPage(review, map);
  const digest = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  const script = /<script>(.*?)<\/script>/s.exec(html)![1]!;
  const style = /<style>(.*?)<\/style>/s.exec(html)![1]!;
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)![1]!;
  expect(policy).toContain(`default-src 'none'; script-src ${digest(script)}; style-src ${digest(style)};`);
  expect(html.match(/<\/script>/g)).toHaveLength(2);
});

it('has nothing to load', () => {
  const html = renderPage(reviewOf(map, {}), map);
  expect(html).not.toMatch(/\b(?:src|srcset)=|<link|@import|url\(/);
});

it('has no inventory, which only other tools read', () => {
  const stacks = review.stacks.map((stack) => ({
    ...stack,
    inventory: [{ address: 'aws_vpc.InventoryOnly', type: 'aws_vpc' }],
  }));
  expect(renderPage({ ...review, stacks }, map)).not.toContain('InventoryOnly');
});

it('has a front end without type errors', () => {
  const folder = join(__dirname, 'client');
  const config = ts.getParsedCommandLineOfConfigFile(join(folder, 'tsconfig.json'), undefined, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: ({ messageText }) => {
      throw new Error(ts.flattenDiagnosticMessageText(messageText, '\n'));
    },
  })!;
  const program = ts.createProgram(config.fileNames, config.options);
  const said = ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
  expect(config.fileNames.length).toBeGreaterThan(3);
  expect(said).toEqual([]);
}, 60_000);

withBrowser((browser) => {
  const folder = mkdtempSync(join(tmpdir(), 'review page-'));
  const pages: Page[] = [];
  afterEach(async () => {
    await Promise.all(pages.splice(0).map((page) => page.close()));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Opens a page; fails the test where it says something on the console or asks the network for anything. */
  async function open(html: string, options: Parameters<Browser['newPage']>[0] = {}): Promise<Page> {
    const file = join(folder, 'index.html');
    writeFileSync(file, html);
    const page = await browser().newPage({ viewport: { width: 1280, height: 900 }, ...options });
    pages.push(page);
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(error.message));
    page.on('request', (request) => request.url().startsWith('file:') || said.push(request.url()));
    await page.goto(pathToFileURL(file).href);
    expect(said).toEqual([]);
    return page;
  }
  const panel = (page: Page) => page.locator('#panel').innerText();
  const dimmed = (page: Page) => page.locator('g.node.off').count();

  it('opens 500 stacks', async () => {
    const large = growMap(map, 500 - map.stacks.length);
    const resources = Array.from({ length: 20 }, (_, index) => ({
      address: `aws_sqs_queue.Queue${index}`,
      action: 'update' as const,
      changes: [{ path: 'delay_seconds', before: 1, after: 2, marks: [] }],
    }));
    const html = renderPage(
      reviewOf(large, Object.fromEntries(large.stacks.map(({ stack }) => [stack, { resources }]))),
      large,
    );
    const page = await open(html);
    expect(await panel(page)).toContain('500 stacks change');
  }, 60_000);

  it('shows findings first, then what a stack changes', async () => {
    const page = await open(renderPage(review, map));
    expect(await panel(page)).toMatch(/NEEDS ATTENTION 1[\s\S]*The database is replaced\.[\s\S]*CHANGES 3/i);
    await page.click('#panel .row >> text=region-us-aurora');
    expect(await panel(page)).toMatch(/Its data is lost\.[\s\S]*Keep the key\./);
    await page.click(`summary >> text=${cluster}`);
    // A browser tells of an opened element later.
    await page.waitForSelector('text=Forced by');
    expect(await panel(page)).toMatch(
      /Forced by: kms_key_id[\s\S]*forces replacement[\s\S]*arn:old[\s\S]*\(known after apply\)[\s\S]*sensitive/,
    );
    expect(new URL(page.url()).hash).toBe('#region-us-aurora');
  });

  it('folds the findings of a rule that finds many', async () => {
    const routes = ['One', 'Two', 'Three', 'Four'].map((name) => ({
      ...findings[0],
      rule: 'route-removed',
      level: 'warn' as const,
      what: `Route ${name} is gone.`,
      where: { stack: 'region-us-vpc', address: `aws_route.${name}`, argument: null },
    }));
    const page = await open(renderPage(reviewOf(map, changes, [...findings, ...routes]), map));
    expect(await panel(page)).toMatch(/NEEDS ATTENTION 5[\s\S]*Route One is gone\.[\s\S]*3 more of route-removed/i);
    expect(await panel(page)).not.toContain('Route Four is gone.');
    await page.click('summary >> text=3 more of route-removed');
    await page.waitForSelector('text=Route Four is gone.');
  });

  it('marks in the picture what changes, by action and risk', async () => {
    const page = await open(renderPage(review, map));
    const label = (stack: string) => page.locator(`g.node[data-stack="${stack}"]`).first().getAttribute('aria-label');
    expect(await label('region-us-aurora')).toMatch(/1 destroyed, 1 replaced, blocked$/);
    expect(await label('region-us-vpc')).toMatch(/1 created$/);
    expect(await label('region-ap-vpc')).toMatch(/unchanged$/);
  });

  it('filters by region, owner, risk and action, and by words', async () => {
    const page = await open(renderPage(review, map));
    const of = `of ${map.stacks.length} stacks`;
    const shown = () => page.locator('#filters output').innerText();
    await page.selectOption('select[name=owner]', 'network');
    expect(await shown()).toBe(`${map.stacks.filter(({ owner }) => owner === 'network').length} ${of}`);
    await page.selectOption('select[name=action]', 'create');
    expect(await shown()).toBe(`2 ${of}`);
    await page.selectOption('select[name=region]', 'us');
    expect(await shown()).toBe(`1 ${of}`);
    expect(await dimmed(page)).toBeGreaterThan(20);
    await page.click('text=Clear');
    expect(await dimmed(page)).toBe(0);
    await page.selectOption('select[name=risk]', 'block');
    expect(await shown()).toBe(`1 ${of}`);
    await page.click('text=Clear');
    await page.fill('#search', 'DATABASE_InstanceB us');
    expect(await shown()).toBe(`1 ${of}`);
    await page.fill('#search', 'nothing has this name');
    expect(await shown()).toBe(`0 ${of}`);
  });

  it('is used with the keyboard alone', async () => {
    const page = await open(renderPage(review, map));
    await page.keyboard.press('/');
    await page.keyboard.type('region-us-vpc');
    expect(await page.locator('#filters output').innerText()).toBe(`1 of ${map.stacks.length} stacks`);
    await page.keyboard.press('Escape');
    expect(await page.locator('#search').inputValue()).toBe('');
    const focused = () => page.evaluate<string | null>("document.activeElement?.getAttribute('data-stack')");
    const first = await focused();
    expect(first).not.toBeNull();
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowRight']) await page.keyboard.press(key);
    const there = await focused();
    expect(there).not.toBe(first);
    await page.keyboard.press('Enter');
    expect(await panel(page)).toContain(there);
    expect(await page.evaluate('document.activeElement?.id')).toBe('panel');
    await page.keyboard.press('Escape');
    expect(await focused()).toBe(there);
    expect(await page.locator('g.node[tabindex="0"]').count()).toBe(1);
  });

  it('shows values as text, whatever they contain', async () => {
    const page = await open(renderPage(review, map));
    await page.click('#panel .row >> text=region-us-vpc');
    expect(await panel(page)).toContain(hostile);
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.title()).toBe('Plan review of prod');
  });

  it.each([
    ['as shipped', (): EstateMap => map],
    ['of 100 stacks', (): EstateMap => growMap(map, 69)],
  ])('has no text across the border of its box or across a mark: the estate %s', async (_, estate) => {
    const page = await open(renderPage(reviewOf(estate(), changes, findings), estate()));
    const across = await page.locator('g.node').evaluateAll((nodes) =>
      nodes.flatMap((node) => {
        const box = node.querySelector('rect.box')!.getBoundingClientRect();
        const pills = [...node.querySelectorAll('rect[class^=pill]')].map((pill) => pill.getBoundingClientRect());
        return [...node.querySelectorAll('text')]
          .filter((text) => !/^(ink|risk)/.test(text.getAttribute('class') ?? ''))
          .filter((text) => {
            const own = text.getBoundingClientRect();
            const onPill = pills.some(
              (pill) =>
                own.right > pill.left &&
                own.left < pill.right &&
                own.bottom > pill.top + 3 &&
                own.top < pill.bottom - 3,
            );
            return own.right > box.right + 1 || own.left < box.left || onPill;
          })
          .map((text) => `${node.getAttribute('data-id')}: ${text.textContent}`);
      }),
    );
    expect(across).toEqual([]);
  });

  it.each([390, 1280, 1920])('does not scroll sideways as a whole at %i pixels', async (width) => {
    const page = await open(renderPage(review, map), { viewport: { width, height: 900 } });
    expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0);
  });

  it('prints the details of what changes, in light colours', async () => {
    const page = await open(renderPage(review, map), { colorScheme: 'dark' });
    await page.emulateMedia({ media: 'print' });
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    const printed = await page.locator('#printed').innerText();
    for (const stack of Object.keys(changes)) expect(printed).toContain(stack);
    expect(printed).toContain('arn:old');
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
  });

  it('shows the estate alone, by owner', async () => {
    const page = await open(renderPage(null, map));
    const titles = (await page.locator('#panel h3').allInnerTexts()).map((title) => title.toLowerCase());
    const count = (team: string) => map.stacks.filter(({ owner }) => owner === team).length;
    expect(titles).toEqual(['application', 'edge', 'network', 'platform'].map((team) => `${team} ${count(team)}`));
    expect(await page.locator('select[name=risk]').count()).toBe(0);
  });
});
