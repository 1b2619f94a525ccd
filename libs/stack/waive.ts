import { TerraformStack, type TerraformResource } from 'cdktf';
import type { IConstruct } from 'constructs';
import { WrongUse } from '@platform/libs/settings/problem';

/** Id of a check: of checkov, or of `tools/actions/scan/security-checks.ts`. */
export type CheckId = `CKV_AWS_${number}` | `CKV2_AWS_${number}` | `PLATFORM_${string}`;

/** A check that one resource may fail, and why. */
export interface Waiver {
  /** Terraform address: `aws_s3_bucket.Logs_Bucket_BB5DCA12`. */
  readonly address: string;
  readonly check: CheckId;
  readonly reason: string;
}

const metadataType = 'platform.waiver';
type Waived = Pick<Waiver, 'check' | 'reason'> & { readonly resource: TerraformResource };

/**
 * Allows one resource to fail checks of `npx platform scan`, each with a reason: why the check is wrong here, or what
 * it would cost and what protects the resource instead. The scan fails if a waiver is not needed, so a waiver that only
 * some settings need is added with those only. It does not change the Terraform JSON, so plans stay valid.
 *
 * @example waive(bucket, { CKV_AWS_18: 'it holds the access logs of the others; its own log would log itself' });
 */
export function waive(resource: TerraformResource, reasons: Readonly<Record<CheckId, string>>): void {
  const { node } = TerraformStack.of(resource);
  for (const [check, reason] of Object.entries(reasons) as [CheckId, string][]) {
    if (!reason.trim()) {
      throw new WrongUse(`${resource.node.path}: ${check} is waived without a reason; say why it may fail`);
    }
    if (waivedIn(node).some((other) => other.resource === resource && other.check === check)) {
      throw new WrongUse(`${resource.node.path}: ${check} is waived twice; keep one of the two`);
    }
    node.addMetadata(metadataType, { resource, check, reason } satisfies Waived);
  }
}

/** All waivers of a stack, in the order in which they were added. */
export function waiversOf(stack: TerraformStack): readonly Waiver[] {
  return waivedIn(stack.node).map(({ resource, check, reason }) => ({
    address: `${resource.terraformResourceType}.${resource.friendlyUniqueId}`,
    check,
    reason,
  }));
}

function waivedIn(node: IConstruct['node']): readonly Waived[] {
  return node.metadata.filter(({ type }) => type === metadataType).map(({ data }) => data as Waived);
}
