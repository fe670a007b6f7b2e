import assert from 'node:assert/strict';
import { constantAtSiteIssues } from '../../../sdk/io/columns/constant-at-site';
import { makeRandom } from '../../../sdk/math/random';

const sites = Array.from({ length: 60 }, (_, row) => ['A', 'B', 'C'][row % 3]);

/** Columns of normal values, changed at rows. */
function said(
  change: (value: number, site: string, column: number, row: number) => number,
): readonly { readonly message: string; readonly suggestion: string }[] {
  const random = makeRandom(1);
  const names = ['first', 'second', 'third'];
  const values = Float64Array.from({ length: sites.length * 3 }, (_, i) =>
    change(2 + random.normal(), sites[Math.floor(i / 3)], i % 3, Math.floor(i / 3)),
  );
  return constantAtSiteIssues({ names, values }, sites, 't.csv');
}

describe('a feature with one value in all scans of a site', () => {
  it('is named with site and value, and a mark of missing values for it', () => {
    const [issue, ...others] = said((value, site, column) => (site === 'B' && column > 0 ? 0 : value));
    assert.deepEqual(others, []);
    assert.match(
      issue.message,
      /^all scans of site "B" have 0 in 2 columns, "second", "third", which vary elsewhere/,
    );
    assert.match(issue.suggestion, /second=0/);
    const [of2] = said((value, site, column) => (site === 'A' && column < 2 ? column + 1 : value));
    assert.match(of2.message, /^all scans of site "A" have one value each in 2 columns, "first", "second"/);
  });

  it('is none where the value is usual at other sites, the site has few values, or all sites are so', () => {
    const none = said((value, site, column, row) => {
      // No lesion, as half of the others have.
      if (column === 0) return site === 'B' || row % 2 === 0 ? 0 : value;
      if (column === 1) return site === 'B' ? (row < 12 ? 7 : NaN) : value;
      return sites.indexOf(site);
    });
    assert.deepEqual(none, []);
  });
});
