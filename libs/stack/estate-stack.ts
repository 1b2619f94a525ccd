import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import {
  CloudBackend,
  DataTerraformRemoteState,
  DataTerraformRemoteStateS3,
  Fn,
  NamedCloudWorkspace,
  NamedRemoteWorkspace,
  S3Backend,
  TerraformOutput,
  TerraformStack,
  Token,
} from 'cdktf';
import type { Construct } from 'constructs';
import type { Contract, Fields, Values } from '@platform/libs/contract/contract';
import { boundaryOfRoles } from '@platform/libs/settings/access';
import { isNewerThanTerraform } from '@platform/libs/settings/aws-regions';
import { assertDifferences, type Differences } from '@platform/libs/settings/differences';
import type { Environment } from '@platform/libs/settings/environment';
import type { AccountRole } from '@platform/libs/settings/organisation';
import { ownerOf } from '@platform/libs/settings/owners';
import { formatProblem, WrongUse } from '@platform/libs/settings/problem';
import type { RegionSettings } from '@platform/libs/settings/region';
import { withPublishedExamples } from './published-examples';
import { stateBucketName, stateKey, workspaceName } from './state-location';
import { waiversOf, type Waiver } from './waive';

/** Keys of the tags that every resource has: cost, ownership and rules go by them. */
export const requiredTags = ['organisation', 'environment', 'project', 'owner', 'cost-centre'] as const;

/** The region settings that a stack needs. */
export type Region = Pick<RegionSettings, 'key' | 'awsRegion'>;

export interface EstateStackProps {
  readonly environment: Environment;
  /** Gives stack name, project folder and state region, also for a stack without outputs. */
  readonly contract: Contract;
  /** Region of the stack's resources. */
  readonly region: Region;
  /** Role of the account that the stack runs in. */
  readonly account: AccountRole;
  /** Constructs that its counterparts in other regions do not have, or that it omits. Default: none. */
  readonly differences?: Differences;
  /** Who creates it: the bootstrap works before there are boundaries for roles. Default: the deploy role. */
  readonly createdBy?: 'bootstrap';
}

/** Props of a stack of `libs/regional` from a region's folder, beside the contracts that it reads. */
export interface RegionalStackProps<C extends Contract> extends Pick<EstateStackProps, 'differences'> {
  readonly region: RegionSettings;
  /** The contract that it publishes. Also gives the stack's name. */
  readonly contract: C;
}

/** Two stacks with the same name. The caller knows their folders. */
export class StackNameTaken extends WrongUse {
  override readonly name = 'StackNameTaken';

  constructor(
    readonly stackName: string,
    /** As in the contract. */
    readonly project: string,
  ) {
    super(
      `${project}: its stack "${stackName}" is there already; give each a name of its own, which its state bears too`,
    );
  }
}

/** Description of a stack for the tools, beside its JSON. */
export interface StackDescription {
  readonly stack: string;
  readonly project: string;
  readonly region: string;
  readonly awsRegion: string;
  readonly account: AccountRole;
  readonly owner: string;
  readonly contract: Contract;
  /** Its class, to find its source file. */
  readonly className: string;
  /** Names of the stacks whose state it reads, in the order of the first read. */
  readonly reads: readonly string[];
  /** Its providers beside the default one. The account of each decides which role a deploy assumes. */
  readonly aliases: readonly ProviderAlias[];
  /** Checks of `npx platform scan` that its resources may fail. */
  readonly waivers: readonly Waiver[];
  /** Constructs in which it differs from its counterparts in other regions. */
  readonly differences: Differences;
}

/** A second provider of a stack. */
export interface ProviderAlias {
  readonly alias: string;
  readonly awsRegion: string;
  readonly account: AccountRole;
}

/**
 * One Terraform configuration with its own state: a provider for one region and account, an S3 backend in the state
 * region's bucket or a workspace of HCP Terraform, and the organisation's tags. Stacks exchange values by contracts only:
 * `publish` writes this stack's outputs, `read` returns typed references to another's. A resource may have up to 50 tags,
 * including the stack's (EC2 user guide, "Tag your Amazon EC2 resources").
 */
export abstract class EstateStack extends TerraformStack {
  readonly environment: Environment;
  readonly region: Region;
  readonly provider: AwsProvider;
  private readonly props: EstateStackProps;
  private readonly readContracts: Contract[] = [];
  private readonly aliases: ProviderAlias[] = [];
  private published?: Contract;
  private resolved?: unknown;
  private readonly regionProviders = new Map<string, AwsProvider>();

  constructor(scope: Construct, props: EstateStackProps) {
    super(scope, unusedName(scope, props.contract));
    const { differences = {}, environment, contract } = props;
    assertDifferences(differences, environment.owners, contract.project);
    this.props = props;
    this.environment = props.environment;
    this.region = props.region;
    this.provider = this.addProvider(props.region, props.account);
    this.addBackend();
  }

