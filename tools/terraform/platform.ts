const SYSTEMS: Partial<Record<NodeJS.Platform, string>> = { sunos: 'solaris' };
const PROCESSORS: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64', ia32: '386' };

/** This machine in Terraform's words: `linux_amd64`, `darwin_arm64`. */
export function terraformPlatform(
  system: NodeJS.Platform = process.platform,
  processor: NodeJS.Architecture = process.arch,
): string {
  return `${SYSTEMS[system] ?? system}_${PROCESSORS[processor] ?? processor}`;
}
