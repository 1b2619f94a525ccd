import { checkLiveRoutes, liveRoutesTable } from '@platform/tools/actions/routes/live/check-live-routes';
import { differs } from '@platform/tools/actions/routes/live/compare-routes';
import { inSession, type LiveOptions } from './live-options';
import { print } from './output';

/** Compares the route tables of the accounts with what the estate promises. 1 if they differ or cannot be read. */
export async function liveRoutesCommand(options: LiveOptions): Promise<number> {
  return inSession(options, async (session) => {
    const entries = await checkLiveRoutes(session);
    print(options.json ? JSON.stringify(entries, null, 2) : liveRoutesTable(entries));
    return entries.some(differs) ? 1 : 0;
  });
}