  /**
   * Does nothing. cdktf would resolve every resource twice, to find references between stacks and turn them into
   * outputs and state reads. Stacks use contracts only, and skipping it saves a fifth of a synth.
   */
  override prepareStack(): void {}

  /** Resolved once: synth looks at it before it writes anything, and cdktf when it writes. The stack is whole by then. */
  override toTerraform(): unknown {
    if (this.resolved === undefined) {
      this.limitRoles();
      this.resolved = super.toTerraform() as unknown;
    }
    return this.resolved;
  }

  /** Every role gets the permissions boundary of its account: the deploy role may make no other. */
  private limitRoles(): void {
    const { createdBy, environment } = this.props;
    if (createdBy === 'bootstrap') return;
    for (const role of this.node.findAll().filter((each) => each instanceof IamRole)) {
      const alias = this.aliases.find((each) => each.alias === role.provider?.alias);
      const boundary = boundaryOfRoles(environment, alias ? environment.accounts[alias.account] : this.accountId);
      if (boundary !== undefined) role.permissionsBoundary = boundary;
    }
  }

  /** Team that owns the project's folder. */
  get owner(): string {
    const owner = ownerOf(this.environment.owners, this.props.contract.project);
    if (!owner)
      throw new WrongUse(
        `${this.props.contract.project}: this folder has no owner; add it to owners in infra.config.ts`,
      );
    return owner;
  }

  /** Tags that the stack's providers give every resource; `launchTags` gives them to what AWS launches. */
  get defaultTags(): Record<(typeof requiredTags)[number], string> {
    const { environment, contract } = this.props;
    return {
      organisation: environment.organisation,
      environment: environment.name,
      project: contract.project,
      owner: this.owner,
      'cost-centre': environment.costCentre,
    };
  }

  /** AWS account id of this stack's resources. */
  get accountId(): string {
    return this.environment.accounts[this.props.account];
  }

  /** Description of this stack for the tools. */
  describe(): StackDescription {
    const { region, account, differences = {} } = this.props;
    const contract = this.published ?? this.props.contract;
    return {
      stack: contract.stack,
      project: contract.project,
      region: region.key,
      awsRegion: region.awsRegion,
      account,
      owner: this.owner,
      contract,
      className: this.constructor.name,
      reads: [...new Set(this.readContracts.map((contract) => contract.stack))],
      aliases: this.aliases,
      waivers: waiversOf(this),
      differences,
    };
  }

  /** Contracts that this stack reads, with their fields. */
  get contractsRead(): readonly Contract[] {
    return this.readContracts;
  }

  /** False for a stack whose contract has fields that it does not publish with the present settings. */
  get publishesItsContract(): boolean {
    return this.published !== undefined || Object.keys(this.props.contract.fields).length === 0;
  }

  /**
   * State read of `contract`, as references of the fields' types. Reading the same contract twice gives one data
   * source. A field that is not in the contract throws WrongUse, because synth checks no types.
   */
  read<F extends Fields>(contract: Contract<F>): Values<F> {
    const id = `state-${contract.stack}`;
    const state = (this.node.tryFindChild(id) as RemoteState | undefined) ?? this.remoteState(id, contract);
    state.overrideLogicalId(contract.stack);
    this.readContracts.push(contract);
    const value = (name: string) => {
      const { kind, sensitive } = contract.fields[name]!;
      switch (kind) {
        case 'text':
          return sensitive ? Token.asString(Fn.sensitive(state.getString(name))) : state.getString(name);
        case 'list':
          return Token.asList(state.get(name));
        case 'map':
          return Token.asStringMap(state.get(name));
      }
    };
    const values = Object.fromEntries(Object.keys(contract.fields).map((name) => [name, value(name)]));
    return knownFieldsOnly(values, contract, this.props.contract.project) as Values<F>;
  }

  /**
   * Writes the outputs of this stack's contract; a missing or wrongly typed one does not compile.
   * @throws WrongUse when the names are not those of the contract, because synth checks no types
   */
  protected publish<F extends Fields>(contract: Contract<F>, values: Values<F>): void {
    const { stack, project } = this.props.contract;
    if (contract.stack !== stack || this.published) {
      throw new WrongUse(
        `${project}: a stack publishes its own contract, once; publish that of "${stack}" and no other, in one call`,
      );
    }
    assertFieldsOf(project, Object.keys(contract.fields), values);
    this.published = withPublishedExamples(contract, values);
    for (const [name, field] of Object.entries(contract.fields)) {
      new TerraformOutput(this, `output-${name}`, {
        value: values[name],
        description: field.description,
        ...(field.sensitive ? { sensitive: true } : {}),
      }).overrideLogicalId(name);
    }
  }

  /**
   * A second provider, named after the difference: the region's key or the account role, unless `alias` says otherwise. For
   * the few stacks that join two regions, use us-east-1, or write into another account. Offline plans of such a stack take a few seconds longer.
   */
  protected addAliasedProvider(
    region: Region,
    account: AccountRole = this.props.account,
    alias = account === this.props.account ? region.key : account,
  ): AwsProvider {
    this.aliases.push({ alias, awsRegion: region.awsRegion, account });
    return this.addProvider(region, account, alias);
  }

