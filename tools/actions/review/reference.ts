import { z } from 'zod';
import { reviewSchema } from '@platform/tools/model/review';
import { riskTopics } from '@platform/tools/model/risk/judge';
import { waiversFile } from '@platform/tools/model/risk/waivers';

/** What documents the review, from the workspace root, with its text. */
export function reviewReference(): Readonly<Record<string, string>> {
  return { 'docs/review-rules.md': rulesText(), 'docs/review.schema.json': schemaText() };
}

/** The JSON schema of `review.json`. */
function schemaText(): string {
  const head = { title: 'Plan review', description: 'The shape of review.json, which `npx platform review` writes.' };
  return `${JSON.stringify({ ...z.toJSONSchema(reviewSchema), ...head }, null, 2)}\n`;
}

function rulesText(): string {
  return `${[
    '# Rules of the plan review',
    'Written by `npx platform review --write-reference` from `tools/model/risk`; a test fails when it is out of date.',
    [
      '`npm run review` judges every plan by these rules. A finding of level `block` makes the command exit with 3;',
      '`warn` and `note` are printed. The review also names the owners of the stacks that the plans change.',
    ].join('\n'),
    '## Accept a risk',
    [
      `Add a waiver to \`${waiversFile}\` at the root of the workspace:`,
      '',
      '```json',
      JSON.stringify(
        [
          {
            rule: 'stateful-destroy',
            stack: 'global-data',
            address: 'aws_dynamodb_table.Old',
            owner: 'platform',
            reason: 'The table is empty; its data moved to the new one.',
            until: '2027-01-31',
          },
        ],
        null,
        2,
      ),
      '```',
      '',
      '`stack` and `address` can be left out: the waiver then covers every stack or resource. A waived finding becomes a',
      'note. After the day in `until` it blocks. A waiver of `stateful-destroy`, `key-removed` or `read-resource-replaced`',
      'with a stack and an address also lets [a merge](pull-requests.md#what-a-merge-deploys) apply that change.',
    ].join('\n'),
    ...riskTopics.flatMap(({ title, rules }) => [
      `## ${title}`,
      ...rules.map(({ id, level, finds, why, remedy, source }) =>
        [
          `### \`${id}\` (${level})`,
          '',
          `- Finds ${finds}.`,
          `- Why: ${why}`,
          `- What to do: ${remedy}`,
          `- Source: <${source}>`,
        ].join('\n'),
      ),
    ]),
  ].join('\n\n')}\n`;
}
