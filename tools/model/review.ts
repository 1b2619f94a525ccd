import { z } from 'zod';
import { SENSITIVE } from './value-changes';

/*
 * The review of a change: what it does, where, at what risk and whose approval it needs. `review.json` has this shape;
 * `docs/review.schema.json` is its published JSON schema. No sensitive value is in it. Whatever reads it must accept new
 * fields; a change of meaning raises `format`.
 */

const many = <T extends z.ZodType>(of: T) => z.array(of).readonly();
/** An object whose fields are all there: what is not known is `null`. */
const shape = <T extends z.ZodRawShape>(fields: T) => z.strictObject(fields).readonly();
const count = () => z.int().nonnegative();

/** Stands in a value's place where only the apply tells it. */
export const UNKNOWN = '(known after apply)';

const countsSchema = shape({
  import: count().describe('As in the line "Plan: 1 to import, 2 to add, 0 to change, 1 to destroy" of Terraform.'),
  add: count().describe('As in that line: created and replaced resources.'),
  change: count().describe('As in that line: updated in place.'),
  destroy: count().describe('As in that line: deleted and replaced resources.'),
  replace: count().describe('How many of those added and destroyed are one resource that is replaced.'),
  move: count().describe('Resources that only get another address.'),
  forget: count().describe('Resources that leave the state and stay in the account.'),
  drift: count().describe('Resources that were changed outside of Terraform.'),
});

export const verdicts = ['no changes', 'changes', 'blocked', 'failed'] as const;

export const actions = ['create', 'update', 'replace', 'delete', 'import', 'move', 'forget', 'read'] as const;
const actionSchema = z.enum(actions);

const marks = ['sensitive', 'unknown', 'formatting only', 'forces replacement'] as const;

const argumentSchema = shape({
  path: z.string().describe('`tags.owner`, `ingress[0].from_port`, `policy.Statement[0].Action`.'),
  before: z.unknown().describe(`Null where there is nothing. "${SENSITIVE}" in the place of what is sensitive.`),
  after: z.unknown().describe(`Null where there is nothing. "${UNKNOWN}" in the place of what only the apply tells.`),
  marks: many(z.enum(marks)).describe('`formatting only`: JSON or an empty value written in another way.'),
});

const resourceSchema = shape({
  address: z.string(),
  type: z.string(),
  mode: z.enum(['managed', 'data']),
  deposed: z.string().nullable().describe('Key of an object that an interrupted replacement left behind.'),
  action: actionSchema.describe(
    '`import` and `move` are resources that stay as they are otherwise; one that is imported and updated is `update`.',
  ),
  createFirst: z.boolean().describe('Of a replacement: the new one is created before the old one is destroyed.'),
  reason: z.string().nullable().describe("Terraform's reason for the action, in words; null where it gives none."),
  forcedBy: many(z.string()).describe('Of a replacement: paths of the arguments that force it.'),
  movedFrom: z.string().nullable().describe('Former address, where a `moved` block or a rename gives a new one.'),
  imported: z.string().nullable().describe('Id of the existing object that the resource is imported from.'),
  stateful: z.string().nullable().describe('What is lost for ever if it is destroyed: `a database`; else null.'),
  changes: many(argumentSchema).describe('Arguments that differ; of a created resource those that it sets.'),
});

const driftSchema = shape({
  address: z.string(),
  type: z.string(),
  action: z.enum(['update', 'delete']),
  meaning: z.string().nullable().describe('Which operation explains it, as `the writer has moved`; null for drift.'),
  changes: many(argumentSchema),
});

const outputSchema = shape({
  name: z.string(),
  action: z.enum(['create', 'update', 'delete']),
  before: z.unknown(),
  after: z.unknown(),
  marks: many(z.enum(marks)),
});

const checkSchema = shape({
  address: z.string().describe('`check.name`, `aws_vpc.Network`, `output.id`, `var.name`.'),
  status: z.enum(['pass', 'fail', 'error', 'unknown']),
  problems: many(z.string()),
});

const assumedSchema = shape({
  address: z.string(),
  argument: z.string(),
  stack: z.string().describe('Stack that publishes the value.'),
  field: z.string().describe("Field of that stack's contract."),
  source: z.string().describe('`planned`: from a plan. `example`: from the contract.'),
});

const costSchema = shape({
  before: z.number().describe('US dollars a month, list price, of the resources that have a price.'),
  after: z.number(),
  unconfirmed: z.number().describe('Part of `after` with prices that no source confirms: `npx platform prices`.'),
  unknown: many(shape({ type: z.string(), count: count() })).describe(
    'Billed resources after the change that the price table has no price for, or whose use decides.',
  ),
});

const placeSchema = shape({
  stack: z.string().nullable().describe('Null where it concerns the whole estate.'),
  address: z.string().nullable(),
  argument: z.string().nullable(),
});

export const levels = ['block', 'warn', 'note'] as const;

const waiverSchema = shape({
  owner: z.string(),
  reason: z.string(),
  until: z.string().describe('Last day on which it holds, as 2027-01-31.'),
  expired: z.boolean(),
});

const findingSchema = shape({
  rule: z
    .string()
    .describe('Id in the table of docs/review-rules.md: `stateful-destroy`; `checker/…` of a further checker.'),
  level: z.enum(levels),
  what: z.string().describe('One sentence on this change.'),
  why: z.string().describe('Why it matters.'),
  remedy: z.string().describe('What to do.'),
  where: placeSchema,
  region: z.string().nullable(),
  owner: z.string().nullable(),
  waiver: waiverSchema.nullable().describe('A valid waiver lowers a block to a note; an expired one blocks.'),
});

