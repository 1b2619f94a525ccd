import { AcmCertificate } from '@cdktf/provider-aws/lib/acm-certificate';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Route53Record } from '@cdktf/provider-aws/lib/route53-record';
import { Construct } from 'constructs';

export interface ValidationRecordProps {
  /** Domain whose certificates it validates, including those for `*.` below it. */
  readonly domain: string;
  readonly zoneId: string;
  /** TTL in seconds. */
  readonly ttlSec: number;
  /** A provider of the account whose certificates it validates, in any region. */
  readonly certificateAccount: AwsProvider;
}

/**
 * The DNS record that validates an account's certificates for a domain, in every region. Its content is known only from
 * a certificate, so this construct requests one that is not used otherwise. ACM does not renew an unused certificate,
 * which does not matter: the record stays the same. An account has up to 2,500 certificates in a region, including
 * expired ones (ACM user guide, "Quotas").
 */
export class ValidationRecord extends Construct {
  /** Full name of the record, without a trailing dot. */
  readonly name: string;

  constructor(scope: Construct, id: string, props: ValidationRecordProps) {
    super(scope, id);
    const { domain, zoneId, ttlSec, certificateAccount } = props;
    const { domainValidationOptions } = new AcmCertificate(this, 'Probe', {
      provider: certificateAccount,
      domainName: domain,
      validationMethod: 'DNS',
      options: { certificateTransparencyLoggingPreference: 'ENABLED' },
      lifecycle: { createBeforeDestroy: true },
    });
    const option = domainValidationOptions.get(0);
    this.name = new Route53Record(this, 'Record', {
      zoneId,
      name: option.resourceRecordName,
      type: option.resourceRecordType,
      records: [option.resourceRecordValue],
      ttl: ttlSec,
      // An account that had certificates for the domain before already has the record, with the same content.
      allowOverwrite: true,
    }).fqdn;
  }
}
