import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { organisationSchema } from './organisation';
import { describedSettings, referenceFile, settingsReference, undescribedSettings } from './reference';
import { regionSchema } from './region';
import { section, text, whole } from './schema';

test('every setting has a description, and every number a unit', () => {
  expect([...undescribedSettings(organisationSchema), ...undescribedSettings(regionSchema)]).toEqual([]);
});

test('finds a setting without a description and a number without a unit, at any depth', () => {
  const schema = section('', {
    outer: section('An object.', {
      silent: text({ is: '' }),
      count: whole({ is: 'A number.', unit: '', from: 1, to: 2 }),
    }),
  });
  expect(undescribedSettings(schema)).toEqual(['outer.silent: has no description', 'outer.count: has no unit']);
});

test('finds settings in objects, lists, records and unions', () => {
  const paths = describedSettings(organisationSchema).map(({ path }) => path);
  expect(paths).toEqual(
    expect.arrayContaining([
      'environments.<name>.externalAttachments[].cidr',
      'environments.<name>.dataStores.database.instances.active',
      'environments.<name>.dataStores.database.storageGib',
      'environments.<name>.dataStores.tables.<name>.capacity.minUnits',
      'onPremises.connectivity.<name>.directConnect.connections[].vlan',
    ]),
  );
  expect(new Set(paths).size).toBe(paths.length);
});

test('a setting of one union member only says which', () => {
  const described = describedSettings(organisationSchema);
  const only = (key: string) => described.find(({ path }) => path.endsWith(`.database.${key}`))?.only;
  expect([only('storageGib'), only('writeForwarding'), only('engineVersion')]).toEqual([
    'engine: rds-postgresql',
    'engine: aurora-global',
    undefined,
  ]);
});

test(`${referenceFile} is up to date; npx platform settings --write-reference writes it`, () => {
  expect(readFileSync(join(__dirname, '..', '..', referenceFile), 'utf8')).toBe(settingsReference());
});
