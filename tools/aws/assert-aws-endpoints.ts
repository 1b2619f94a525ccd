import { formatProblem, WrongUse, type Problem } from '@platform/libs/settings/problem';

/**
 * Variables that lead the SDKs, Terraform's S3 backend or the provider to another address than AWS's: the SDKs' own, and
 * the older names that Terraform reads. The address of the instance metadata is none of them.
 */
const variableNames = /^(AWS_ENDPOINT_URL(_[A-Z0-9_]+)?|(TF_)?AWS_(?!EC2_METADATA)[A-Z0-9]+_ENDPOINT)$/;

/** Domains that AWS serves its APIs in, by partition; endpoints in a VPC are below the first. */
const domains = [
  'amazonaws.com',
  'api.aws',
  'amazonaws.com.cn',
  'api.amazonwebservices.com.cn',
  'amazonaws.eu',
  'api.amazonwebservices.eu',
];

/**
 * Refuses addresses that are not AWS's, as those of an emulator, before the target `aws` calls anything: what is applied
 * there would count as applied in AWS. Read are the environment and the profile in use (AWS SDKs and Tools Reference
 * Guide, "Service-specific endpoints"); `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS` is no excuse, for not all programs know it.
 * @throws WrongUse naming every variable and setting
 */
export async function assertAwsEndpoints(variables: NodeJS.ProcessEnv = process.env): Promise<void> {
  const problems: Problem[] = [];
  const check = (where: string, value: string | undefined, what: string) => {
    if (!value || isOfAws(value)) return;
    const remedy = `remove the ${what}, or use --target emulator`;
    problems.push({ where, what: `"${value}" is not an address of AWS, and the target is aws`, remedy });
  };
  for (const [name, value] of Object.entries(variables)) if (variableNames.test(name)) check(name, value, 'variable');
  for (const [where, value] of await endpointsOfProfile(variables)) check(where, value, 'setting');
  if (problems.length > 0) throw new WrongUse(problems.map(formatProblem).join('\n'));
}

/** Addresses that the profile in use sets, by where they stand. */
async function endpointsOfProfile(variables: NodeJS.ProcessEnv): Promise<(readonly [string, string | undefined])[]> {
  const { loadSharedConfigFiles } = await import('@smithy/core/config');
  const [config, credentials] = [variables['AWS_CONFIG_FILE'], variables['AWS_SHARED_CREDENTIALS_FILE']];
  const { configFile, credentialsFile } = await loadSharedConfigFiles({
    ignoreCache: true,
    ...(config ? { configFilepath: config } : {}),
    ...(credentials ? { filepath: credentials } : {}),
  });
  const profile = variables['AWS_PROFILE'] || 'default';
  const services = configFile[profile]?.['services'];
  const ofServices = services ? Object.entries(configFile[`services.${services}`] ?? {}) : [];
  return [
    [`profile ${profile}: endpoint_url`, configFile[profile]?.['endpoint_url']],
    [`profile ${profile}: endpoint_url`, credentialsFile[profile]?.['endpoint_url']],
    ...ofServices
      .filter(([name]) => name.endsWith('.endpoint_url'))
      .map(([name, value]) => [`services ${services}: ${name}`, value] as const),
  ];
}

function isOfAws(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' && domains.some((domain) => hostname === domain || hostname.endsWith(`.${domain}`));
}
