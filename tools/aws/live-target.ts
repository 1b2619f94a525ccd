import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { S3Client } from '@aws-sdk/client-s3';
import type { STSClient } from '@aws-sdk/client-sts';
import type { Environment } from '@platform/libs/settings/environment';
import type { AccountRole } from '@platform/libs/settings/organisation';
import type { StackDescription } from '@platform/libs/stack/estate-stack';
import type { Configuration } from '@platform/tools/model/configuration';
import { homeFolder } from '@platform/tools/workspace/home-folder';
import type { ClientOptions } from './client-options';
import type { LiveTargetName } from './live-target-names';
import { awsOverride, deployRoleArn } from './live-override';

// Where the user has no account, the SDK fails on the look for its files, and Terraform's on that for its own.
process.env['HOME'] ??= homeFolder();
// The SDK warns on every start that its releases from 2027 on need Node 22; package.json pins an older one.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

/** A resource that a target cannot make. */
export interface UnsupportedResource {
  readonly address: string;
  readonly reason: string;
}

/** What of a configuration a target cannot make. */
export interface Unsupported {
  /** Sorted by address. */
  readonly resources: readonly UnsupportedResource[];
  /** Outputs that are missing without those resources, so that no other stack can read them. Sorted. */
  readonly outputs: readonly string[];
}

/** Where live plans and applies run, with all that depends on it. */
export interface LiveTarget {
  readonly name: LiveTargetName;
  /** The variables that Terraform and the provider see. */
  readonly variables: NodeJS.ProcessEnv;
  override(description: StackDescription, configuration: Configuration): object;
  /**
   * What of a configuration it cannot make. Default: it makes everything.
   * @param missingUpstream names of missing outputs by upstream stack, from the answers for those stacks
   */
  unsupported?(configuration: Configuration, missingUpstream: ReadonlyMap<string, readonly string[]>): Unsupported;
  /** A client for the buckets of states in a region. */
  s3(awsRegion: string): Promise<S3Client>;
  /** A client for the alarms of the workload account in a region. */
  cloudWatch(awsRegion: string): Promise<CloudWatchClient>;
  /** A client that asks AWS who the caller is. */
  sts(awsRegion: string): Promise<STSClient>;
  /** Options of a client of any service that works in the account of a role. */
  clientOptions(role: AccountRole, awsRegion: string): Promise<ClientOptions>;
}

/** Options of every client. Without time limits, a lost region or a proxy that swallows calls looks like a call without end. */
export const patience = patienceOf(60_000);
/** The caller is asked for first, in one region after the other, and the answer is short. */
export const shortPatience = patienceOf(10_000);

function patienceOf(requestTimeout: number) {
  return { requestHandler: { connectionTimeout: 5_000, requestTimeout, throwOnRequestTimeout: true } } as const;
}

/** AWS itself, with the caller's credentials. States are reached as Terraform does: by the deploy role of the management account. */
export function awsTarget(environment: Environment, variables: NodeJS.ProcessEnv = process.env): LiveTarget {
  const sts = async (region: string) =>
    new (await import('@aws-sdk/client-sts')).STSClient({ region, ...shortPatience });
  /** Credentials that are assumed when they are first needed, and again before they expire. */
  const deployRole = async (role: AccountRole, region: string) => {
    const { fromTemporaryCredentials } = await import('@aws-sdk/credential-providers');
    return fromTemporaryCredentials({
      params: { RoleArn: deployRoleArn(environment, environment.accounts[role]), RoleSessionName: 'platform' },
      clientConfig: { region, ...shortPatience },
    });
  };
  return {
    name: 'aws',
    variables: liveVariables(variables),
    override: (description, configuration) => awsOverride({ configuration, environment, description }),
    sts,
    s3: async (region) => {
      const { S3Client } = await import('@aws-sdk/client-s3');
      return new S3Client({
        region,
        ...patience,
        credentials: await deployRole('management', region),
      });
    },
    cloudWatch: async (region) => {
      const { CloudWatchClient } = await import('@aws-sdk/client-cloudwatch');
      return new CloudWatchClient({
        region,
        ...patience,
        credentials: await deployRole('workload', region),
      });
    },
    clientOptions: async (role, region) => ({ region, ...patience, credentials: await deployRole(role, region) }),
  };
}

/**
 * The caller's variables without those that make Terraform do something else than it is asked for: another provider
 * (`TF_REATTACH_PROVIDERS` is for offline previews), more arguments, other values.
 */
export function liveVariables(variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(variables).filter(
      ([name]) => !/^TF_(REATTACH_PROVIDERS$|CLI_ARGS|VAR_|WORKSPACE$|DATA_DIR$)/.test(name),
    ),
  );
}
