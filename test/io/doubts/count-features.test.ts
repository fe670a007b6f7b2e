import assert from 'node:assert/strict';
import { makeFeatureMatrix } from '../../../sdk/data/feature-matrix';
import { countFeatureIssues } from '../../../sdk/io/doubts/count-features';

const scans = Array.from({ length: 20 }, (_, row) => `s${row}`);

function said(columns: Readonly<Record<string, (row: number) => number>>): readonly string[] {
  const rows = scans.flatMap((_, row) => Object.values(columns).map((own) => own(row)));
  const matrix = makeFeatureMatrix(Float64Array.from(rows), scans, Object.keys(columns));
  return countFeatureIssues(matrix, 't.csv').map(({ message }) => message);
}

describe('features that are counts', () => {
  it('are named: small whole numbers, and what is often 0', () => {
    const columns = {
      thick: (row: number) => 2 + row / 10,
      lesions: (row: number) => (row * row) % 7,
      wmh: (row: number) => (row < 15 ? 10.5 + row : 0),
    };
    assert.deepEqual(said(columns), [
      '2 features of t.csv hold counts, or are often 0: "lesions" (whole numbers to 4), "wmh" (0 in 5 of 20 scans). ' +
        'A shift and a factor for each site leave them neither whole nor 0, and do not change how often a site has 0',
    ]);
  });

  it('are not large whole numbers, values below zero, or a few zeros, late in the table too', () => {
    const columns = {
      vertices: (row: number) => 1000 + row,
      z: (row: number) => (row % 3) - 1,
      slips: (row: number) => (row > 15 ? 0 : row + 0.5),
      none: () => 0,
      empty: () => NaN,
    };
    assert.deepEqual(said(columns), []);
  });
});
