import { TerraformStack } from 'cdktf';
import { addCustomSynthesis } from 'cdktf/lib/synthesize/synthesizer';
import { Construct } from 'constructs';
import { buildSync } from 'esbuild';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repeatableZip } from './repeatable-zip';
import { workspaceRoot } from './workspace-file';

/** Node.js of the functions: the newest that the pinned AWS provider accepts. */
export const functionRuntime = 'nodejs22.x';

/**
 * Code of a Lambda function: one JavaScript file of a TypeScript module and all it imports, in an archive beside the stack's
 * JSON. Equal sources give equal bytes, on every machine. The AWS SDK stays outside: the runtime has it (Lambda developer
 * guide, "Building Lambda functions with Node.js").
 */
export class FunctionCode extends Construct {
  /** For `filename`: relative to the stack's folder, in which Terraform runs. */
  readonly fileName: string;
  /** For `sourceCodeHash`: a change of the code becomes a change of the plan. */
  readonly sha256Base64: string;

  /** @param module path from the root of the repository: `libs/traffic-control/lambda/handler.ts` */
  constructor(scope: Construct, id: string, { name, module }: { readonly name: string; readonly module: string }) {
    super(scope, id);
    const archive = repeatableZip({ 'index.js': bundleFunction(module) });
    this.fileName = `${name}.zip`;
    this.sha256Base64 = createHash('sha256').update(archive).digest('base64');
    const stack = TerraformStack.of(this);
    addCustomSynthesis(this, {
      onSynthesize: ({ outdir, manifest }) => {
        writeFileSync(join(outdir, manifest.forStack(stack).workingDirectory, this.fileName), archive);
      },
    });
  }
}

const bundles = new Map<string, string>();

/** The module as one CommonJS file, without the AWS SDK. */
export function bundleFunction(module: string): string {
  const root = workspaceRoot();
  const path = join(root, module);
  let code = bundles.get(path);
  if (code === undefined) {
    const { outputFiles } = buildSync({
      // From the root, so that no path of this machine gets into the comments.
      absWorkingDir: root,
      entryPoints: [module],
      tsconfig: join(root, 'tsconfig.base.json'),
      bundle: true,
      external: ['@aws-sdk/*', '@smithy/*'],
      alias: { '@platform': root },
      platform: 'node',
      target: 'node22',
      format: 'cjs',
      legalComments: 'none',
      charset: 'utf8',
      // A library that is linked into the workspace has the same paths as one that lies in it.
      preserveSymlinks: true,
      write: false,
      logLevel: 'silent',
    });
    code = outputFiles[0]!.text;
    bundles.set(path, code);
  }
  return code;
}
