import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { loadEstate } from '@platform/tools/workspace/load-estate';
import { synthesise } from '@platform/tools/actions/synth/synth';

const root = resolve(__dirname, '../..');
const estate = loadEstate(root);

interface WithAlarms {
  readonly resource?: { readonly aws_cloudwatch_metric_alarm?: Readonly<Record<string, { alarm_name: string }>> };
}

test.each(Object.keys(estate.settings.environments))(
  'the alarms that rollouts of %s wait for exist in every region',
  (environment) => {
    const outdir = mkdtempSync(join(tmpdir(), 'alarms-'));
    try {
      const { stacks } = synthesise({ root, estate, environment, outdir });
      for (const { key } of estate.regions) {
        const names = stacks
          .filter(({ region }) => region === key)
          .flatMap(({ stack }) => {
            const json = JSON.parse(readFileSync(join(outdir, 'stacks', stack, 'cdk.tf.json'), 'utf8')) as WithAlarms;
            return Object.values(json.resource?.aws_cloudwatch_metric_alarm ?? {}).map((alarm) => alarm.alarm_name);
          });
        const { alarms = [] } = estate.settings.environments[environment]!.rollout;
        expect(names).toEqual(expect.arrayContaining([...alarms]));
      }
    } finally {
      rmSync(outdir, { recursive: true });
    }
  },
);
