import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useExampleWorkspace } from '@platform/e2e/fixtures/example-workspace';
import { settingsVariants } from '@platform/e2e/fixtures/settings-variants';
import { bucketName, flowLogBucketName } from '@platform/libs/settings/physical-names';
import { selectEnvironment } from '@platform/libs/settings/environment';
import { reservedBucketName, reservedBuckets, type ReservedBucket } from '@platform/libs/settings/reserved-buckets';
import { SynthesisedStack } from '@platform/libs/testing/synthesised-stack';
import { loadEstate } from '@platform/tools/workspace/load-estate';
import { synthesise } from '@platform/tools/actions/synth/synth';

const root = useExampleWorkspace();
const loaded = loadEstate(root);
// Some buckets are made only where a setting asks for them.
const estate = { ...loaded, settings: settingsVariants(loaded.settings)[1]! };

test('a bucket of the estate is one of the data stores, or has a reserved name, and no name is reserved for nothing', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'buckets-'));
  try {
    const { stacks, environment } = synthesise({ root, estate, outdir, whatIf: { level: 'inspected' } });
    const made = stacks.flatMap(({ stack }) => {
      const json = JSON.parse(readFileSync(join(outdir, 'stacks', stack, 'cdk.tf.json'), 'utf8'));
      return new SynthesisedStack(json).resources('aws_s3_bucket').map(({ bucket }) => bucket as string);
    });
    const chosen = selectEnvironment(estate.settings, environment);
    const keys = estate.regions.map(({ key }) => key);
    const dataBuckets = Object.keys(chosen.dataStores.buckets).flatMap((name) =>
      keys.map((key) => bucketName(chosen, name, key)),
    );
    const reserved = (Object.keys(reservedBuckets) as ReservedBucket[]).map((name) =>
      keys.map((key) => reservedBucketName(chosen, name, key)),
    );
    const flowLogs = estate.regions.flatMap(({ key, vpcs }) =>
      Object.keys(vpcs).map((vpc) => flowLogBucketName(chosen, vpc, key)),
    );
    const known = [...dataBuckets, ...flowLogs, ...reserved.flat()];
    expect(made.filter((name) => !known.includes(name))).toEqual([]);
    expect(reserved.filter((names) => !names.some((name) => made.includes(name)))).toEqual([]);
  } finally {
    rmSync(outdir, { recursive: true });
  }
});
