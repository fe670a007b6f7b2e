import assert from 'node:assert/strict';
import { adjustedVersionIssues } from '../../../sdk/io/columns/adjusted-versions';

const regions = ['lh_insula', 'rh_insula', 'lh_cuneus', 'rh_cuneus'];
const said = (features: readonly string[]): readonly string[] =>
  adjustedVersionIssues(features, 't.csv').map(({ message }) => message);

describe('adjusted versions of features', () => {
  it('are warned of beside the measures, at the end or the beginning of names', () => {
    for (const version of [
      (name: string) => `${name}_combat`,
      (name: string) => `${name}.Harmonized`,
      (name: string) => `z_${name}`,
      (name: string) => `${name}_resid`,
    ]) {
      const [message] = said([...regions, ...regions.map(version)]);
      assert.ok(
        message.startsWith(
          `4 features are there in another version, such as "lh_insula", "${version('lh_insula')}"`,
        ),
        message,
      );
    }
    const both = regions.flatMap((name) => [`${name}_raw`, `${name}_neurocombat`]);
    assert.match(said(both)[0], /^4 features.*"lh_insula_raw", "lh_insula_neurocombat"/);
  });

  it('are warned of alone where they are harmonized by their names', () => {
    assert.deepEqual(said(regions.map((name) => `${name}_combat`)), [
      '4 of 4 features are harmonized already by their names, such as "lh_insula_combat"',
    ]);
  });

  it('are none of other measures of the same regions, nor of normalized ones alone', () => {
    assert.deepEqual(said(regions.flatMap((name) => [`${name}_thickness`, `${name}_thicknessstd`])), []);
    assert.deepEqual(said(regions.map((name) => `${name}_norm`)), []);
    assert.deepEqual(said(['x_coord', 'y_coord', 'z_coord', ...regions]), []);
  });
});
