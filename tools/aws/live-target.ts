import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { S3Client } from '@aws-sdk/client-s3';
import type { STSClient } from '@aws-sdk/client-sts';
import type { Environment } from '@platform/libs/settings/environment';
import type { AccountRole } from '@platform/libs/settings/organisation';
import type { StackDescription } from '@platform/libs/stack/estate-stack';
import type { Configuration } from '@platform/tools/model/configuration';
import { applicable, type Applicable } from '@platform/tools/emulator/applicable';
import type { Emulator } from '@platform/tools/emulator/profile';
import type { LiveTargetName } from './live-target-names';
import { deployRoleArn, emulatorEnvironment, liveOverride } from './live-override';

// The SDK warns on every start that its releases from 2027 on need Node 22; package.json pins an older one.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

/** Where live plans and applies run, with all that depends on it. */
export interface LiveTarget {
  readonly name: LiveTargetName;
  /** The variables that Terraform and the provider see. */
  readonly variables: NodeJS.ProcessEnv;
  override(description: StackDescription, configuration: Configuration): object;
  /** What of a configuration can be made there; nothing where that is everything. */
  applicable?(configuration: Configuration, missingUpstream: ReadonlyMap<string, readonly string[]>): Applicable;
  /** A client for the buckets of states in a region. */
  s3(awsRegion: string): Promise<S3Client>;
  /** A client for the alarms of the workload account in a region. */
  cloudWatch(awsRegion: string): Promise<CloudWatchClient>;
  /** Whoever is signed in, as AWS sees it. */
  sts(awsRegion: string): Promise<STSClient>;
}

/** Without limits a region that is lost, or a proxy that swallows calls, looks like a call that takes for ever. */
const patience = patienceOf(60_000);
/** Who calls is asked before anything else and of one region after the other, and the answer is short. */
const shortPatience = patienceOf(10_000);

function patienceOf(requestTimeout: number) {
  return { requestHandler: { connectionTimeout: 5_000, requestTimeout, throwOnRequestTimeout: true } } as const;
}

/** AWS itself, with the caller's credentials. States are reached as Terraform does: by the deploy role of the management account. */
export function awsTarget(environment: Environment, variables: NodeJS.ProcessEnv = process.env): LiveTarget {
  const sts = async (region: string) =>
    new (await import('@aws-sdk/client-sts')).STSClient({ region, ...shortPatience });
  return {
    name: 'aws',
    variables: liveVariables(variables),
    override: (description, configuration) => liveOverride({ target: 'aws', configuration, environment, description }),
    sts,
    s3: async (region) => {
      const { S3Client } = await import('@aws-sdk/client-s3');
      return new S3Client({
        region,
        ...patience,
        credentials: () => assumeDeployRole(environment, 'management', sts, region),
      });
    },
    cloudWatch: async (region) => {
      const { CloudWatchClient } = await import('@aws-sdk/client-cloudwatch');
      return new CloudWatchClient({
        region,
        ...patience,
        credentials: () => assumeDeployRole(environment, 'workload', sts, region),
      });
    },
  };
}

/** An emulator of AWS: no real credentials reach it. */
export function emulatorTarget(
  environment: Environment,
  emulator: Emulator,
  variables: NodeJS.ProcessEnv = process.env,
): LiveTarget {
  const client = (region: string) => ({
    region,
    ...patience,
    endpoint: emulator.endpoint,
    credentials: { accessKeyId: 'emulator', secretAccessKey: 'emulator' },
  });
  return {
    name: 'emulator',
    variables: emulatorEnvironment(variables, emulator),
    override: (description, configuration) =>
      liveOverride({ target: 'emulator', emulator, configuration, environment, description }),
    applicable: (configuration, missingUpstream) => applicable(configuration, emulator.profile, missingUpstream),
    sts: async (region) => new (await import('@aws-sdk/client-sts')).STSClient({ ...client(region), ...shortPatience }),
    s3: async (region) => {
      const { S3Client } = await import('@aws-sdk/client-s3');
      return new S3Client({ ...client(region), forcePathStyle: true });
    },
    cloudWatch: async (region) => new (await import('@aws-sdk/client-cloudwatch')).CloudWatchClient(client(region)),
  };
}

/**
 * The caller's variables without those by which Terraform would do something else than it was asked for: a provider of
 * somebody else's (`TF_REATTACH_PROVIDERS` is for offline previews), more arguments, other values.
 */
export function liveVariables(variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(variables).filter(
      ([name]) => !/^TF_(REATTACH_PROVIDERS$|CLI_ARGS|VAR_|WORKSPACE$|DATA_DIR$)/.test(name),
    ),
  );
}

async function assumeDeployRole(environment: Environment, role: AccountRole, sts: LiveTarget['sts'], region: string) {
  const { AssumeRoleCommand } = await import('@aws-sdk/client-sts');
  const RoleArn = deployRoleArn(environment, environment.accounts[role]);
  const { Credentials } = await (
    await sts(region)
  ).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'platform' }));
  return {
    accessKeyId: Credentials!.AccessKeyId!,
    secretAccessKey: Credentials!.SecretAccessKey!,
    sessionToken: Credentials!.SessionToken!,
    expiration: Credentials!.Expiration!,
  };
}
