import { preflight, preflightTable, wouldFail } from '@platform/tools/actions/preflight/preflight';
import { inSession, type LiveOptions } from './live-options';
import { print, talk } from './output';

/** Prints what AWS lacks for this estate, and what to do. Fails where a deploy would. */
export async function preflightCommand(options: LiveOptions): Promise<number> {
  return inSession(options, async (session) => {
    const findings = await preflight(session);
    print(options.json ? JSON.stringify(findings, null, 2) : preflightTable(findings));
    const unknown = findings.filter(({ verdict }) => verdict === 'unknown').length;
    if (unknown > 0) talk(`${unknown} checks have no answer of AWS; the table says why`);
    return wouldFail(findings) ? 1 : 0;
  });
}
