import type { LiveSession } from '@platform/tools/session/live-session';
import { clientOptions, type ClientOptions } from '@platform/tools/aws/client-options';

/** A change that Terraform knows nothing of. */
export interface ChangeBehind {
  readonly stack: string;
  /** Of the resource that shows it. */
  readonly address: string;
  /** What was done, for people. */
  readonly done: string;
}

type Attributes = Readonly<Record<string, unknown>>;

interface Tampering {
  readonly type: string;
  readonly done: string;
  tamper(attributes: Attributes, options: ClientOptions): Promise<unknown>;
}

/** Changes that both emulators take and show, by the type of resource that shows them; tried in this order. */
const tamperings: readonly Tampering[] = [
  {
    type: 'aws_vpc',
    done: 'took the DNS host names from',
    tamper: async ({ id }, options) => {
      const { EC2Client, ModifyVpcAttributeCommand } = await import('@aws-sdk/client-ec2');
      const change = { VpcId: id as string, EnableDnsHostnames: { Value: false } };
      return new EC2Client(options).send(new ModifyVpcAttributeCommand(change));
    },
  },
  {
    type: 'aws_s3_bucket_versioning',
    done: 'suspended',
    tamper: async ({ bucket }, options) => {
      const { S3Client, PutBucketVersioningCommand } = await import('@aws-sdk/client-s3');
      return new S3Client({ ...options, forcePathStyle: true }).send(
        new PutBucketVersioningCommand({
          Bucket: bucket as string,
          VersioningConfiguration: { Status: 'Suspended' },
        }),
      );
    },
  },
];

/**
 * Changes one resource of the given stacks through the SDK, as somebody at the console would. Never in AWS.
 * @returns nothing where no stack has a resource that this knows how to change
 */
export async function changeBehindTheBack(
  session: LiveSession,
  stacks: readonly string[],
): Promise<ChangeBehind | undefined> {
  const { target } = session.options;
  if (target.name === 'aws') throw new Error('a change behind the back is for emulators');
  for (const { type, done, tamper } of tamperings) {
    for (const stack of stacks) {
      const state = await session.states.of(stack);
      const resource = state?.resources?.find((each) => each.mode === 'managed' && each.type === type);
      const attributes = resource?.instances?.[0]?.attributes as Attributes | undefined;
      if (!resource || !attributes) continue;
      await tamper(attributes, await clientOptions(target, session.stacks.get(stack).awsRegion));
      const address = `${type}.${resource.name}`;
      return { stack, address, done: `${done} ${address} of ${stack}` };
    }
  }
  return undefined;
}
