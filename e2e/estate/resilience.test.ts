import { assessJson, readAssessedEstate } from '@platform/tools/actions/resilience/assess-estate';
import { objectiveOf } from '@platform/libs/settings/objectives';
import { verdictsOf } from '@platform/tools/model/resilience';
import { findRoot } from '@platform/tools/workspace/find-root';
import { loadSettings } from '@platform/tools/workspace/load-estate';

const root = findRoot(__dirname);

describe.each(Object.keys(loadSettings(root).settings.environments))('resilience of %s', (environment) => {
  const estate = readAssessedEstate({ root, environment });
  const resilience = assessJson(estate);

  it('says of every objective whether it is met, broken or unknown', () => {
    const { objectives } = estate.settings;
    for (const { path, status } of verdictsOf(resilience)) {
      expect([path, status === 'no objective']).toEqual([path, objectiveOf(objectives, path) === undefined]);
    }
  });

  it('bounds every figure by its parts', () => {
    for (const { availability, losses } of resilience.paths) {
      expect(availability.floor.low).toBeLessThanOrEqual(availability.floor.high);
      expect(availability.model.low).toBeLessThanOrEqual(availability.model.high);
      expect(availability.model.high).toBeGreaterThanOrEqual(availability.floor.low);
      for (const { rto, rpo } of losses) {
        for (const { lowSec, highSec } of [rto, rpo]) expect(lowSec).toBeLessThanOrEqual(highSec ?? Infinity);
      }
    }
  });

  it('names a page or a setting as the source of every figure', () => {
    const terms = resilience.paths.flatMap(({ losses }) =>
      losses.flatMap(({ rto, rpo }) => [...rto.terms, ...rpo.terms]),
    );
    const parts = resilience.paths.flatMap(({ availability }) => availability.parts);
    expect(terms.filter(({ source }) => !/^(https:\/\/|docs\/)/.test(source))).toEqual([]);
    expect(parts.filter(({ source, commitment }) => (source === null) !== (commitment === null))).toEqual([]);
  });

  it('needs nothing of a lost region that is not declared', () => {
    expect(resilience.findings.filter(({ declared }) => declared === null)).toEqual([]);
  });
});