const stackSchema = shape({
  stack: z.string(),
  project: z.string().nullable().describe('Folder: `region-us/vpc`. Null for plans of another repository.'),
  region: z.string().nullable().describe('Key: `us`.'),
  awsRegion: z.string().nullable(),
  owner: z.string().nullable().describe('Team.'),
  account: z.string().nullable().describe('Role of its account: `network`.'),
  reads: many(z.string()).describe('Stacks whose outputs it reads.'),
  status: z.enum(['new', 'changed', 'unchanged', 'removed', 'failed']),
  reasons: many(z.string()).describe('Why the change affects it; empty without a base.'),
  source: z.string().nullable().describe('The plan file, from the folder that the command ran in; null for ours.'),
  terraform: z.string().nullable().describe('Version that made the plan.'),
  counts: countsSchema,
  resources: many(resourceSchema).describe("What changes, in the plan's order."),
  drift: many(driftSchema),
  outputs: many(outputSchema),
  checks: many(checkSchema),
  assumed: many(assumedSchema).describe('Arguments whose values are not real yet.'),
  errors: many(z.string()).describe('Why it could not be planned or read; the rest of the stack is empty then.'),
  warnings: many(z.string()),
  cost: costSchema.nullable(),
  inventory: many(shape({ address: z.string(), type: z.string() })).describe('Managed resources after the change.'),
});

const entrySchema = shape({
  address: z.string(),
  type: z.string(),
  action: actionSchema,
  stacks: many(z.string()).describe('Those of the group in which the address changes by this action.'),
  differs: many(shape({ path: z.string(), values: z.record(z.string(), argumentSchema.nullable()) })).describe(
    'Arguments whose change is not the same in all of these stacks, by stack; null: no change there.',
  ),
});

const groupSchema = shape({
  name: z.string().describe('Folder below the region, `vpc`, of counterparts; else the stack.'),
  stacks: many(z.string()),
  entries: many(entrySchema),
});

const pairSchema = shape({ from: z.string(), to: z.string() });

const approvalSchema = shape({
  owner: z.string(),
  team: z.string().nullable().describe('As in CODEOWNERS: `@example/network`.'),
  stacks: many(z.string()).describe('Their stacks that the plans change.'),
  findings: count().describe('Blocks and warnings in these stacks.'),
});

const resilienceSummarySchema = shape({
  objectives: many(
    shape({
      path: z.string().describe('User path: `apiReads`.'),
      objective: z.string().describe('`availability`, `RTO for the loss of a region`.'),
      wanted: z.string().describe('The objective.'),
      before: z.string().nullable().describe('Figure of base; null without a base.'),
      after: z.string(),
      status: z.enum(['met', 'broken', 'unknown']),
    }),
  ),
});

export const reviewSchema = shape({
  format: z.literal(1),
  environment: z.string().nullable().describe('Null for plans of another repository.'),
  level: z.string().nullable(),
  mode: z.string().nullable(),
  target: z.enum(['preview', 'emulator', 'aws', 'plans']).describe('`plans`: plan files that were given.'),
  base: shape({
    ref: z.string(),
    commit: z.string(),
  })
    .nullable()
    .describe('What the change is compared with. Null: the plans start from an empty state, or from the real one.'),
  head: shape({ commit: z.string().nullable(), dirty: z.boolean() })
    .nullable()
    .describe('`dirty`: with changes that are not committed.'),
  verdict: z.enum(verdicts),
  counts: countsSchema.describe('Of all stacks.'),
  stacks: many(stackSchema).describe('In deploy order.'),
  groups: many(groupSchema).describe('The same stacks with counterparts of the regions folded; each stack once.'),
  findings: many(findingSchema).describe('Blocks first.'),
  approvals: many(approvalSchema),
  reachability: shape({ gained: many(pairSchema), lost: many(pairSchema) })
    .nullable()
    .describe('Which networks reach which others that they did not before; null without a base.'),
  parity: many(
    shape({
      project: z.string(),
      name: z.string(),
      here: z.enum(['added', 'omitted', 'differs']),
      reason: z.string(),
      owner: z.string(),
    }),
  ).describe('Declared differences between counterpart regions.'),
  resilience: resilienceSummarySchema.nullable().describe('Null where there is no synthesised estate.'),
  cost: costSchema.nullable(),
  affected: shape({ nx: many(z.string()), stacks: many(z.string()) })
    .nullable()
    .describe("Nx's affected projects beside the stacks that really change; null without a base."),
  assumptions: many(z.string()).describe('What the whole review assumes.'),
});

export type Review = z.infer<typeof reviewSchema>;
export type ReviewStack = Review['stacks'][number];
export type ResourceEntry = ReviewStack['resources'][number];
export type ArgumentChange = ResourceEntry['changes'][number];
export type DriftEntry = ReviewStack['drift'][number];
export type OutputEntry = ReviewStack['outputs'][number];
export type CheckEntry = ReviewStack['checks'][number];
export type Counts = Review['counts'];
export type ReviewGroup = Review['groups'][number];
export type GroupEntry = ReviewGroup['entries'][number];
export type Finding = Review['findings'][number];
export type FindingLevel = Finding['level'];
export type Approval = Review['approvals'][number];
export type Cost = NonNullable<Review['cost']>;
