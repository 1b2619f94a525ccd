import { accountRoles } from '@platform/libs/settings/organisation';

/** An option of a generator, as `--aws-region`. */
export interface GeneratorOption {
  readonly name: string;
  readonly description: string;
  /** Asked for on a terminal if it is missing; elsewhere an error. */
  readonly required?: boolean;
  /** Option that makes this one unnecessary, although it is required. */
  readonly unless?: string;
  /** Asked for on a terminal if the generator has no option at all; an empty answer keeps what is there. */
  readonly asked?: boolean;
  /** May be given several times, or with commas. */
  readonly many?: boolean;
}

/** One thing that `npx platform new` makes. */
export interface Generator {
  readonly name: string;
  readonly description: string;
  /** What is made, as the first word after the generator's name. */
  readonly argument?: { readonly name: string; readonly description: string };
  readonly options: readonly GeneratorOption[];
}

const accountOptions = accountRoles.map((role) => ({
  name: `${role}-account`,
  description: `id of the ${role} account`,
  required: true,
  unless: 'remove',
}));

/** Everything that `npx platform new` and `nx generate` can make. */
export const generators: readonly Generator[] = [
  {
    name: 'init',
    description: 'write the organisation, domains, accounts, regions and ranges into the settings',
    options: [
      { name: 'organisation', description: 'name that global resources begin with', asked: true },
      { name: 'github-organisation', description: 'organisation on GitHub' },
      { name: 'repository', description: 'repository on GitHub whose workflows plan and deploy: acme/platform' },
      { name: 'cost-centre', description: 'value of the tag CostCentre' },
      { name: 'domain', description: 'domain of an environment: prod=example.com', many: true, asked: true },
      {
        name: 'account',
        description: 'account of an environment: prod.network=111111111111',
        many: true,
        asked: true,
      },
      { name: 'region', description: "AWS's name of a region: us=us-west-2", many: true, asked: true },
      { name: 'range', description: 'range of a region: us.prod=10.0.0.0/14', many: true, asked: true },
      { name: 'on-premises', description: '"none" removes the networks outside AWS' },
    ],
  },
  {
    name: 'region',
    description: 'add a standby region, as a copy of another one',
    argument: { name: 'key', description: 'word for the region: eu makes region-eu' },
    options: [
      { name: 'aws-region', description: "AWS's name for it: eu-west-1", required: true },
      { name: 'like', description: 'key of the region to copy; default: a standby region' },
      {
        name: 'zones',
        description: 'ids of availability zones, such as use1-az1; default: the first three',
        many: true,
      },
      { name: 'asn', description: 'private ASN of its Transit Gateway; default: the next one' },
      {
        name: 'cidr',
        description: 'range of an environment: prod=10.8.0.0/14; default: the next free one',
        many: true,
      },
    ],
  },
  {
    name: 'vpc',
    description: 'add a VPC to a region, as a copy of its first one',
    argument: { name: 'name', description: 'name of the VPC and of its folder' },
    options: [
      { name: 'region', description: 'key of the region', required: true },
      { name: 'segment', description: 'segment that it belongs to; default: that of the environment' },
      {
        name: 'cidr',
        description: 'network of an environment: prod=10.1.0.0/20; default: the next free /20',
        many: true,
      },
    ],
  },
  {
    name: 'environment',
    description: 'add an environment, as a copy of another one, or take one out of the settings',
    argument: { name: 'name', description: 'name of the environment' },
    options: [
      { name: 'domain', description: 'its domain', required: true, unless: 'remove' },
      ...accountOptions,
      { name: 'like', description: 'environment to copy; default: the last one' },
      { name: 'remove', description: '"yes" takes it out of the settings; what is deployed stays' },
    ],
  },
  {
    name: 'service',
    description: 'add a further application to every region, with load balancer, records, alarms and owner',
    argument: { name: 'name', description: 'name of the application, of its folders and of its record' },
    options: [
      { name: 'owner', description: 'team that owns it; default: the owner of the first application' },
      { name: 'uses', description: 'what it may use: queue, database, cache, tables, buckets', many: true },
    ],
  },
  {
    name: 'stack',
    description: 'add an empty stack to every region, or a global one',
    argument: { name: 'name', description: 'name of its folder' },
    options: [
      { name: 'in', description: 'region (one in every region) or global', required: true },
      { name: 'account', description: 'role of the account: network, workload, edge, management; default: workload' },
      { name: 'owner', description: 'team that owns it; default: the owner of the folder above' },
    ],
  },
];
