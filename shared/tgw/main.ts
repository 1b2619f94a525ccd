import infra from '@platform/infra.config';
import { runStacks } from '@platform/libs/stack/run-stacks';
import { regions } from '@platform/shared/regions';
import { attachedVpcs } from './attachments';
import { TgwLinkStack } from './link-stack';
import { TgwStack } from './stack';

runStacks(infra, (app, environment) => {
  for (const region of regions) new TgwStack(app, { environment, region, regions, attachedVpcs });
  // A full mesh: two regions reach each other while any third is gone.
  regions.forEach((first, index) => {
    for (const second of regions.slice(index + 1)) new TgwLinkStack(app, { environment, first, second, regions });
  });
});
