import assert from 'node:assert/strict';
import { gains, withoutBasis } from '../../../sdk/evaluate/models/feature-block';
import { spanOfSites, squaresAlongSites, withoutSites } from '../../../sdk/evaluate/models/site-span';
import { extendBasis } from '../../../sdk/math/linear/orthonormal-basis';
import { makeRandom } from '../../../sdk/math/random';

const rows = 90;
const count = 5;
const random = makeRandom(3);
const sites = Int32Array.from({ length: rows }, (_, row) => (row < 12 ? 0 : 1 + (row % 4)));
const normal = (): number => random.normal();

describe('spanOfSites', () => {
  const ones = new Float64Array(rows).fill(1);
  const apart = Float64Array.from(sites, (site) => site + normal());
  const covariates = extendBasis([], [ones, apart, Float64Array.from(ones, normal)]);
  const { directions, span } = spanOfSites(sites, 5, covariates);
  const values = withoutBasis(Float64Array.from({ length: rows * count }, normal), covariates, count);
  const close = (found: ArrayLike<number>, expected: ArrayLike<number>): void => {
    assert.equal(found.length, expected.length);
    for (let i = 0; i < found.length; i++) assert.ok(Math.abs(found[i] - expected[i]) < 1e-13, String(i));
  };

  it('takes out by sums over sites what the directions take out', () => {
    assert.ok(span);
    assert.equal(directions.length, 4);
    const made = withoutSites(values, span, count);
    close(made.gains, gains(values, directions, count));
    close(made.rest, withoutBasis(values, directions, count));
  });

  it('has the squares along the directions of values that have something along covariates, too', () => {
    assert.ok(span);
    const any = Float64Array.from(sites, normal);
    close([squaresAlongSites(any, span)], gains(any, directions, 1));
  });

  it('has the directions alone where a covariate is nearly the site', () => {
    const nearly = Float64Array.from(sites, (site) => Number(site === 2) + 1e-4 * normal());
    const made = spanOfSites(sites, 5, extendBasis([], [ones, nearly]));
    assert.equal(made.directions.length, 4);
    assert.equal(made.span, undefined);
  });
});
