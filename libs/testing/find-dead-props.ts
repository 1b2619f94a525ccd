import type { EstateStack } from '@platform/libs/stack/estate-stack';
import { synthConstruct } from './synth-stack';

/** A second value for every prop, which must change the synthesised JSON. */
export type SecondValues<P> = { readonly [name in keyof Required<P>]: P[name] };

/**
 * Names of the props that change nothing: the JSON is the same with the base value and the second one. A prop without a
 * second value does not compile. `undefined` as a second value omits an optional prop.
 *
 * @example expect(findDeadProps(base, seconds, (stack, props) => new Vpc(stack, 'Vpc', props))).toEqual([]);
 */
export function findDeadProps<P extends object>(
  base: P,
  seconds: SecondValues<P>,
  build: (stack: EstateStack, props: P) => void,
): (keyof P)[] {
  const synth = (props: P) => JSON.stringify(synthConstruct((stack) => build(stack, props)).json);
  const before = synth(base);
  return (Object.keys(seconds) as (keyof P)[]).filter((name) => {
    const props: P = { ...base, [name]: seconds[name] };
    if (seconds[name] === undefined) delete props[name];
    return synth(props) === before;
  });
}
