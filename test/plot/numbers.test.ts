import assert from 'node:assert/strict';
import { categorical, continuous } from '../../sdk/data/people/covariate';
import { makeParticipants } from '../../sdk/data/people/participants';
import { adjustForCovariates } from '../../sdk/plot/adjust-for-covariates';
import { densityCurve } from '../../sdk/plot/density';
import { inverseGammaDensity, normalDensity } from '../../sdk/plot/plot-priors';
import { principalComponents, scores } from '../../sdk/math/linear/principal-components';
import type { StandardizedFeatures } from '../../sdk/math/linear/principal-components';
import { siteShare } from '../../sdk/evaluate/models/site-share';

function near(actual: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not within ${tolerance} of ${expected}`);
}

/** sin((i+1)(j+2)·0.7) + 0.3 i (j mod 2), standardized with divisor n: the input of the reference computations. */
function example(rows: number, columns: number): StandardizedFeatures {
  const values = new Float64Array(rows * columns);
  for (let j = 0; j < columns; j++) {
    const raw = Array.from({ length: rows }, (_, i) => Math.sin((i + 1) * (j + 2) * 0.7) + 0.3 * i * (j % 2));
    const mean = raw.reduce((sum, value) => sum + value, 0) / rows;
    const sd = Math.sqrt(raw.reduce((sum, value) => sum + (value - mean) ** 2, 0) / rows);
    raw.forEach((value, i) => (values[i * columns + j] = (value - mean) / sd));
  }
  return { values, rows, columns };
}

const sites = ['A', 'A', 'A', 'A', 'B', 'B', 'B', 'B', 'B', 'B'];
const ages = [20, 31, 44, 60, 25, 38, 52, 47, 70, 33];
const sexes = ['F', 'M', 'F', 'M', 'M', 'F', 'M', 'F', 'F', 'M'];
const y = Float64Array.from([2.1, 2.4, 1.9, 2.2, 3.0, 2.8, 3.3, 2.9, 2.5, 3.1]);
const people = makeParticipants(
  sites.map((_, i) => `s${i}`),
  sites,
  [continuous('age', ages), categorical('sex', sexes)],
);

describe('the numbers behind the figures', () => {
  it('finds the principal components that scikit-learn 1.9.1 finds (PCA, full SVD)', () => {
    const { directions, explained } = principalComponents(example(12, 5), 2);
    near(explained[0], 0.34623055, 1e-8);
    near(explained[1], 0.30298042, 1e-8);
    const first = [-0.10421079, 0.60947533, -0.326006, 0.70147842, -0.13902534];
    const second = [0.01919272, -0.4533861, -0.55486859, 0.26659556, 0.64429833];
    first.forEach((value, k) => near(directions[0][k], value, 1e-6));
    second.forEach((value, k) => near(directions[1][k], value, 1e-6));
  });

  it('finds them with more features than subjects too', () => {
    const x = example(8, 40);
    const { directions, explained } = principalComponents(x, 2);
    near(explained[0], 0.40609075, 1e-8);
    near(explained[1], 0.20924384, 1e-8);
    const [a, b] = directions.map((direction) => scores(x, direction));
    near(
      a.reduce((sum, value, i) => sum + value * b[i], 0),
      0,
      1e-6,
    );
  });

  it('adjusts for covariates as statsmodels 0.15.0 does (OLS with a column per site)', () => {
    const expected = [
      2.18208311, 2.18214978, 2.08082283, 2.10146027, 2.75746485, 2.9561379, 3.16854703, 3.0931653,
      2.78779086, 2.89037809,
    ];
    adjustForCovariates(y, people, ['age', 'sex']).forEach((value, i) => near(value, expected[i], 1e-8));
  });

  it('leaves out subjects without the value or the covariate and survives dependent covariates', () => {
    const values = y.slice();
    values[2] = NaN;
    const doubled = makeParticipants(people.ids, sites, [
      continuous('age', [NaN, ...ages.slice(1)]),
      continuous(
        'months',
        [NaN, ...ages.slice(1)].map((age) => 12 * age),
      ),
    ]);
    const once = adjustForCovariates(values, doubled, ['age']);
    const twice = adjustForCovariates(values, doubled, ['age', 'months']);
    assert.deepEqual(
      [...once.keys()].filter((i) => Number.isNaN(once[i])),
      [0, 2],
    );
    once.forEach((value, i) => {
      if (!Number.isNaN(value)) near(twice[i], value, 1e-9);
    });
  });

  it('measures the variance between sites as scipy 1.17.1 does (f_oneway, as η²)', () => {
    near(
      siteShare(
        y,
        Int32Array.from(sites, (site) => (site === 'A' ? 0 : 1)),
      ),
      0.7452766531713901,
      1e-12,
    );
    assert.ok(Number.isNaN(siteShare([1, 1, 1], Int32Array.of(0, 0, 1))));
  });

  it('knows the prior densities of scipy 1.17.1 (norm.pdf, invgamma.pdf)', () => {
    near(normalDensity(0.7, 0.2, 0.5), 0.48394144903828684, 1e-14);
    near(inverseGammaDensity(0.8, 5.5, 4.2), 1.1452053947900585, 1e-12);
    near(inverseGammaDensity(1.3, 40, 39), 0.42902964553747225, 1e-12);
    near(inverseGammaDensity(2, 3, 1), 0.018954083116019795, 1e-13);
  });

  it('draws the kernel density of scipy 1.17.1 (gaussian_kde at the same bandwidth), with area 1', () => {
    const curve = densityCurve([7, 1, NaN, 2, 2.5, 4]);
    assert.ok(curve !== null);
    const at = (x: number): number => {
      const i = curve.x.findIndex((value) => value >= x);
      const part = (x - curve.x[i - 1]) / (curve.x[i] - curve.x[i - 1]);
      return curve.y[i - 1] + part * (curve.y[i] - curve.y[i - 1]);
    };
    // Between grid points the curve is read off linearly, hence the tolerance.
    near(at(2), 0.1956348, 2e-4);
    near(at(4), 0.11890052, 2e-4);
    near(at(6), 0.06359759, 2e-4);
    const step = curve.x[1] - curve.x[0];
    near(
      curve.y.reduce((sum, value) => sum + value * step, 0),
      1,
      2e-3,
    );
  });

  it('draws no density where there is none, and the same one from many values as from few', () => {
    assert.equal(densityCurve([1, 2]), null);
    assert.equal(densityCurve([3, 3, 3, 3]), null);
    const many = densityCurve(Float64Array.from({ length: 20000 }, (_, i) => i / 20000));
    assert.ok(many !== null);
    near(many.y[64], 1, 0.02);
  });
});
