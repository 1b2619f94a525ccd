import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generators } from '@platform/tools/actions/new/generator-options';

interface Schema {
  readonly properties: Readonly<Record<string, { readonly type: string }>>;
  readonly required?: readonly string[];
}
const read = (file: string) => JSON.parse(readFileSync(join(__dirname, file), 'utf8')) as never;
const camel = (name: string) => name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

test('Nx knows every generator, with the options that it has', () => {
  const { generators: known } = read('generators.json') as { generators: Record<string, { schema: string }> };
  expect(Object.keys(known)).toEqual(generators.map(({ name }) => name));
  for (const { name, argument, options } of generators) {
    const { schema } = known[name]!;
    expect(existsSync(join(__dirname, schema))).toBe(true);
    const { properties, required = [] } = read(schema) as Schema;
    const own = [...(argument ? [argument.name] : []), ...options.map((option) => camel(option.name))];
    expect([name, Object.keys(properties)]).toEqual([name, own]);
    const needed = [
      ...(argument ? [argument.name] : []),
      ...options.filter((each) => each.required && each.unless === undefined).map((each) => camel(each.name)),
    ];
    expect([name, required]).toEqual([name, needed]);
    for (const option of options) expect(properties[camel(option.name)]!.type).toBe(option.many ? 'array' : 'string');
  }
});
