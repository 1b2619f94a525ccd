import { App, TerraformStack } from 'cdktf';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EstateStack } from '@platform/libs/stack/estate-stack';
import { exampleEnvironment, exampleRegions } from './example-settings';
import { SynthesisedStack, type StackJson } from './synthesised-stack';

/**
 * Synthesises the one stack that `build` returns, in memory, with cdktf's validations.
 *
 * @example const stack = synthStack((app) => new VpcStack(app, environment));
 */
export function synthStack(build: (app: App) => TerraformStack): SynthesisedStack {
  const app = emptyApp();
  const stack = build(app);
  stack.prepareStack();
  stack.runAllValidations();
  // The round trip leaves what the file would contain: no undefined, no shared objects.
  return new SynthesisedStack(JSON.parse(JSON.stringify(stack.toTerraform())) as StackJson);
}

/** All stacks that `build` adds, by stack name: for a project with one stack per region. */
export function synthStacks(build: (app: App) => void): Map<string, SynthesisedStack> {
  const app = emptyApp();
  build(app);
  const names = app.node.children.filter(TerraformStack.isStack).map((stack) => stack.node.id);
  return new Map(
    names.map((name) => [
      name,
      synthStack((fresh) => {
        build(fresh);
        return fresh.node.findChild(name) as TerraformStack;
      }),
    ]),
  );
}

/**
 * Synthesises constructs of a lib in an otherwise empty stack of the first example region.
 *
 * @example const stack = synthConstruct((stack) => new Vpc(stack, 'Vpc', props));
 */
export function synthConstruct(
  build: (stack: EstateStack) => void,
  environment = exampleEnvironment(),
): SynthesisedStack {
  return synthStack((app) => {
    const stack = new ExampleStack(app, {
      environment,
      region: exampleRegions[0],
      account: 'network',
      contract: {
        stack: 'region-us-example',
        project: 'region-us/example',
        stateRegion: exampleRegions[0],
        fields: {},
      },
    });
    build(stack);
    return stack;
  });
}

class ExampleStack extends EstateStack {}

/** cdktf creates the folder of an app at once, although nothing is written before `app.synth()`. */
function emptyApp(): App {
  const outdir = mkdtempSync(join(tmpdir(), 'synth-'));
  try {
    return new App({ outdir, stackTraces: false });
  } finally {
    rmSync(outdir, { recursive: true });
  }
}
