import { RuleTester } from 'eslint';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tseslint from 'typescript-eslint';
import imports from './imports.cjs';

const root = mkdtempSync(join(tmpdir(), 'imports-'));
for (const stack of ['region-us/vpc', 'region-us/app', 'region-ap/vpc', 'shared/tgw', 'global/zone']) {
  mkdirSync(join(root, stack), { recursive: true });
  writeFileSync(join(root, stack, 'main.ts'), '');
}
afterAll(() => rmSync(root, { recursive: true }));

const from = (file: string, name: string) => ({
  name: `${file} imports ${name}`,
  filename: join(root, file),
  options: [{ root }],
  code: `import { thing } from '${name}';`,
});
const refused = (messageId: string, file: string, name: string) => ({ ...from(file, name), errors: [{ messageId }] });

// RuleTester calls Jest's describe and it, and makes the rule fail on each of the invalid ones.
new RuleTester({ languageOptions: { parser: tseslint.parser } }).run('platform/imports', imports, {
  valid: [
    from('region-us/vpc/stack.ts', '@cdktf/provider-aws/lib/vpc'),
    from('region-us/vpc/stack.ts', '@cdktf/provider-aws/lib/data-aws-iam-policy-document'),
    from('region-us/vpc/stack.ts', '@platform/libs/vpc/vpc'),
    from('region-us/vpc/stack.ts', './contract'),
    from('region-us/vpc/stack.ts', './parts/plan'),
    from('region-us/vpc/stack.ts', '../region'),
    from('region-us/app/stack.ts', '../vpc/contract'),
    from('region-us/vpc/main.ts', '@platform/infra.config'),
    from('region-us/vpc/stack.test.ts', '@platform/infra.config'),
    from('region-ap/cloudfront/upstream.ts', '@platform/region-us/app/contract'),
    from('region-ap/traffic-control/upstream.ts', '@platform/region-us/app/contract'),
    from('region-ap/vpc/stack.test.ts', '@platform/region-us/vpc/contract'),
    from('shared/tgw/stack.ts', '@platform/region-us/vpc/contract'),
    from('shared/tgw/stack.ts', '@platform/shared/regions'),
    from('shared/regions.ts', '@platform/region-us/region'),
    from('global/home.ts', '@platform/region-us/region'),
    from('global/zone/contract.ts', '../home'),
    from('global/zone/contract.ts', '@platform/shared/regions'),
    from('region-us/vpc/contract.ts', '../region'),
    from('region-us/vpc/contract.ts', '@platform/libs/vpc/contract'),
    from('libs/app/app.ts', '@platform/libs/vpc/vpc'),
    from('tools/actions/synth/synth.ts', '@platform/libs/stack/estate-stack'),
    from('tools/cli/main.ts', '@platform/tools/actions/synth/synth'),
    from('tools/session/open-session.ts', '@platform/tools/actions/synth/synth'),
    from('tools/model/plan.test.ts', '@platform/tools/terraform/find-terraform'),
  ],
  invalid: [
    refused('barrel', 'libs/vpc/vpc.ts', '@cdktf/provider-aws'),
    refused('barrel', 'libs/vpc/vpc.ts', '@cdktf/provider-aws/lib'),
    refused('barrel', 'libs/vpc/vpc.ts', '@cdktf/provider-aws/lib/index.js'),
    refused('barrel', 'libs/vpc/vpc.ts', '@cdktf/provider-aws/index.js'),
    refused('dataSource', 'libs/vpc/vpc.ts', '@cdktf/provider-aws/lib/data-aws-availability-zones'),
    refused('stackInsides', 'region-us/app/stack.ts', '../vpc/stack'),
    refused('stackInsides', 'region-us/vpc/stack.ts', '@platform/region-ap/vpc/stack'),
    refused('stackInsides', 'region-us/vpc/stack.test.ts', '@platform/region-ap/vpc/stack'),
    refused('contract', 'region-us/vpc/contract.ts', './stack'),
    refused('contract', 'region-us/vpc/contract.ts', '../app/contract'),
    refused('contract', 'global/zone/contract.ts', '@cdktf/provider-aws/lib/vpc'),
    refused('foreignRegion', 'region-us/vpc/contract.ts', '@platform/region-ap/region'),
    {
      ...from('region-us/vpc/contract.ts', ''),
      name: 'a contract hands on nothing of its stack',
      code: `export { VpcStack as Inside } from './stack'; export * from './parts';`,
      errors: [{ messageId: 'contract' }, { messageId: 'contract' }],
    },
    refused('main', 'region-us/app/stack.ts', '@platform/region-us/vpc/main'),
    refused('foreignRegion', 'region-us/vpc/stack.ts', '@platform/region-ap/region'),
    refused('foreignRegion', 'region-us/vpc/stack.ts', '@platform/shared/regions'),
    refused('foreignRegion', 'shared/tgw/stack.ts', '@platform/region-us/region'),
    refused('otherRegionsState', 'region-ap/vpc/stack.ts', '@platform/region-us/vpc/contract'),
    refused('libImportsEstate', 'libs/vpc/vpc.ts', '@platform/region-us/vpc/contract'),
    refused('libImportsEstate', 'libs/vpc/vpc.test.ts', '@platform/shared/regions'),
    refused('settings', 'libs/vpc/vpc.ts', '@platform/infra.config'),
    refused('settings', 'region-us/vpc/stack.ts', '@platform/infra.config'),
    refused('tools', 'region-us/vpc/stack.ts', '@platform/tools/actions/synth/synth'),
    refused('tools', 'libs/vpc/vpc.test.ts', '@platform/tools/actions/synth/synth'),
    refused('toolOrder', 'tools/model/plan.ts', '@platform/tools/terraform/find-terraform'),
    refused('toolOrder', 'tools/session/open-session.ts', '../actions/deploy/deploy-estate'),
    refused('toolImportsEstate', 'tools/actions/synth/synth.ts', '@platform/region-us/vpc/stack'),
    {
      ...from('libs/vpc/vpc.ts', ''),
      name: 'require, import(), export and type imports count too',
      code: `
        export * from '@platform/tools/a';
        export { b } from '@platform/tools/b';
        type C = import('@platform/tools/c').C;
        const d = require('@platform/tools/d');
        const e = import('@platform/tools/e');
      `,
      errors: Array.from({ length: 5 }, () => ({ messageId: 'tools' })),
    },
  ],
});
