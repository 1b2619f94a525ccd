import { driftEstate, driftReport } from '@platform/tools/actions/drift/drift-estate';
import { inSession, liveProgress, type LiveOptions } from './live-options';
import { print } from './output';

/** Compares states with real infrastructure; prints what differs by owner. Fails where there is drift, a stack is unknown, or its project is gone. */
export async function driftCommand(projects: string[], options: LiveOptions): Promise<number> {
  return inSession(options, async (session) => {
    const stacks = await driftEstate(session, projects, liveProgress());
    print(options.json ? JSON.stringify(stacks, null, 2) : driftReport(session, stacks));
    return stacks.some(({ drift, error, removed }) => drift.length > 0 || error !== undefined || removed) ? 1 : 0;
  });
}
