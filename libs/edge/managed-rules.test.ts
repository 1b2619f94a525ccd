import type { FirewallSettings } from '@platform/libs/settings/firewall';
import { exampleEnvironment } from '@platform/libs/testing/example-settings';
import { managedRule } from './managed-rules';

const { firewall } = exampleEnvironment();
const common = (settings: Partial<FirewallSettings['common']>) =>
  managedRule('common', { ...firewall, common: { mode: 'block', ...settings } });

test('a group counts or blocks, at a version of its own, except for the rules that the settings name', () => {
  expect(common({})).toEqual({
    overrideAction: { none: {} },
    statement: { managed_rule_group_statement: { vendor_name: 'AWS', name: 'AWSManagedRulesCommonRuleSet' } },
  });
  expect(common({ mode: 'count' }).overrideAction).toEqual({ count: {} });
  expect(common({ version: 'Version_1.13', rules: { SizeRestrictions_BODY: 'count' } }).statement).toEqual({
    managed_rule_group_statement: {
      vendor_name: 'AWS',
      name: 'AWSManagedRulesCommonRuleSet',
      version: 'Version_1.13',
      rule_action_override: [{ name: 'SizeRestrictions_BODY', action_to_use: { count: {} } }],
    },
  });
});
