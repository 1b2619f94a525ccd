import { AcmCertificate } from '@cdktf/provider-aws/lib/acm-certificate';
import { AcmCertificateValidation } from '@cdktf/provider-aws/lib/acm-certificate-validation';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Construct } from 'constructs';
import { waive } from '@platform/libs/stack/waive';

export interface CertificateProps {
  /** Names that it covers, the first is its subject: `['example.com', '*.example.com']`. */
  readonly names: readonly [string, ...string[]];
  /** Name of the record that validates it, from the contract of the zone: it must exist before. */
  readonly validationRecord: string;
  /** Default: the stack's provider. Distributions take certificates of us-east-1 only. */
  readonly provider?: AwsProvider;
}

/**
 * A public certificate of ACM that is usable once {@link arn} is known: it is issued, not only requested.
 *
 * It makes no DNS record. The record that proves a domain to ACM is the same for every certificate of one account, in
 * every region (ACM FAQ, "How does ACM construct CNAME records?"), so the zone's stack owns it once per account, and a
 * region's stack neither writes into another account nor takes the record of its twin along when it is destroyed.
 * Where ACM asks for another record than the one given, the apply fails at once.
 *
 * Free. ACM renews it for as long as it is in use and the record stands. It has 10 names unless more were asked for (ACM user
 * guide, "Quotas").
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
      // Listeners move to a new certificate before the old one goes.
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
      // Minutes when the zone is delegated; never when it is not. ACM itself waits for 72 hours.
      timeouts: { create: '30m' },
    }).certificateArn;
  }
}
