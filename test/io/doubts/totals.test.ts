import assert from 'node:assert/strict';
import type { Issue } from '../../../sdk/data/issue';
import { makeFeatureMatrix } from '../../../sdk/data/feature-matrix';
import { totalsIssues } from '../../../sdk/io/doubts/totals';
import { makeRandom } from '../../../sdk/math/random';

const scans = Array.from({ length: 14 }, (_, row) => `s${row}`);
const random = makeRandom(11);
/** Values about a mean, written with so many digits. */
const drawn = (mean: number, digits = 1): number[] =>
  scans.map(() => Number((mean * (1 + 0.1 * random.normal())).toFixed(digits)));
const over = (columns: readonly (readonly number[])[], of: (own: number[]) => number): number[] =>
  scans.map((_, row) => of(columns.map((own) => own[row])));
const sum = (own: readonly number[]): number => own.reduce((all, one) => all + one, 0);

function found(columns: Readonly<Record<string, readonly number[]>>): readonly Issue[] {
  const rows = scans.flatMap((_, row) => Object.values(columns).map((own) => own[row]));
  return totalsIssues(makeFeatureMatrix(Float64Array.from(rows), scans, Object.keys(columns)), 't.csv');
}
const said = (columns: Readonly<Record<string, readonly number[]>>): string | undefined =>
  found(columns)[0]?.message;

describe('features that hold others', () => {
  const regions = ['cuneus', 'insula', 'precuneus', 'fusiform', 'lingual'];
  const areas = regions.map((name) => [`lh_${name}_area`, drawn(1500, 0)] as const);

  it('are known where both hemispheres are beside their sum or mean, whatever is between them', () => {
    const [l, r, thinL, thinR] = [drawn(230000), drawn(231000), drawn(2.5, 3), drawn(2.6, 3)];
    const columns = {
      lhCortexVol: l,
      'Left-Thalamus': drawn(7000),
      rhCortexVol: r,
      'Left-Caudate': drawn(3500),
      CortexVol: over([l, r], sum),
      L_insula: thinL,
      R_insula: thinR,
      M_insula: drawn(2.5, 3),
      insula: over([thinL, thinR], (own) => sum(own) / 2),
    };
    assert.equal(
      said(columns),
      '2 features of t.csv hold others: "CortexVol" is the sum of 2 others; "insula" is the mean of 2 others. ' +
        'Harmonized each by itself, they no longer add up',
    );
    assert.deepEqual(
      found(columns)[0].remedy?.filter((part) => typeof part !== 'string'),
      [{ option: 'features', values: ['!CortexVol,!insula'] }],
    );
  });

  it('are known among the regions of a hemisphere, where the sum is of whole numbers and has a decimal of its own', () => {
    const total = over(
      areas.map(([, own]) => own),
      (own) => sum(own) + 0.4 * random.normal(),
    );
    const columns = { ...Object.fromEntries(areas), lh_all_area: total, rh_cuneus_area: drawn(1500, 0) };
    assert.match(said(columns) ?? '', /"lh_all_area" is the sum of 5 others/);
  });

  it('are known where they are the sum of columns beside each other, as lobes of their regions', () => {
    const [a, b, c, d] = [drawn(900), drawn(800), drawn(700), drawn(600)];
    const columns = { a, b, c, d, e: drawn(500), lobe: over([b, c, d], sum), other: drawn(2400) };
    assert.match(said(columns) ?? '', /^1 feature of t.csv holds others: "lobe" is the sum of 3 others\./);
  });

  it('are known by names that programs give to means over vertices', () => {
    const thick = regions.map((name) => [`lh_${name}_thickness`, drawn(2.5, 3)] as const);
    const columns = { ...Object.fromEntries(thick), lh_MeanThickness_thickness: drawn(2.4, 3) };
    assert.match(said(columns) ?? '', /"lh_MeanThickness_thickness" is the mean of others by its name/);
  });

  it('are none where one scan is off, nor where whole numbers are within their rounding of others', () => {
    const [l, r] = [drawn(230000), drawn(231000)];
    const off = over([l, r], sum).map((value, row) => (row === 9 ? value + 1 : value));
    const few = (): number[] => scans.map(() => Math.floor(3 * random.uniform()));
    assert.equal(said({ lh_x: l, rh_x: r, x: off, other: drawn(5) }), undefined);
    assert.equal(said({ lh_n: few(), rh_n: few(), n: few(), m: few() }), undefined);
    assert.equal(said({ ...Object.fromEntries(areas), MeanThickness: drawn(2.5) }), undefined);
  });

  it('are found beside missing cells and values below zero', () => {
    const [l, r] = [drawn(3), drawn(4).map((value, row) => (row === 3 ? NaN : -value))];
    assert.match(
      said({ lh_x: l, rh_x: r, x: over([l, r], sum), other: drawn(5) }) ?? '',
      /"x" is the sum of 2 others/,
    );
  });
});
