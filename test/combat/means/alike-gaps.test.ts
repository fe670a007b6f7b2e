import assert from 'node:assert/strict';
import { fitCombat } from '../../../sdk/combat/fit-combat';
import { makeFeatureCohort } from '../../../sdk/data/cohort';
import { takeFeatures } from '../../../sdk/data/feature-matrix';
import { continuous } from '../../../sdk/data/people/covariate';
import { smallCohort } from '../../support/small-cohort';

describe('features that lack the same cells', () => {
  // Every other feature lacks the same two scans, one lacks others, and each has a penalty of its own.
  const lacks = (row: number, w: number): boolean => (w % 2 === 0 ? row % 20 === 3 : w === 1 && row === 8);
  const cohort = smallCohort({
    sizes: { A: 20, B: 20 },
    features: 6,
    covariates: (sites) => [
      continuous(
        'age',
        sites.map((_, row) => 20 + ((row * 17) % 43)),
      ),
    ],
    change: (value, row, w) => (lacks(row, w) ? NaN : value),
  });
  const names = cohort.features.features;
  const given = Object.fromEntries(names.map((name, w) => [name, 10 ** (w - 2)]));

  for (const smoothing of ['reml', given] as const) {
    const how = smoothing === 'reml' ? 'REML' : 'penalties of their own';
    it(`are fitted together as each is alone, by ${how}`, async () => {
      const all = await fitCombat(cohort, { smooth: ['age'], smoothing, eb: 'none' });
      for (const [w, name] of names.entries()) {
        const one = makeFeatureCohort(cohort.participants, takeFeatures(cohort.features, [name]));
        const alone = await fitCombat(one, {
          smooth: ['age'],
          smoothing: smoothing === 'reml' ? smoothing : { [name]: given[name] },
          eb: 'none',
        });
        for (const part of [
          'coefficients',
          'penalties',
          'freedom',
          'gammaHat',
          'deltaHat',
          'pooledSd',
        ] as const)
          assert.deepEqual(
            all[part].filter((_, at) => at % names.length === w),
            alone[part],
            `${name}: ${part}`,
          );
      }
      if (smoothing !== 'reml') assert.deepEqual([...all.penalties], Object.values(given));
    });
  }
});
