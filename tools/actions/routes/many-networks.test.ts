import { rmSync } from 'node:fs';
import { findRoot } from '@platform/tools/workspace/find-root';
import { checkRoutes } from './check-routes';
import { synthesiseJson } from './testing/estate';
import { sketchNetwork, type SketchedRegion } from './testing/network-workspace';

// About 3 s of a free processor; one that grew with all routes or all addresses would take minutes.
jest.setTimeout(300_000);

test('fifty VPCs of three segments in four regions are proved', () => {
  const segments = [undefined, 'nonprod', 'shared'];
  const regionWith = (vpcs: number): SketchedRegion =>
    Object.fromEntries(
      Array.from({ length: vpcs }, (_, number) => {
        const segment = segments[number % segments.length];
        return [number === 0 ? 'vpc' : `spoke-${number}`, segment ? { segment } : {}];
      }),
    );
  const folder = sketchNetwork(findRoot(__dirname), {
    regions: { us: regionWith(13), ap: regionWith(13), eu: regionWith(12), sa: regionWith(12) },
  });
  try {
    const estate = synthesiseJson(folder);
    const { violations, ends, pairs } = checkRoutes(estate.json, estate.environment, estate.regions);
    expect(violations).toEqual([]);
    // All of them and on premises, each with each other and on premises with itself.
    expect([ends.length, pairs.length]).toEqual([51, 51 * 50 + 1]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
