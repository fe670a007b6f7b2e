import assert from 'node:assert/strict';
import { categorical, continuous } from '../../../sdk/data/people/covariate';
import { siteCodesIssues } from '../../../sdk/io/doubts/site-codes';

const sites = ['A', 'A', 'B', 'B', 'C', 'C'];

/** What is said of codes as levels, and as amounts. */
function said(codes: readonly (number | null)[]): readonly string[] {
  const levels = categorical(
    'sex',
    codes.map((code) => (code === null ? null : String(code))),
  );
  const amounts = continuous(
    'sex',
    Float64Array.from(codes, (code) => code ?? NaN),
  );
  const found = [levels, amounts].map((one) => siteCodesIssues([one], sites, 't.csv'));
  assert.deepEqual(found[0], found[1]);
  return found[0].map(({ message }) => message);
}

describe('codes of two groups', () => {
  it('are warned of where some sites begin with 0 and others with 1', () => {
    assert.deepEqual(said([0, 1, 1, 0, 2, 1]), [
      'covariate "sex" is 0 and 1 at "A", "B" and 1 and 2 at "C", and never 0 and 2 at one site: ' +
        'where it has two groups, 1 is one of them here and the other there',
    ]);
    assert.equal(said([0, 1, null, 1, 2, 1]).length, 1);
  });

  it('are in order where all sites begin alike, one site has all three, or one code alone is another', () => {
    for (const codes of [
      [0, 1, 1, 0, 0, 1],
      [1, 2, 1, 2, 2, 1],
      [0, 1, 0, 2, 2, 1],
      [0, 1, 0, 1, 2, 2],
      [0, 1, 0, 1, 2, 3],
    ])
      assert.deepEqual(said(codes), []);
  });
});