  /**
   * A provider for us-east-1, where AWS keeps global resources: certificates and web ACLs of distributions, query logs
   * of public zones. The stack's own provider if it runs there, otherwise a second one.
   */
  protected usEast1(): AwsProvider {
    return this.providerIn('us-east-1');
  }

  /** A provider for us-west-2, where Global Accelerator reports its metrics. As {@link usEast1}. */
  protected usWest2(): AwsProvider {
    return this.providerIn('us-west-2');
  }

  private providerIn(awsRegion: string): AwsProvider {
    if (this.region.awsRegion === awsRegion) return this.provider;
    const provider = this.regionProviders.get(awsRegion) ?? this.addAliasedProvider({ key: awsRegion, awsRegion });
    this.regionProviders.set(awsRegion, provider);
    return provider;
  }

  private addBackend(): void {
    const { backend, cloud, locking } = this.environment.state;
    const { contract } = this.props;
    if (backend === 'cloud') {
      const { organization, hostname, project } = cloud!;
      const workspaces = new NamedCloudWorkspace(workspaceName(this.environment, contract.stack), project);
      new CloudBackend(this, { organization, hostname, workspaces });
      return;
    }
    // Without `encrypt`: alone it requests S3's own keys with every write, and the bucket's KMS key would not be used.
    new S3Backend(this, this.stateOf(contract));
    // cdktf's types do not have S3's native locking.
    this.addOverride('terraform.backend.s3.use_lockfile', true);
    if (locking === 's3-and-dynamodb') {
      const { bucket } = this.stateOf(contract);
      this.addOverride('terraform.backend.s3.dynamodb_table', bucket);
    }
  }

  private addProvider(region: Region, account: AccountRole, alias?: string): AwsProvider {
    const { environment } = this.props;
    return new AwsProvider(this, alias ? `aws-${alias}` : 'aws', {
      ...(alias ? { alias } : {}),
      region: region.awsRegion,
      ...unchecked(region.awsRegion),
      allowedAccountIds: [environment.accounts[account]],
      defaultTags: [{ tags: this.defaultTags }],
    });
  }

  private remoteState(id: string, contract: Contract): RemoteState {
    const { backend, cloud } = this.environment.state;
    if (backend === 's3') return new DataTerraformRemoteStateS3(this, id, this.stateOf(contract));
    const { organization, hostname } = cloud!;
    const workspaces = new NamedRemoteWorkspace(workspaceName(this.environment, contract.stack));
    return new DataTerraformRemoteState(this, id, { organization, hostname, workspaces });
  }

  private stateOf(contract: Contract): { bucket: string; key: string; region: string; skipRegionValidation?: true } {
    return {
      bucket: stateBucketName(this.environment, contract.stateRegion.key),
      key: stateKey(contract.stack),
      region: contract.stateRegion.awsRegion,
      ...unchecked(contract.stateRegion.awsRegion),
    };
  }
}

type RemoteState = DataTerraformRemoteStateS3 | DataTerraformRemoteState;

/** Terraform refuses names of regions that are newer than itself. */
function unchecked(awsRegion: string): { skipRegionValidation?: true } {
  return isNewerThanTerraform(awsRegion) ? { skipRegionValidation: true } : {};
}

/** Properties that are read of any object: by `await`, by JSON, by cdktf for a possible token. */
const commonProperties: readonly string[] = ['then', 'toJSON', 'resolve'];

function knownFieldsOnly<T extends object>(values: T, { project, fields }: Contract, reader: string): T {
  return new Proxy(values, {
    get: (target, name, receiver) => {
      if (typeof name === 'symbol' || name in target || commonProperties.includes(name)) {
        return Reflect.get(target, name, receiver) as unknown;
      }
      throw new WrongUse(
        `${project}: its contract has no field "${name}", which ${reader} reads; use one of ${Object.keys(fields).join(', ')}`,
      );
    },
  });
}

function assertFieldsOf(project: string, fields: readonly string[], values: Readonly<Record<string, unknown>>): void {
  const given = Object.keys(values).filter((name) => values[name] !== undefined);
  const quoted = (names: readonly string[]) => names.map((name) => `"${name}"`).join(', ');
  const missing = fields.filter((name) => !given.includes(name));
  const more = given.filter((name) => !fields.includes(name));
  const whats = [
    ...(missing.length > 0 ? [`it does not publish ${quoted(missing)} of its contract`] : []),
    ...(more.length > 0 ? [`it publishes ${quoted(more)}, not in its contract`] : []),
  ];
  if (whats.length === 0) return;
  const remedy = 'use the same names in contract.ts and in publish of stack.ts';
  throw new WrongUse(whats.map((what) => formatProblem({ where: project, what, remedy })).join('\n'));
}

function unusedName(scope: Construct, { stack, project }: Contract): string {
  if (scope.node.tryFindChild(stack) instanceof EstateStack) throw new StackNameTaken(stack, project);
  return stack;
}
