import { shownOutputs, shownResources } from './show-state';

test('a state is shown by address, in all modules, its sensitive values replaced', () => {
  const resource = (address: string, values: object, sensitive_values: object = {}, mode = 'managed') => ({
    address,
    type: address.split('.').at(-2)!,
    mode,
    values,
    sensitive_values,
  });
  const root_module = {
    resources: [
      resource('aws_vpc.B', { id: 'vpc-1', tags: {} }),
      resource(
        'aws_db_instance.A',
        { id: 'db', password: 'hunter2', replica: [{ key: 'hunter3' }] },
        { password: true, replica: [{ key: true }] },
      ),
      resource('data.aws_vpc.C', { id: 'x' }, {}, 'data'),
    ],
    child_modules: [{ resources: [resource('module.m.aws_vpc.D', { id: 'vpc-2' })] }],
  };
  const shown = shownResources({ values: { root_module } });
  expect(shown.map(({ address }) => address)).toEqual(['aws_db_instance.A', 'aws_vpc.B', 'module.m.aws_vpc.D']);
  expect(shown[0]!.values).toEqual({ id: 'db', password: '(sensitive)', replica: [{ key: '(sensitive)' }] });
  expect(JSON.stringify(shown)).not.toContain('hunter');
  expect(shownResources({})).toEqual([]);
});

test('outputs are shown by name, sensitive ones replaced', () => {
  const outputs = { b: { value: ['x'] }, a: { value: 'hunter2', sensitive: true } };
  expect(shownOutputs({ outputs })).toEqual({ a: '(sensitive)', b: ['x'] });
  expect(shownOutputs({})).toEqual({});
});
