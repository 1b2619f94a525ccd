import { z } from 'zod';

/** An object with exactly the keys of `T`: a field of the interface that has no shape does not compile. */
export function shapeOf<T>(fields: { readonly [name in keyof Required<T>]: z.ZodType }) {
  return z.strictObject(fields as Record<string, z.ZodType>);
}
