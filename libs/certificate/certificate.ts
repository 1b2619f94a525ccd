import { AcmCertificate } from '@cdktf/provider-aws/lib/acm-certificate';
import { AcmCertificateValidation } from '@cdktf/provider-aws/lib/acm-certificate-validation';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { alarmsOf } from '@platform/libs/observability/alarms';
import type { EstateStack } from '@platform/libs/stack/estate-stack';
import { waive } from '@platform/libs/stack/waive';

export interface CertificateProps {
  /** Names that it covers, the first is its subject: `['example.com', '*.example.com']`. */
  readonly names: readonly [string, ...string[]];
  /** Name of the validation record, from the zone's contract. The record must exist before. */
  readonly validationRecord: string;
  /** Default: the stack's provider. Distributions use certificates in us-east-1 only. */
  readonly provider?: AwsProvider;
}

/**
 * A public ACM certificate that is issued, not only requested, once {@link arn} is known.
 *
 * It creates no DNS record. The validation record is the same for every certificate of an account, in every region (ACM
 * FAQ, "How does ACM construct CNAME records?"), so the zone's stack owns it, once per account. If ACM asks for another
 * record, the apply fails at once.
 *
 * ACM renews it while it is in use and the record exists. A certificate has up to 10 names (ACM user guide, "Quotas").
 */
export class Certificate extends Construct {
  /** ARN of the issued certificate. */
  readonly arn: string;

  constructor(scope: Construct, id: string, props: CertificateProps) {
    super(scope, id);
    const { names, validationRecord } = props;
    const provider = props.provider ? { provider: props.provider } : {};
    const [domainName, ...subjectAlternativeNames] = names;
    const certificate = new AcmCertificate(this, 'Certificate', {
      ...provider,
      domainName,
      subjectAlternativeNames,
      validationMethod: 'DNS',
      options: { certificateTransparencyLoggingPreference: 'ENABLED' },
      // Listeners use a new certificate before the old one is destroyed.
      lifecycle: { createBeforeDestroy: true },
    });
    if (names.some((name) => name.startsWith('*'))) {
      waive(certificate, {
        CKV2_AWS_71:
          'one certificate for the names of all regions: a new region or name needs no new one while traffic moves',
      });
    }
    this.arn = new AcmCertificateValidation(this, 'Validation', {
      ...provider,
      certificateArn: certificate.arn,
      validationRecordFqdns: [validationRecord],
      // Takes minutes if the zone is delegated, and never ends if not. ACM itself waits for 72 hours.
      timeouts: { create: '30m' },
    }).certificateArn;
    const { certificateDays } = (TerraformStack.of(this) as EstateStack).environment.observability;
    // Published twice a day while the certificate is valid
    // (https://docs.aws.amazon.com/acm/latest/userguide/cloudwatch-metrics.html).
    alarmsOf(this, props.provider).add('CertificateExpires', {
      description: `The certificate for ${domainName} expires in less than ${certificateDays} days and was not renewed: see that its validation record exists in the zone`,
      metric: {
        namespace: 'AWS/CertificateManager',
        metricName: 'DaysToExpiry',
        dimensions: { CertificateArn: this.arn },
        statistic: 'Minimum',
        periodSec: 86_400,
      },
      below: certificateDays,
      missing: 'breaching',
    });
  }
}
