import assert from 'node:assert/strict';
import { applyCombat } from '../../sdk/combat/apply-combat';
import { fitCombat } from '../../sdk/combat/fit-combat';
import type { FeatureCohort } from '../../sdk/data/cohort';
import { continuous } from '../../sdk/data/people/covariate';
import { makeRandom } from '../../sdk/math/random';
import { randomCohort } from '../evaluate/audit-cohorts';

/** Persons of two sites, aged as `draw` says. */
function aged(seed: number, draw: (random: ReturnType<typeof makeRandom>) => number): FeatureCohort {
  const cohort = randomCohort({
    seed,
    subjects: 120,
    features: 2,
    sites: 2,
    siteEffect: 0.5,
    ageEffect: 0.3,
  });
  const random = makeRandom(seed + 1000);
  const age = continuous(
    'age',
    cohort.participants.ids.map(() => draw(random)),
    'years',
  );
  return { ...cohort, participants: { ...cohort.participants, covariates: [age] } };
}

describe('a model applied to others of the same population', () => {
  it('seldom says that they are outside its range, and always where some are far outside', async () => {
    let warned = 0;
    for (let seed = 1; seed <= 8; seed++) {
      const normal = (random: ReturnType<typeof makeRandom>): number => 50 + 12 * random.normal();
      const model = await fitCombat(aged(seed, normal), { preserve: ['age'] });
      const { issues } = await applyCombat(model, aged(seed + 500, normal));
      if (issues.some(({ code }) => code === 'outside-training-range')) warned++;
      const older = await applyCombat(
        model,
        aged(seed + 500, (random) => 95 + 12 * random.normal()),
      );
      assert.ok(older.issues.some(({ code }) => code === 'outside-training-range'));
    }
    // Of 40 such pairs 8 are warned of, and 37 have somebody outside by any amount at all.
    assert.ok(warned <= 3, `${warned} of 8`);
  });
});
