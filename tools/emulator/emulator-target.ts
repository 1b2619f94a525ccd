import { patience, shortPatience, type LiveTarget } from '@platform/tools/aws/live-target';
import { emulatorEnvironment, emulatorOverride } from './emulator-override';
import type { Emulator } from './profile';
import { unsupportedBy } from './unsupported';

/** An emulator of AWS as a target: no real credentials reach it. */
export function emulatorTarget(emulator: Emulator, variables: NodeJS.ProcessEnv = process.env): LiveTarget {
  const client = (region: string) => ({
    region,
    ...patience,
    endpoint: emulator.endpoint,
    credentials: { accessKeyId: 'emulator', secretAccessKey: 'emulator' },
  });
  return {
    name: 'emulator',
    variables: emulatorEnvironment(variables, emulator),
    override: (_, configuration) => emulatorOverride(configuration, emulator),
    unsupported: (configuration, missingUpstream) => unsupportedBy(emulator.profile, configuration, missingUpstream),
    sts: async (region) => new (await import('@aws-sdk/client-sts')).STSClient({ ...client(region), ...shortPatience }),
    s3: async (region) => {
      const { S3Client } = await import('@aws-sdk/client-s3');
      return new S3Client({ ...client(region), forcePathStyle: true });
    },
    clientOptions: async (_, region) => client(region),
    cloudWatch: async (region) => new (await import('@aws-sdk/client-cloudwatch')).CloudWatchClient(client(region)),
  };
}
