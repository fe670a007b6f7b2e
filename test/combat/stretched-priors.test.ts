import assert from 'node:assert/strict';
import { fitCombat } from '../../sdk/combat/fit-combat';
import type { CombatOptions } from '../../sdk/combat/combat-options';
import type { Issue } from '../../sdk/data/issue';
import { makeFeatureCohort } from '../../sdk/data/cohort';
import { makeFeatureMatrix } from '../../sdk/data/feature-matrix';
import { makeParticipants } from '../../sdk/data/people/participants';
import { makeRandom } from '../../sdk/math/random';

describe('a prior that few features stretch', () => {
  const features = Array.from({ length: 20 }, (_, w) => `thick_${w}`);

  /** Three sites of 30 scans; every feature has effects of about 0.3 SD, and feature 7 of site B is `away` SD off. */
  async function warned(away: number, options: CombatOptions = {}): Promise<readonly Issue[]> {
    const random = makeRandom(5);
    const effects = Float64Array.from({ length: 60 }, () => 0.3 * random.normal());
    effects[20 + 7] += away;
    const rows = Array.from({ length: 90 }, (_, row) => row);
    const values = rows.flatMap((row) =>
      features.map((_, w) => 2.5 + 0.1 * (effects[(row % 3) * 20 + w] + random.normal())),
    );
    const ids = rows.map((row) => `s${row}`);
    const participants = makeParticipants(
      ids,
      rows.map((row) => 'ABC'[row % 3]),
    );
    const matrix = makeFeatureMatrix(Float64Array.from(values), ids, features);
    const { issues } = await fitCombat(makeFeatureCohort(participants, matrix), options);
    return issues.filter(({ code }) => code === 'stretched-prior');
  }

  it('is named, with the feature and how far off it is', async () => {
    const [issue, ...others] = await warned(60);
    assert.equal(others.length, 2, 'the mean of all sites is off by a third, at the others too');
    assert.equal(issue.where.feature, 'thick_7');
    assert.match(
      issue.message,
      /^at site "A" "thick_7" is \d+ pooled standard deviations from most features/,
    );
  });

  it('is not where effects differ as they do, or nothing is shared', async () => {
    assert.deepEqual(await warned(0), []);
    assert.deepEqual(await warned(1.5), []);
    assert.deepEqual(await warned(60, { eb: 'none' }), []);
  });
});
