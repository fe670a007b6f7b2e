import assert from 'node:assert/strict';
import { join } from 'node:path';
import { combatHarmonizer } from '../../sdk/combat/combat-harmonizer';
import type { FeatureCohort } from '../../sdk/data/cohort';
import { withFeatures } from '../../sdk/data/cohort';
import { provenanceStep } from '../../sdk/data/provenance';
import { auditTable } from '../../sdk/evaluate/audit-table';
import { distanceCorrelation } from '../../sdk/evaluate/persons/distance-correlation';
import { evaluateTable } from '../../sdk/evaluate/evaluate-table';
import { applyScaling, fitScaling } from '../../sdk/evaluate/splits/scaling';
import { loadTable } from '../../sdk/io/tables/load-table';
import { randomCohort } from './audit-cohorts';

/** Of sites A, B, C, as fixtures/audit/distances.py prints them (numpy 2.4.6, scikit-learn 1.9.1). */
const DISTANCES = [0.9754105386187506, 0.9789667300859572, 0.9778413185117416];

const folder = join(__dirname, '../../fixtures/audit');

/** The cohort without the cells that `gone` picks. */
function without(cohort: FeatureCohort, gone: (row: number, feature: number) => boolean): FeatureCohort {
  const { features } = cohort;
  const width = features.features.length;
  const values = features.values.map((value, at) => (gone(Math.floor(at / width), at % width) ? NaN : value));
  return withFeatures(cohort, { ...features, values }, provenanceStep('holes', {}));
}

describe('missing cells in an audit', () => {
  it('are filled with training medians also where training has none missing, as by scikit-learn 1.9.1', async () => {
    // fixtures/audit/missing-cells.py: sites left out to the digit; within sites mean and deviation over 20 shuffles.
    const expected = [
      ['none-missing.csv', 8.386622102093607, 9.386909194268334, 0.208835531614046],
      ['few-missing.csv', 8.324688782085323, 9.617269475805802, 0.22855438140088344],
    ] as const;
    for (const [file, outside, within, sd] of expected) {
      const cohort = await loadTable(join(folder, file), { covariates: ['age', 'sex'] });
      const { regressions } = await evaluateTable(cohort, cohort);
      const mae = (scheme: string): number =>
        regressions.find((one) => one.protocol === 'raw' && one.scheme === scheme)?.mae.estimate ?? NaN;
      assert.ok(Math.abs(mae('leave-one-site-out') - outside) < 1e-9, `${mae('leave-one-site-out')}`);
      assert.ok(Math.abs(mae('within-site') - within) < 2 * sd, `${mae('within-site')}`);
    }
  });

  it('say where they are and what is done about them', async () => {
    const { issues } = await loadTable(join(folder, 'few-missing.csv'), { covariates: ['age', 'sex'] });
    const issue = issues.find(({ code }) => code === 'missing-cells');
    assert.match(issue?.message ?? '', /^8 of 720 feature cells are missing \(of features .*; of sites /);
    assert.match(
      issue?.suggestion ?? '',
      /the audit fills them with the medians of its training participants/,
    );
    assert.doesNotMatch(issue?.suggestion ?? '', /nothing to do/);
  });

  it('of a test subject alone get the median of training', () => {
    const matrix = (values: number[]): Parameters<typeof fitScaling>[0] => ({
      values: Float64Array.from(values),
      subjects: values.map((_, i) => `s${i}`),
      features: ['x'],
    });
    const learned = fitScaling(matrix([1, 2, 6]));
    // mean 3, deviation √(14 / 3); the median is 2.
    assert.ok(Math.abs(applyScaling(learned, matrix([NaN]))[0] + 1 / Math.sqrt(14 / 3)) < 1e-15);
  });

  const base = randomCohort({
    seed: 5,
    subjects: 90,
    features: 6,
    sites: 3,
    siteEffect: 0,
    ageEffect: 0.6,
    sexEffect: 1,
  });
  const siteOf = (row: number): string => base.participants.sites[row];
  const kinds: readonly (readonly [string, (row: number, k: number) => boolean, readonly RegExp[]])[] = [
    [
      'a feature that a whole site lacks',
      (row, k) => k === 2 && siteOf(row) === 'site1',
      [/^lacking-at-site: site "site1" lacks 30 of 30 cells of feature "f2"/],
    ],
    [
      'a site without any value',
      (row) => siteOf(row) === 'site1',
      [
        /^no-values: 30 participants have no value/,
        /^lacking-at-site: site "site1" lacks 180 of 180 cells of 6 features/,
      ],
    ],
    [
      'a subject without any value',
      (row) => row === 7,
      [/^no-values: 1 participant has no value of any feature \("s7"\)/],
    ],
    ['a feature that nobody has', (_, k) => k === 0, []],
    ['a feature that one subject has', (row, k) => k === 0 && row !== 3, []],
    ['every other cell', (row, k) => (row + k) % 2 === 0, []],
  ];
  for (const [name, gone, messages] of kinds) {
    it(`${name}: every figure is there, and is said`, async () => {
      const cohort = without(base, gone);
      const audit = await auditTable(
        cohort,
        combatHarmonizer({ preserve: ['age', 'sex'], unseen: 'estimate' }),
        {
          seeds: 1,
        },
      );
      assert.deepEqual(
        [audit.probes, audit.regressions, audit.classifications].map(({ length }) => length),
        [6, 6, 6],
      );
      for (const { mae, baselineMae, r2 } of audit.regressions) {
        assert.ok(Number.isFinite(r2) && mae.estimate < 1.25 * baselineMae, `${mae.estimate} ${baselineMae}`);
      }
      for (const { auc } of audit.classifications) assert.ok(Number.isFinite(auc.estimate));
      const found = audit.issues
        .filter(({ code }) => code === 'no-values' || code === 'lacking-at-site')
        .map(({ code, message }) => `${code}: ${message}`);
      assert.equal(found.length, messages.length, found.join('\n'));
      messages.forEach((message, i) => assert.match(found[i], message));
    });
  }

  it('leave distances to what both scans have, as nan_euclidean_distances of scikit-learn 1.9.1', async () => {
    const raw = await loadTable(join(folder, 'few-missing.csv'));
    const values = raw.features.values.map((value) => value ** 3);
    const after = withFeatures(raw, { ...raw.features, values }, provenanceStep('cube', {}));
    const { perSite } = await distanceCorrelation(raw, after);
    perSite.forEach(({ correlation }, site) => {
      assert.ok(Math.abs(correlation - DISTANCES[site]) < 1e-9, `${correlation}`);
    });
  });
});
