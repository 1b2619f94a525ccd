import { driftEstate, driftReport } from '@platform/tools/actions/drift/drift-estate';
import { inSession, liveProgress, type LiveOptions } from './live-options';
import { print } from './output';

/** Compares states with the world; prints what differs by owner. Fails where there is drift, or where nothing is known. */
export async function driftCommand(projects: string[], options: LiveOptions): Promise<number> {
  return inSession(options, async (session) => {
    const stacks = await driftEstate(session, projects, liveProgress());
    print(options.json ? JSON.stringify(stacks, null, 2) : driftReport(session, stacks));
    return stacks.some(({ drift, error }) => drift.length > 0 || error !== undefined) ? 1 : 0;
  });
}
