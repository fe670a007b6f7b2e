import assert from 'node:assert/strict';
import { wideTableIssues } from '../../../sdk/io/columns/visits-side-by-side';

const regions = ['lh_insula', 'rh_insula', 'lh_cuneus', 'rh_cuneus'];

describe('visits side by side in a table', () => {
  const wide: Readonly<Record<string, readonly string[]>> = {
    'at the end': regions.flatMap((name) => [`${name}_v1`, `${name}_v2`]),
    'in words': regions.flatMap((name) => [`${name}.baseline`, `${name}.followup`, `${name}.fu2`]),
    'at the beginning': ['wave1', 'wave2'].flatMap((wave) => regions.map((name) => `${wave}_${name}`)),
    'as months': regions.flatMap((name) => [`${name}_bl`, `${name}_m12`]),
  };
  for (const [name, features] of Object.entries(wide)) {
    it(`are warned of: ${name}`, () => {
      const [issue] = wideTableIssues(features, 't.csv');
      assert.match(issue.message, /4 measures at (2|3) visits/);
      assert.match(issue.suggestion, /person/);
    });
  }

  const other: Readonly<Record<string, readonly string[]>> = {
    'one visit': regions.map((name) => `${name}_v1`),
    'areas of the visual cortex': [
      ...regions,
      ...['L', 'R'].flatMap((side) => [`${side}_V1`, `${side}_V2`, `${side}_V3`]),
    ],
    contrasts: regions.flatMap((name) => [`${name}_T1`, `${name}_T2`]),
    'numbers of tracts': ['FA', 'MD', 'AD', 'RD'].flatMap((measure) =>
      [1, 2, 3].map((at) => `${measure}_${at}`),
    ),
  };
  for (const [name, features] of Object.entries(other)) {
    it(`are not ${name}`, () => assert.deepEqual(wideTableIssues(features, 't.csv'), []));
  }
});
