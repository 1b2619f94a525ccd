import type { z } from 'zod';
import { isPlain, optionFor, profiles, unwrap, type Profile } from './schema';

/** Origin of a value that the environment's settings do not have: the schema, or the profile if profiles differ. */
export type DefaultOrigin = 'default' | `profile ${Profile}`;

/** Called for every value that was filled in, with its path. */
export type OnDefault = (path: readonly string[], origin: DefaultOrigin) => void;

/**
 * The given settings, completed with the defaults of the schema and of the profile. Objects are merged and lists
 * replaced; a key with the value `undefined` counts as missing. Never fails: a value of a wrong type stays as it is,
 * for the check of the shape to report.
 * @param profile which defaults to use; an object with a setting `profile` chooses for its content
 */
export function fill(
  schema: z.ZodType,
  written: unknown,
  profile: Profile,
  onDefault: OnDefault = () => undefined,
  path: readonly string[] = [],
): unknown {
  const setting = unwrap(schema);
  const { inProfile } = setting.note;
  const differs = inProfile && JSON.stringify(inProfile.production) !== JSON.stringify(inProfile.development);
  const value = merge(
    setting.defaults?.[profile] ?? (setting.isSectionOfDefaults ? {} : undefined),
    written,
    (inside) => {
      if (setting.defaults) onDefault([...path, ...inside], differs ? `profile ${profile}` : 'default');
    },
  );
  if (value === undefined) return undefined;
  const { shape, valueType, element } = setting.def;
  const chosen = isPlain(value) && shape && Object.hasOwn(shape, 'profile') ? value['profile'] : undefined;
  const within = profiles.find((each) => each === chosen) ?? profile;
  const inside = (part: z.ZodType, given: unknown, key: string) => fill(part, given, within, onDefault, [...path, key]);
  if (setting.def.options) {
    const option = optionFor(setting, value);
    return option ? fill(option, value, profile, onDefault, path) : value;
  }
  if (shape && isPlain(value)) {
    const given = value;
    const keys = [...Object.keys(shape), ...Object.keys(given).filter((key) => !Object.hasOwn(shape, key))];
    return Object.fromEntries(
      keys
        .map((key): [string, unknown] => {
          const own = Object.hasOwn(given, key) ? given[key] : undefined;
          return [key, Object.hasOwn(shape, key) ? inside(shape[key]!, own, key) : own];
        })
        .filter(([, each]) => each !== undefined),
    );
  }
  if (valueType && isPlain(value)) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, each]) => each !== undefined)
        .map(([key, each]) => [key, inside(valueType, each, key)]),
    );
  }
  if (element && Array.isArray(value)) return value.map((each, index) => inside(element, each, String(index)));
  return value;
}

/** The given value, completed with the parts of a default. */
function merge(
  byDefault: unknown,
  written: unknown,
  onDefault: (path: readonly string[]) => void,
  path: readonly string[] = [],
): unknown {
  if (byDefault === undefined) return written;
  if (written === undefined) {
    onDefault(path);
    return byDefault;
  }
  if (!isPlain(byDefault) || !isPlain(written)) return written;
  const missing = Object.keys(byDefault).filter((key) => !Object.hasOwn(written, key));
  return Object.fromEntries(
    [...missing, ...Object.keys(written)].map((key) => [
      key,
      merge(Object.hasOwn(byDefault, key) ? byDefault[key] : undefined, written[key], onDefault, [...path, key]),
    ]),
  );
}
