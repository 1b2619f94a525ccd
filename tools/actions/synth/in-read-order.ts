import { formatProblem, WrongUse, type Problem } from '@platform/libs/settings/problem';
import type { EstateStack, StackDescription } from '@platform/libs/stack/estate-stack';
import { projectName } from '@platform/tools/workspace/stack-folders';

/** A stack, and the project folder whose `main.ts` added it. */
export interface MadeStack {
  readonly folder: string;
  readonly stack: EstateStack;
}

/** The stacks do not fit together: all that is wrong between them, in one message. */
export class EstateError extends WrongUse {
  override readonly name = 'EstateError';

  constructor(readonly problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('\n'));
  }
}

/**
 * Descriptions in an order in which every stack comes after those whose state it reads; else in the order of their names.
 * @throws EstateError when a stack is in the wrong folder, reads what no contract has, or reads itself through others.
 */
export function inReadOrder(made: readonly MadeStack[]): StackDescription[] {
  const byName = new Map(made.map(({ folder, stack }) => [stack.describe().stack, { folder, stack }]));
  const problems = [
    ...made.flatMap(checkFolder),
    ...made.flatMap(({ stack }) =>
      stack.contractsRead.flatMap((contract) =>
        checkRead(stack.describe(), contract, byName.get(contract.stack)?.stack),
      ),
    ),
  ];
  if (problems.length > 0) throw new EstateError(distinct(problems));

  const ordered = new Set<StackDescription>();
  const descriptions = new Map([...byName].map(([name, { stack }]) => [name, stack.describe()]));
  const visit = (stack: StackDescription, path: string[]) => {
    if (ordered.has(stack)) return;
    if (path.includes(stack.stack)) throw new EstateError([circle([...path, stack.stack])]);
    for (const read of stack.reads) visit(descriptions.get(read)!, [...path, stack.stack]);
    ordered.add(stack);
  };
  for (const name of [...descriptions.keys()].sort()) visit(descriptions.get(name)!, []);
  return [...ordered];
}

function checkFolder({ folder, stack }: MadeStack): Problem[] {
  const { stack: name, project } = stack.describe();
  if (project !== folder) {
    return [
      {
        where: `${folder}/main.ts`,
        what: `its stack "${name}" says that its project is ${project}`,
        remedy: `give ${folder} a contract of its own`,
      },
    ];
  }
  const wanted = projectName(folder);
  if (name === wanted || name.startsWith(`${wanted}-`)) return [];
  return [
    {
      where: `${folder}/contract.ts`,
      what: `the stack is named "${name}"`,
      remedy: `name it ${wanted}, or ${wanted}-… where the folder has several`,
    },
  ];
}

function checkRead(
  { stack: reader, project }: StackDescription,
  contract: EstateStack['contractsRead'][number],
  producer: EstateStack | undefined,
): Problem[] {
  const where = `${project} (${reader})`;
  if (!producer) {
    return [
      {
        where,
        what: `it reads the state of "${contract.stack}", and there is no such stack`,
        remedy: 'do not read it with these settings, or add the project to the estate',
      },
    ];
  }
  if (!producer.publishesItsContract) {
    return [
      {
        where,
        what: `it reads the state of "${contract.stack}", which publishes nothing with these settings`,
        remedy: 'read it under the same condition, or publish it',
      },
    ];
  }
  const published = producer.describe().contract.fields;
  return Object.entries(contract.fields)
    .filter(([name, { kind }]) => published[name]?.kind !== kind)
    .map(([name, { kind }]) => ({
      where,
      what: `it reads ${name} of "${contract.stack}" as ${kind}, whose contract has ${published[name] ? `it as ${published[name].kind}` : 'no such field'}`,
      remedy: `read the contract that ${producer.describe().project}/contract.ts exports`,
    }));
}

function circle(path: string[]): Problem {
  return {
    where: path.at(-1)!,
    what: `stacks read each other in a circle: ${path.slice(path.indexOf(path.at(-1)!)).join(' → ')}`,
    remedy: 'let one of them stop reading, or move what both need into a third',
  };
}

function distinct(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [formatProblem(problem), problem])).values()];
}
