import { Token } from 'cdktf';
import { defineContract, list, map, text } from '@platform/libs/contract/contract';
import { exampleRegions } from '@platform/libs/testing/example-settings';
import { withPublishedExamples } from './published-examples';

const contract = defineContract({
  stack: 'a',
  project: 'global/a',
  stateRegion: exampleRegions[0],
  fields: {
    id: text('Id', 'vpc-1'),
    subnets: list('Subnets', ['subnet-1', 'subnet-2']),
    tables: map('Tables', { sessions: 'table/sessions' }),
    attachments: map('Attachments', {}),
  },
});
const unknown = Token.asString({ resolve: () => '${aws_vpc.Vpc.id}' });
const examples = (values: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(withPublishedExamples(contract, values).fields).map(([name, { example }]) => [name, example]),
  );

test('examples have the keys and the number of values that are published', () => {
  expect(
    examples({
      id: unknown,
      subnets: [unknown, unknown, unknown],
      tables: { sessions: unknown, invoices: 'table/prod-invoices', orders: unknown },
      attachments: { office: unknown },
    }),
  ).toEqual({
    id: 'vpc-1',
    subnets: ['subnet-1', 'subnet-2', 'subnet-1'],
    tables: { sessions: 'table/sessions', invoices: 'table/prod-invoices', orders: 'table/sessions' },
    attachments: {},
  });
  expect(examples({ id: 'vpc-9', subnets: [unknown], tables: { invoices: unknown }, attachments: {} })).toMatchObject({
    subnets: ['subnet-1'],
    tables: { invoices: 'table/sessions' },
  });
});

test('examples stay where nothing is published, or one reference for all', () => {
  const declared = {
    id: 'vpc-1',
    subnets: ['subnet-1', 'subnet-2'],
    tables: { sessions: 'table/sessions' },
    attachments: {},
  };
  expect(examples({ id: '', subnets: [], tables: {}, attachments: {} })).toEqual(declared);
  const one = { resolve: () => '${data.x}' };
  expect(
    examples({ id: unknown, subnets: Token.asList(one), tables: Token.asStringMap(one), attachments: {} }),
  ).toEqual(declared);
});
