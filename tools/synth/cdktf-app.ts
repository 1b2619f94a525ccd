/** The `app` of the root `cdktf.json`: the whole estate, for people who use the stock cdktf CLI. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { environmentFromProcess } from '@platform/libs/stack/run-stacks';
import { writePreviewForStockCli } from '@platform/tools/preview/stock-cli';
import { loadEstate } from './load-estate';
import { synthesise } from './synth';
