import { SecretsmanagerSecret } from '@cdktf/provider-aws/lib/secretsmanager-secret';
import { SecretsmanagerSecretVersion } from '@cdktf/provider-aws/lib/secretsmanager-secret-version';
import { conditional, Fn, Op, propertyAccess, ref, TerraformStack, Token, type IResolvable } from 'cdktf';
import { Construct } from 'constructs';
import { waive } from '@platform/libs/stack/waive';

/**
 * Terraform opens an ephemeral resource while it plans, unless an argument is unknown, and `timestamp()` is unknown
 * until apply. So a plan makes no call to Secrets Manager, and offline plans work. `never` only has to differ from
 * `value`: with equal values Terraform would know the result.
 */
function knownAtApply(value: unknown, never: unknown): IResolvable {
  return conditional(Op.eq(Fn.timestamp(), 'never'), never, value) as IResolvable;
}

/** Adds an ephemeral resource, for which cdktf has no class. Returns the reference to one of its attributes. */
function addEphemeral(
  scope: Construct,
  type: string,
  name: string,
  attribute: string,
  body: Readonly<Record<string, unknown>>,
): IResolvable {
  TerraformStack.of(scope).addOverride(`ephemeral.${type}.${name}`, body);
  return ref(`ephemeral.${type}.${name}.${attribute}`, TerraformStack.of(scope));
}

export interface PasswordSecretProps {
  /** Name of the secret, the same in every region. */
  readonly name: string;
  /** User name, stored in the secret beside the password; not a secret itself. */
  readonly username: string;
  readonly kmsKeyArn: string;
  /** Regions that get a copy of the secret, encrypted with their own key. */
  readonly replicas: readonly { readonly awsRegion: string; readonly kmsKeyArn: string }[];
  /** `gone`: a deleted secret is deleted at once, so that its name can be used again. `recoverable`: after 30 days. */
  readonly afterDestroy: 'recoverable' | 'gone';
}

/**
 * A user name and a password that AWS generates, in Secrets Manager, with a copy in every other region. The password is
 * in no state, plan or output: it goes from an ephemeral resource into a write-only argument, which needs Terraform
 * 1.11 or OpenTofu 1.11.
 *
 * It is written once. To rotate it, change it in Secrets Manager and in the database, in the writer's region; Terraform
 * ignores the value after creation. A value has at most 65,536 bytes (Secrets Manager user guide, "AWS Secrets Manager
 * quotas").
 */
export class PasswordSecret extends Construct {
  private readonly secret: SecretsmanagerSecret;

  constructor(scope: Construct, id: string, props: PasswordSecretProps) {
    super(scope, id);
    this.secret = new SecretsmanagerSecret(this, 'Secret', {
      name: props.name,
      description: `Administrator of ${props.name}`,
      kmsKeyId: props.kmsKeyArn,
      recoveryWindowInDays: props.afterDestroy === 'recoverable' ? 30 : 0,
      replica: props.replicas.map(({ awsRegion, kmsKeyArn }) => ({ region: awsRegion, kmsKeyId: kmsKeyArn })),
    });
    waive(this.secret, {
      CKV2_AWS_57:
        'automatic rotation would need the region of the writer, which a failover changes; it is rotated by hand',
    });
    const password = addEphemeral(this, 'aws_secretsmanager_random_password', id, 'random_password', {
      // RDS accepts up to 99 characters for PostgreSQL, without / @ " and space.
      password_length: knownAtApply(40, 41),
      exclude_punctuation: true,
    });
    new SecretsmanagerSecretVersion(this, 'Password', {
      secretId: this.secret.id,
      secretStringWo: Fn.jsonencode({ username: props.username, password }),
      secretStringWoVersion: 1,
    });
  }

  /** ARN of the secret in its own region, or of its copy in another: copies differ in the region only. */
  arnIn(homeAwsRegion: string, awsRegion: string): string {
    return awsRegion === homeAwsRegion
      ? this.secret.arn
      : Fn.replace(this.secret.arn, `:${homeAwsRegion}:`, `:${awsRegion}:`);
  }
}

/**
 * Value for a write-only argument: the password in the secret `secretArn`, read at apply. `name` must be unique in the
 * stack.
 */
export function passwordOf(scope: Construct, name: string, secretArn: string): string {
  const secret = addEphemeral(scope, 'aws_secretsmanager_secret_version', name, 'secret_string', {
    secret_id: knownAtApply(secretArn, ''),
  });
  return Token.asString(propertyAccess(Fn.jsondecode(Token.asString(secret)), ['password']));
}
