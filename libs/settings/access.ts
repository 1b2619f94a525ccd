import type { Problem } from './problem';
import { byDefault, list, oneOf, section, text, type Settings } from './schema';
import { environmentsOf, inSettings, type SettingsInput } from './settings-input';

/** Who makes something that the estate uses. */
const makers = ['managed', 'existing'] as const;

/** Stand for the setting `repository` and for the name of the environment in subjects of tokens. */
const placeholders = { repository: '{repository}', environment: '{environment}' } as const;

const subjects = (role: string, preset: string, because: string) =>
  byDefault(
    list(
      `Claims \`sub\` of the tokens whose workflows may assume ${role}. \`*\` stands for any characters, \`{repository}\` for \`repository\`, \`{environment}\` for the name of the environment.`,
      text({
        is: 'For GitHub `repo:<organisation>/<repository>:environment:<environment>` or `repo:…:pull_request`.',
      }),
    ),
    [preset],
    because,
  );

const ciSchema = section(
  {
    is: 'Access of the CI without stored keys: an OpenID Connect provider in every account. Left out: the CI has no access.',
    applies: '`npx platform bootstrap`',
  },
  {
    provider: byDefault(
      oneOf(makers, {
        is: '`managed`: `global/access` makes the provider. `existing`: the accounts have it; an account has one per issuer.',
      }),
      'managed',
    ),
    issuer: byDefault(
      text({ is: 'Host of the issuer of the tokens, without `https://`.' }),
      'token.actions.githubusercontent.com',
    ),
    audience: byDefault(text({ is: 'Claim `aud` of the tokens.' }), 'sts.amazonaws.com'),
    repository: text({
      is: 'Repository on GitHub whose workflows plan and deploy, such as `acme/platform`. One that was created after 18 June 2026 has ids in its subjects: `<organisation>-<id>/<repository>-<id>`; the OIDC settings of the repository show them. Left out: subjects are written without `{repository}`.',
    }).exactOptional(),
    planSubjects: subjects(
      '`planRole`',
      `repo:${placeholders.repository}:ref:refs/heads/main`,
      'Code on the main branch was reviewed.',
    ),
    deploySubjects: subjects(
      '`deployRole`',
      `repo:${placeholders.repository}:environment:${placeholders.environment}`,
      'An environment on GitHub can demand a review of each deploy.',
    ),
  },
);

export const accessSchema = section(
  { is: 'Who may plan and deploy: the stack `global/access`.', applies: '`npx platform bootstrap`' },
  {
    roles: byDefault(
      oneOf(makers, {
        is: '`managed`: `global/access` makes `planRole` and `deployRole` with their boundaries in every account. In an account of several such environments, the first of `environments` makes them for all. `existing`: others made them.',
      }),
      'managed',
    ),
    rolesBoundary: text({
      is: 'Name of the policy that is the permissions boundary of every role of the estate, with `roles: existing`: the deploy role may make no other roles. With `managed`, `global/access` makes `<deployRole>-roles-boundary`. Left out: roles have no boundary.',
      applies: 'next deploy of every stack with roles',
    }).exactOptional(),
    operators: byDefault(
      list(
        'IAM roles of people who may assume the roles, as ARNs; `*` stands for any characters. Empty: every principal of the management account whose own policies allow it.',
        text({
          is: 'Such as `arn:aws:iam::<account>:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Platform_*`.',
        }),
      ),
      [],
    ),
    ci: ciSchema.exactOptional(),
  },
);

/** Who may plan and deploy an environment. */
export type AccessSettings = Settings<typeof accessSchema>;
/** Access of the CI. */
export type CiSettings = Settings<typeof ciSchema>;

/** The access of the CI with the repository and the environment in the subjects. */
export function ciOf({ access: { ci }, name }: { readonly access: AccessSettings; readonly name: string }) {
  if (!ci) return undefined;
  const filled = (subject: string) =>
    subject.replaceAll(placeholders.environment, name).replaceAll(placeholders.repository, ci.repository ?? '');
  return { ...ci, planSubjects: ci.planSubjects.map(filled), deploySubjects: ci.deploySubjects.map(filled) };
}

/** Name of the policy that `global/access` makes for the roles of the estate. */
export function rolesBoundaryName(deployRole: string): string {
  return `${deployRole}-roles-boundary`;
}

/** Its ARN in an account. */
export function rolesBoundaryArn(account: string, deployRole: string): string {
  return `arn:aws:iam::${account}:policy/${rolesBoundaryName(deployRole)}`;
}

