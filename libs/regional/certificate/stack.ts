import { Fn } from 'cdktf';
import type { Construct } from 'constructs';
import { Certificate } from '@platform/libs/certificate/certificate';
import type { CertificateContract } from '@platform/libs/certificate/contract';
import type { Contract, Field } from '@platform/libs/contract/contract';
import { certificateNames } from '@platform/libs/edge/names';
import type { Environment } from '@platform/libs/settings/environment';
import { EstateStack, type RegionalStackProps } from '@platform/libs/stack/estate-stack';

export interface RegionalCertificateProps extends RegionalStackProps<CertificateContract> {
  /** In the home region. */
  readonly upstream: {
    /** The public hosted zone, which holds the validation records by account role. */
    readonly zone: Contract<{ readonly validationRecords: Field<'map'> }>;
  };
}

/**
 * The certificate of the region's load balancer. It has its own stack, because it reads the zone's state in the home region.
 * The application's stack reads only this one, so that it can be deployed while the home region is lost.
 */
export class RegionalCertificate extends EstateStack {
  constructor(scope: Construct, environment: Environment, { upstream, ...props }: RegionalCertificateProps) {
    super(scope, { environment, account: 'workload', ...props });
    const { validationRecords } = this.read(upstream.zone);
    const { arn } = new Certificate(this, 'Certificate', {
      names: certificateNames(environment),
      validationRecord: Fn.lookup(validationRecords, 'workload'),
    });
    this.publish(props.contract, { certificateArn: arn });
  }
}
