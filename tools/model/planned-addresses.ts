/** Addresses of the resources that a plan would change, from what `terraform plan -json` has said: cheaper than to show the plan. */
export function plannedAddresses(said: string): string[] {
  return said.split('\n').flatMap((line) => {
    if (!line.includes('"planned_change"')) return [];
    const { type, change } = JSON.parse(line) as { type: string; change?: { resource: { addr: string } } };
    return type === 'planned_change' && change ? [change.resource.addr] : [];
  });
}
