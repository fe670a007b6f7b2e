import assert from 'node:assert/strict';
import { applyCombat } from '../../../sdk/combat/apply-combat';
import type { SeparatedDesign } from '../../../sdk/combat/design/confounding';
import { centerWithinSites, columnNorms, dependentOnSites } from '../../../sdk/combat/design/confounding';
import { fitCombat } from '../../../sdk/combat/fit-combat';
import { kernelPasses } from '../../../sdk/combat/means/kernel-passes';
import { leastSquares } from '../../../sdk/combat/means/least-squares';
import type { FeatureBlock, MeanDesign } from '../../../sdk/combat/means/mean-model';
import { plainPasses } from '../../../sdk/combat/means/site-passes';
import { countSites, designRows, siteDesign } from '../../../sdk/combat/means/site-residuals';
import type { FeatureCohort } from '../../../sdk/data/cohort';
import { takeSubjects } from '../../../sdk/data/cohort';
import { pivotedQr } from '../../../sdk/math/linear/qr';
import { makeRandom } from '../../../sdk/math/random';
import { simulateFeatureCohort } from '../../../sdk/simulate/simulate-feature-cohort';

const subjects = 1100;
const features = 601;
const siteCount = 3;

/** A table that is large enough for WebAssembly and is done there in two pieces of rows, of an odd number of features, with 1 % of its cells missing. */
function gappyCohort(): FeatureCohort {
  const { cohort } = simulateFeatureCohort({ seed: 5, subjects, features, sites: siteCount });
  const random = makeRandom(8);
  const values = cohort.features.values.map((value) => (random.uniform() < 0.01 ? NaN : value));
  return { ...cohort, features: { ...cohort.features, values } };
}

function designOf({ participants }: FeatureCohort): MeanDesign {
  const names = [...new Set(participants.sites)];
  const codes = Int32Array.from(participants.sites, (site) => names.indexOf(site));
  const random = makeRandom(3);
  const values = Float64Array.from({ length: subjects * 3 }, () => random.normal());
  return { codes, siteCount, siteSizes: countSites(codes, siteCount), values, columns: 3 };
}

function separated({ values, columns, codes }: MeanDesign): SeparatedDesign {
  const spreads = columnNorms(values, columns);
  const centered = centerWithinSites(values, columns, codes, siteCount);
  const scaled = centered.map((value, at) => value / spreads[at % columns]);
  return { qr: pivotedQr({ values: scaled, rows: codes.length, columns }, dependentOnSites), spreads };
}

describe('the passes of ComBat over a table', () => {
  const cohort = gappyCohort();
  const design = designOf(cohort);
  const { values } = cohort.features;
  const block: FeatureBlock = { data: values, stride: features, offset: 100, width: 501, first: 100 };

  it('give the same bits in WebAssembly as in plain JavaScript, with missing cells and an odd number of features', () => {
    const weights = makeRandom(4);
    const byColumn = Float64Array.from({ length: 3 * subjects }, () => weights.normal());
    const both = (passes: ReturnType<typeof plainPasses>): unknown => {
      const { sums, products, gaps } = passes.sum(byColumn);
      const small = products.map((value) => value / subjects);
      const intercepts = passes.intercepts({ sums, products: small }, siteDesign(design));
      return {
        sums,
        products,
        gaps,
        intercepts,
        squares: passes.squares({ intercepts, coefficients: small }),
      };
    };
    const byKernels = kernelPasses(block, design, (passes) => ({ made: both(passes) }));
    assert.ok(byKernels !== undefined);
    assert.deepEqual(byKernels.made, both(plainPasses(block, design)));
  });

  it('fit features with missing cells as those rows alone are fitted', () => {
    const { intercepts, coefficients, squares, counts } = leastSquares(design, separated(design)).fit(block);
    let incomplete = 0;
    for (let w = 0; w < block.width; w += 25) {
      const own = Float64Array.from(design.codes, (_, row) => values[row * features + 100 + w]);
      const present = Array.from(own.keys()).filter((row) => !Number.isNaN(own[row]));
      const few = designRows(design, present);
      const data = Float64Array.from(present, (row) => own[row]);
      const alone = leastSquares(few, separated(few)).fit({ data, stride: 1, offset: 0, width: 1, first: 0 });
      incomplete += Number(present.length < subjects);
      const size = Math.max(...data.map(Math.abs));
      const near = (a: Float64Array, b: Float64Array, unit: number): void =>
        b.forEach((value, k) => assert.ok(Math.abs(a[k * block.width + w] - value) <= 1e-13 * unit));
      near(intercepts, alone.intercepts, size);
      near(coefficients, alone.coefficients, size);
      near(squares, alone.squares, size * size * subjects);
      near(counts, alone.counts, 0);
    }
    assert.ok(incomplete > 10);
  });

  it('put back the same bits in WebAssembly as in plain JavaScript', async () => {
    const model = await fitCombat(cohort, { preserve: ['age', 'sex'] });
    const whole = await applyCombat(model, cohort);
    const rows = Array.from({ length: subjects }, (_, row) => row);
    const few = [rows.slice(0, 300), rows.slice(800)];
    for (const some of few) {
      const alone = await applyCombat(model, takeSubjects(cohort, some));
      const same = takeSubjects(whole, some).features.values;
      assert.deepEqual(alone.features.values, same);
    }
  });
});
