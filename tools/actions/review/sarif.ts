import { createHash } from 'node:crypto';
import { riskRules } from '@platform/tools/model/risk/judge';
import type { Finding, FindingLevel, Review, ReviewStack } from '@platform/tools/model/review';
import { oneLine } from './text';

const levelOf: Readonly<Record<FindingLevel, 'error' | 'warning' | 'note'>> = {
  block: 'error',
  warn: 'warning',
  note: 'note',
};

/** Most results of one run that GitHub accepts (GitHub docs, "SARIF support for code scanning", limits). */
const MOST_RESULTS = 25_000;

/** The findings in SARIF 2.1.0, for code scanning. A waived finding is a suppressed result. */
export function sarifOf(review: Review): object {
  const stacks = new Map(review.stacks.map((stack) => [stack.stack, stack]));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'platform review',
            rules: riskRules.map(({ id, level, finds, why, remedy, source }) => ({
              id,
              shortDescription: { text: `Finds ${finds}.` },
              fullDescription: { text: why },
              help: { text: `${why} ${remedy}` },
              helpUri: source,
              defaultConfiguration: { level: levelOf[level] },
            })),
          },
        },
        automationDetails: { id: `platform-review/${review.environment ?? 'plans'}/` },
        columnKind: 'utf16CodeUnits',
        results: review.findings.slice(0, MOST_RESULTS).map((finding) => resultOf(finding, stacks)),
      },
    ],
  };
}

function resultOf(finding: Finding, stacks: ReadonlyMap<string, ReviewStack>): object {
  const { rule, level, what, remedy, where, waiver } = finding;
  const stack = where.stack === null ? undefined : stacks.get(where.stack);
  const name = [where.stack, where.address].filter((part) => part !== null).join(':');
  const identity = [rule, where.stack, where.address, where.argument].join('\n');
  return {
    ruleId: rule,
    // -1 says that the rule is not in the table: one of a further checker.
    ruleIndex: riskRules.findIndex(({ id }) => id === rule),
    level: levelOf[level],
    message: { text: oneLine(`${what}. ${remedy}`) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: encodeURI(fileOf(stack)), uriBaseId: '%SRCROOT%' },
          region: { startLine: 1 },
        },
        ...(name === '' ? {} : { logicalLocations: [{ fullyQualifiedName: oneLine(name), kind: 'resource' }] }),
      },
    ],
    partialFingerprints: { 'finding/v1': createHash('sha256').update(identity).digest('hex') },
    ...(waiver && !waiver.expired
      ? {
          suppressions: [
            {
              kind: 'external',
              status: 'accepted',
              justification: `${waiver.owner} until ${waiver.until}: ${waiver.reason}`,
            },
          ],
        }
      : {}),
  };
}

/** The file that a reader opens: the stack's code, the plan, or the settings for what concerns the estate. */
function fileOf(stack: ReviewStack | undefined): string {
  if (stack?.source) return stack.source.replaceAll('\\', '/').replace(/^\/+/, '');
  return stack?.project ? `${stack.project}/stack.ts` : 'infra.config.ts';
}
