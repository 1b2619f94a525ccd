import { expectTwins } from './expect-twins';
import { SynthesisedStack } from './synthesised-stack';

const stackOf = (...vpcs: string[]) =>
  new SynthesisedStack({ resource: { aws_vpc: Object.fromEntries(vpcs.map((name) => [name, {}])) } });

describe('counterpart stacks', () => {
  test('pass if their addresses are equal', () => {
    expect(() => expectTwins(stackOf('A', 'B'), stackOf('B', 'A'))).not.toThrow();
  });

  test('fail with every address that only one of them has', () => {
    expect(() => expectTwins(stackOf('A', 'B'), stackOf('B', 'C'))).toThrow(
      'counterpart stacks differ\n  only in the first: aws_vpc.A\n  only in the second: aws_vpc.C',
    );
  });

  test('may differ by a declared exception, while it is needed', () => {
    expect(() => expectTwins(stackOf('A', 'B'), stackOf('B'), ['aws_vpc.A'])).not.toThrow();
    expect(() => expectTwins(stackOf('B'), stackOf('B'), ['aws_vpc.A'])).toThrow('needless exception: aws_vpc.A');
  });
});