/**
 * ARN of the permissions boundary of the environment's roles in an account; absent where roles have none.
 * @param account id of the role's account
 */
export function boundaryOfRoles(
  { access, deployRole }: { readonly access: AccessSettings; readonly deployRole: string },
  account: string,
): string | undefined {
  if (access.roles === 'managed') return rolesBoundaryArn(account, deployRole);
  return access.rolesBoundary === undefined ? undefined : `arn:aws:iam::${account}:policy/${access.rolesBoundary}`;
}

/** An environment as far as its access goes. */
interface AccessHolder {
  readonly name: string;
  readonly access: AccessSettings;
  readonly accounts: Readonly<Record<string, string>>;
}

/**
 * Environments whose roles in an account are the same ones, that which makes them first: names of roles and providers are
 * those of the account, and the roles have one name in all environments.
 * @param all in the order of the settings
 */
export function holdersOf<H extends AccessHolder>(account: string, all: readonly H[]): H[] {
  return all.filter(({ access, accounts }) => access.roles === 'managed' && Object.values(accounts).includes(account));
}

/** Patterns of principals and tokens. That an account has the roles already is what the preflight finds. */
export function checkAccess(input: SettingsInput): Problem[] {
  return environmentsOf(input).flatMap(([name, { access }]) => {
    const at = (path: string) => inSettings(input, `environments.${name}.access.${path}`);
    const found: Problem[] = access.operators.flatMap((operator, index) =>
      /^arn:[a-z-]+:iam::(\d{12}|\*):(role|user)\/.+$/.test(operator) && !operator.includes('::*:')
        ? []
        : [
            {
              where: at(`operators.${index}`),
              what: `"${operator}" is not the ARN of an IAM role in an account`,
              remedy: 'write arn:aws:iam::<12 digits>:role/<name>',
            },
          ],
    );
    // IAM API reference, CreatePolicy.
    if (access.rolesBoundary !== undefined && !/^[\w+=,.@-]{1,128}$/.test(access.rolesBoundary)) {
      found.push({
        where: at('rolesBoundary'),
        what: `"${access.rolesBoundary}" is not a name of a policy`,
        remedy: 'give the name, not the ARN: 1–128 letters, digits or _ + = , . @ -',
      });
    }
    const { ci } = access;
    if (!ci) return found;
    // 255 characters for the URL and for each audience (IAM API reference, CreateOpenIDConnectProvider).
    if (!/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*(\/[\w./-]+)?$/.test(ci.issuer) || ci.issuer.length > 247) {
      found.push({
        where: at('ci.issuer'),
        what: `"${ci.issuer}" is not a host`,
        remedy: 'write it without https://, such as token.actions.githubusercontent.com',
      });
    }
    if (!/^[\x21-\x7e]{1,255}$/.test(ci.audience)) {
      found.push({
        where: at('ci.audience'),
        what: `"${ci.audience}" is not an audience of tokens`,
        remedy: 'write 1–255 ASCII characters without spaces, such as sts.amazonaws.com',
      });
    }
    if (ci.repository !== undefined && !/^[\w.-]+\/[\w.-]+$/.test(ci.repository)) {
      found.push({
        where: at('ci.repository'),
        what: `"${ci.repository}" is not a repository on GitHub`,
        remedy: 'write it as <organisation>/<repository>',
      });
    }
    const needs = (['planSubjects', 'deploySubjects'] as const).filter((path) =>
      ci[path].some((subject) => subject.includes(placeholders.repository)),
    );
    if (ci.repository === undefined && needs.length > 0) {
      found.push({
        where: at('ci.repository'),
        what: `is missing, and ${needs.join(' and ')} use it`,
        remedy: `write <organisation>/<repository>, or ${needs.join(' and ')} without ${placeholders.repository}`,
      });
    }
    for (const path of ['planSubjects', 'deploySubjects'] as const) {
      ci[path].forEach((subject, index) => {
        if (needs.includes(path) && subject.startsWith(`repo:${placeholders.repository}:`)) return;
        // A pattern that leaves the owner open lets every repository of the issuer in.
        if (/^[^*?]+[:/][^*?]+/.test(subject) && !/^repo:[^/]*[*?]/.test(subject)) return;
        found.push({
          where: at(`ci.${path}.${index}`),
          what: `"${subject}" does not name an organisation and a repository before the first *`,
          remedy: 'write repo:<organisation>/<repository>:environment:<environment>',
        });
      });
    }
    return found;
  });
}
