import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fields } from '@platform/libs/contract/contract';
import type { SynthesisedEstate } from '../base-checkout';

/** A stack that is written by hand. */
export interface WrittenStack {
  readonly fields?: Fields;
  readonly reads?: readonly string[];
  /** `region-ap/topic`. Default: a folder of the region us with the stack's name. */
  readonly project?: string;
  /** Constraint on the AWS provider. Default `5.100.0`. */
  readonly version?: string;
  /** Blocks of `cdk.tf.json` beside the provider. */
  readonly blocks: Readonly<Record<string, unknown>>;
}

/** Writes an estate of hand-written stacks as synth does, in the order given. */
export function writeEstate(folder: string, stacks: Readonly<Record<string, WrittenStack>>): SynthesisedEstate {
  const described = Object.entries(stacks).map(([stack, given]) => {
    const { fields = {}, reads = [], blocks, project = `region-us/${stack}`, version = '5.100.0' } = given;
    const region = /^region-([^/]+)/.exec(project)![1]!;
    const awsRegion = region === 'us' ? 'us-east-1' : 'ap-northeast-2';
    mkdirSync(join(folder, 'stacks', stack), { recursive: true });
    const states = Object.fromEntries(reads.map((each) => [each, { backend: 's3', config: {} }]));
    const data = blocks['data'] as object | undefined;
    const configuration = {
      terraform: { required_providers: { aws: { source: 'hashicorp/aws', version } } },
      provider: { aws: [{ region: awsRegion, allowed_account_ids: ['111111111111'] }] },
      ...blocks,
      ...(reads.length > 0 || data
        ? { data: { ...data, ...(reads.length > 0 && { terraform_remote_state: states }) } }
        : {}),
    };
    writeFileSync(join(folder, 'stacks', stack, 'cdk.tf.json'), JSON.stringify(configuration));
    return {
      stack,
      project,
      region,
      awsRegion,
      account: 'network' as const,
      owner: 'network',
      contract: { stack, project, stateRegion: { key: region, awsRegion }, fields },
      className: 'Stack',
      reads,
      aliases: [],
      waivers: [],
      differences: {},
    };
  });
  return {
    manifest: { environment: 'prod', level: 'standby', mode: 'active-passive', stacks: described, quotaWarnings: [] },
    folder,
  };
}
