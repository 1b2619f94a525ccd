import type { Difference } from '@platform/libs/settings/differences';
import { expectTwins } from './expect-twins';
import { SynthesisedStack } from './synthesised-stack';

const stackOf = (...paths: string[]) =>
  new SynthesisedStack({
    resource: {
      aws_vpc: Object.fromEntries(
        paths.map((path) => [path.replaceAll('/', '_'), { '//': { metadata: { path: `stack/${path}` } } }]),
      ),
    },
  });
const difference = (here: Difference['here']): Difference => ({ here, reason: 'a reason', owner: 'platform' });

describe('counterpart stacks', () => {
  test('pass if their addresses are equal', () => {
    expect(() => expectTwins(stackOf('A', 'B'), stackOf('B', 'A'))).not.toThrow();
  });

  test('fail with every address that only one of them has', () => {
    expect(() => expectTwins(stackOf('A', 'B'), stackOf('B', 'C'))).toThrow(
      'counterpart stacks differ\n  only in the first: aws_vpc.A\n  only in the second: aws_vpc.C',
    );
  });

  test('may differ in what one of them adds or omits, with everything below it', () => {
    const more = stackOf('A/One', 'A/Two', 'B');
    const less = stackOf('B');
    for (const declared of [
      { first: { A: difference('added') } },
      { second: { A: difference('omitted') } },
      { second: { 'A/One': difference('omitted'), 'A/Two': difference('omitted') } },
    ]) {
      expect(() => expectTwins(more, less, declared)).not.toThrow();
    }
    expect(() => expectTwins(more, less, { second: { 'A/One': difference('omitted') } })).toThrow('aws_vpc.A_Two');
    expect(() => expectTwins(stackOf('A', 'AB'), stackOf(), { first: { A: difference('added') } })).toThrow(
      'aws_vpc.AB',
    );
  });

  test('may not differ in another way than declared', () => {
    for (const declared of [{ first: { A: difference('omitted') } }, { second: { A: difference('added') } }]) {
      expect(() => expectTwins(stackOf('A'), stackOf(), declared)).toThrow('only in the first: aws_vpc.A');
    }
  });

  test('may not declare a difference that does not exist', () => {
    expect(() => expectTwins(stackOf('B'), stackOf('B'), { first: { A: difference('added') } })).toThrow(
      'declared by the first, but equal: A',
    );
    expect(() => expectTwins(stackOf('B'), stackOf('B'), { second: { B: difference('added') } })).toThrow(
      'declared by the second, but equal: B',
    );
  });
});
