import assert from 'node:assert/strict';
import { buildCovariate } from '../../../sdk/io/columns/build-covariate';
import { defaultMissing, makeCellReader } from '../../../sdk/io/cells/cell';
import type { CovariateSpec } from '../../../sdk/io/tables/table-options';

const build = (
  texts: readonly (string | null)[],
  spec: CovariateSpec = { name: 'c' },
): ReturnType<typeof buildCovariate> =>
  buildCovariate(
    { name: 'c', file: 't.csv', texts, lines: texts.map((_, row) => row + 2) },
    spec,
    makeCellReader(defaultMissing),
  );

describe('buildCovariate', () => {
  const kinds: readonly [readonly (string | null)[], string][] = [
    [['1.5', '2', null], 'continuous'],
    [['20', '30', '40'], 'continuous'],
    [['0', '1', '2'], 'continuous'],
    [['0', '1', '1', null], 'categorical'],
    [['1', '2', '1.0'], 'categorical'],
    [['2', '3', '2'], 'continuous'],
    [['F', 'M'], 'categorical'],
    [['1', '2', 'other'], 'categorical'],
    [['1', '1'], 'categorical'],
  ];
  for (const [texts, kind] of kinds) {
    it(`takes ${texts.join(', ')} as ${kind} and says so`, () => {
      const { covariate, issues } = build(texts);
      assert.equal(covariate.kind, kind);
      assert.equal(issues.length, 1);
      assert.equal(issues[0].code, 'inferred-covariate');
      assert.ok(issues[0].message.includes(kind));
    });
  }

  it('keeps to a stated kind, unit and levels without a word', () => {
    const coded = build(['1', '2', '2'], { name: 'c', kind: 'continuous', unit: 'points' });
    assert.deepEqual(coded, {
      covariate: { kind: 'continuous', name: 'c', unit: 'points', values: Float64Array.of(1, 2, 2) },
      issues: [],
    });
    const listed = build(['b', null, 'a'], { name: 'c', levels: ['b', 'a', 'z'] });
    assert.deepEqual(listed, {
      covariate: { kind: 'categorical', name: 'c', levels: ['b', 'a', 'z'], codes: Int32Array.of(0, -1, 1) },
      issues: [],
    });
  });
});
