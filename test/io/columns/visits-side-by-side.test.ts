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

  it('are warned of where there is one measure and nothing else, and by several ages', () => {
    const said = (features: readonly string[], columns: readonly string[] = []): string | undefined =>
      wideTableIssues(features, 't.csv', columns)[0]?.message;
    assert.match(
      said(['thickness_t1', 'thickness_t2']) ?? '',
      /^the features look like 1 measure at 2 visits/,
    );
    assert.equal(said(['lh_V1', 'lh_V2']), undefined);
    const contrasts = regions.flatMap((name) => [`T1_${name}`, `T2_${name}`]);
    assert.equal(said(contrasts, ['id', 'age']), undefined);
    assert.match(said(contrasts, ['id', 'T1_age', 'T2_age']) ?? '', /4 measures .* as the ages or dates do/);
    const counted = regions.flatMap((name) => [1, 2, 3].map((at) => `${name}${at}`));
    assert.match(said(counted, ['age1', 'age2', 'age3']) ?? '', /3 visits side by side \("1", "2", "3"\)/);
    // Powers of the age, and an age of onset beside that of the scan.
    const tracts = ['FA_1', 'FA_2', 'FA_3', 'MD_1', 'MD_2', 'MD_3'];
    assert.equal(said(tracts, ['age', 'age_2', 'age_3']), undefined);
    assert.equal(said(tracts, ['age', 'age2']), undefined);
  });

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
