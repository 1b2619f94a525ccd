import { BudgetsBudget } from '@cdktf/provider-aws/lib/budgets-budget';
import { CeAnomalyMonitor } from '@cdktf/provider-aws/lib/ce-anomaly-monitor';
import { CeAnomalySubscription } from '@cdktf/provider-aws/lib/ce-anomaly-subscription';
import { Construct } from 'constructs';
import type { GuardrailsSettings } from '@platform/libs/settings/guardrails';

export interface CostAlertsProps {
  /** Name of the environment. */
  readonly name: string;
  readonly settings: GuardrailsSettings;
  /** Accounts whose cost counts. */
  readonly accountIds: readonly string[];
  /** Mail addresses. */
  readonly recipients: readonly string[];
}

/**
 * A monthly budget with a mail on the forecast and one on the actual cost, and anomaly detection, over linked accounts: by
 * account and not by tag, because a tag has to be activated for billing first, and some costs bear none.
 *
 * Billing data come up to three times a day, so a budget stops nothing; it tells (Cost Management user guide, "Managing
 * your costs with AWS Budgets"). A budget notifies up to 10 addresses.
 */
export class CostAlerts extends Construct {
  constructor(scope: Construct, id: string, { name, settings, accountIds, recipients }: CostAlertsProps) {
    super(scope, id);
    const { budget, anomalies } = settings;
    const addresses = recipients.slice(0, 10);
    if (budget) {
      new BudgetsBudget(this, 'Budget', {
        name: `${name}-monthly`,
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        limitAmount: String(budget.monthlyUsd),
        limitUnit: 'USD',
        costFilter: [{ name: 'LinkedAccount', values: [...accountIds] }],
        notification: (['FORECASTED', 'ACTUAL'] as const).map((notificationType) => ({
          notificationType,
          comparisonOperator: 'GREATER_THAN',
          threshold: notificationType === 'FORECASTED' ? budget.forecastPercent : budget.actualPercent,
          thresholdType: 'PERCENTAGE',
          subscriberEmailAddresses: addresses,
        })),
      });
    }
    if (anomalies) {
      const monitor = new CeAnomalyMonitor(this, 'Anomalies', {
        name: `${name}-accounts`,
        monitorType: 'CUSTOM',
        monitorSpecification: JSON.stringify({
          Dimensions: { Key: 'LINKED_ACCOUNT', Values: accountIds, MatchOptions: null },
          And: null,
          CostCategories: null,
          Not: null,
          Or: null,
          Tags: null,
        }),
      });
      new CeAnomalySubscription(this, 'AnomalyMails', {
        name: `${name}-anomalies`,
        frequency: 'DAILY',
        monitorArnList: [monitor.arn],
        subscriber: addresses.map((address) => ({ type: 'EMAIL', address })),
        thresholdExpression: {
          dimension: {
            key: 'ANOMALY_TOTAL_IMPACT_ABSOLUTE',
            matchOptions: ['GREATER_THAN_OR_EQUAL'],
            values: [String(anomalies.impactUsd)],
          },
        },
      });
    }
  }
}
