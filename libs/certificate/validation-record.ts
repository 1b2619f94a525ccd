import { AcmCertificate } from '@cdktf/provider-aws/lib/acm-certificate';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Route53Record } from '@cdktf/provider-aws/lib/route53-record';
import { Construct } from 'constructs';

export interface ValidationRecordProps {
  /** Domain whose certificates it validates, and those for `*.` below it. */
  readonly domain: string;
  readonly zoneId: string;
  /** Seconds that resolvers keep it. */
  readonly ttlSec: number;
  /** A provider of the account whose certificates it validates; any region will do. */
  readonly certificateAccount: AwsProvider;
}

/**
 * The DNS record by which ACM knows that an account may have certificates for a domain, in every region. What the record
 * says is known only from a certificate, so one is requested that nothing uses: ACM does not renew such a certificate
 * when it ends, and need not, the record stays the same. Free. An account has 2,500 certificates in a region unless more were
 * asked for, expired ones included (ACM user guide, "Quotas").
 */
export class ValidationRecord extends Construct {
  /** Full name of the record, without a dot at the end. */
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
      // An account that had certificates for the domain before has the record already, and it says the same.
      allowOverwrite: true,
    }).fqdn;
  }
}
