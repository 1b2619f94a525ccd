import type { AccountRole } from '@platform/libs/settings/organisation';
import type { StackDescription } from '@platform/libs/stack/estate-stack';
import type { Configuration } from './configuration';

/** A synthesised stack, and the accounts of its environment by role. */
export interface PlacedStack {
  readonly stack: Pick<StackDescription, 'stack' | 'account' | 'awsRegion' | 'aliases'>;
  readonly configuration: Configuration;
  readonly accounts: Readonly<Record<AccountRole, string>>;
}

/** A resource of a synthesised stack, and where its provider makes it. */
export interface PlacedResource {
  readonly stack: string;
  readonly type: string;
  readonly name: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly role: AccountRole;
  /** Account id of its provider. */
  readonly account: string;
  readonly awsRegion: string;
}

/** Every resource of a stack with the account and AWS region of its provider. */
export function placedResources({ stack, configuration, accounts }: PlacedStack): PlacedResource[] {
  return Object.entries(configuration.resource ?? {}).flatMap(([type, resources]) =>
    Object.entries(resources).map(([name, body]) => {
      const alias = /^aws\.(.+)$/.exec(String(body['provider']))?.[1];
      const provider = stack.aliases.find((each) => each.alias === alias) ?? stack;
      const { account: role, awsRegion } = provider;
      return { stack: stack.stack, type, name, body, role, account: accounts[role], awsRegion };
    }),
  );
}

/** `aws_vpc.Network of region-us-vpc` */
export function addressOf({ stack, type, name }: Pick<PlacedResource, 'stack' | 'type' | 'name'>): string {
  return `${type}.${name} of ${stack}`;
}
