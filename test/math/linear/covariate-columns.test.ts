import assert from 'node:assert/strict';
import { keptCovariates } from '../../../sdk/combat/combat-options';
import { fitDesign } from '../../../sdk/combat/design/covariate-design';
import { categorical, continuous } from '../../../sdk/data/people/covariate';
import { makeFeatureCohort } from '../../../sdk/data/cohort';
import { makeFeatureMatrix } from '../../../sdk/data/feature-matrix';
import { makeParticipants } from '../../../sdk/data/people/participants';
import { encodeKnown } from '../../../sdk/ddae/samples/known-variables';
import { covariateFeatures } from '../../../sdk/evaluate/predictors/covariate-features';
import { makeSiteDesign } from '../../../sdk/evaluate/models/site-design';
import { columnsOf, mostFrequentLevel } from '../../../sdk/math/linear/covariate-columns';
import { throwsCode } from '../../plot/throws-code';

const group = categorical('group', ['a', 'b', 'c', 'b', 'c', null], ['z', 'a', 'b', 'c']);
const plain = (columns: ReturnType<typeof columnsOf>): unknown =>
  columns.map(({ name, values }) => [name, [...values]]);

describe('columnsOf', () => {
  it('takes a continuous covariate as it is', () => {
    assert.deepEqual(plain(columnsOf(continuous('age', [3, NaN, 5]))), [['age', [3, NaN, 5]]]);
  });

  it('leaves out the most frequent level, of several the first, and levels that nobody has', () => {
    assert.equal(mostFrequentLevel(group), 'b');
    assert.equal(mostFrequentLevel(group, 'b'), 'c');
    assert.equal(mostFrequentLevel(categorical('none', [null], ['a'])), undefined);
    assert.deepEqual(plain(columnsOf(group)), [
      ['group=a', [1, 0, 0, 0, 0, NaN]],
      ['group=c', [0, 0, 1, 0, 1, NaN]],
    ]);
  });

  it('takes another reference, or none', () => {
    const names = (reference: string | null): string[] =>
      columnsOf(group, { reference }).map(({ name }) => name);
    assert.deepEqual(names('c'), ['group=a', 'group=b']);
    assert.deepEqual(names(null), ['group=a', 'group=b', 'group=c']);
  });

  it('follows the levels of a model, and refuses others', () => {
    const levels = ['c', 'b', 'a', 'y'];
    assert.deepEqual(plain(columnsOf(group, { levels, reference: 'b' })), [
      ['group=c', [0, 0, 1, 0, 1, NaN]],
      ['group=a', [1, 0, 0, 0, 0, NaN]],
      ['group=y', [0, 0, 0, 0, 0, NaN]],
    ]);
    const subjects = ['p', 'q', 'r', 's', 't', 'u'];
    throwsCode('unknown-level', /^unknown level of group for subject "r": "c" \(.*fitted on "a", "b"\)/, () =>
      columnsOf(group, { levels: ['a', 'b'], subjects }),
    );
    // What can be done, for all that are not known, without saying which is which.
    const codes = categorical('sex', ['1', '2', '1']);
    throwsCode('unknown-level', /read the table with sameLevel\.sex\.1: "F" or "M"; likewise for "2"; /, () =>
      columnsOf(codes, { levels: ['F', 'M'] }),
    );
    throwsCode('unknown-level', /where it is another name of one of these, write that in the table; /, () =>
      columnsOf(categorical('dx', ['a:b']), { levels: ['F', 'M'] }),
    );
  });

  it('is what every design is made of', () => {
    const ids = ['p', 'q', 'r', 's', 't'];
    const levels = categorical('group', ['a', 'b', 'c', 'b', 'c']);
    const participants = makeParticipants(ids, ['S', 'S', 'T', 'T', 'T'], [levels]);
    const cohort = makeFeatureCohort(
      participants,
      makeFeatureMatrix(Float64Array.of(1, 2, 3, 4, 5), ids, ['f']),
    );
    const wanted = ['group=a', 'group=c'];
    const kept = keptCovariates({ preserve: ['group'] });
    assert.deepEqual(fitDesign(participants, kept, 'p-spline').columns, wanted);
    assert.deepEqual(covariateFeatures(cohort, ['group'])?.features.features, wanted);
    const [term] = makeSiteDesign(cohort, ['group']).terms;
    assert.deepEqual(plain(term.columns), plain(columnsOf(levels)));
    const shares = ids.map(() => new Float64Array(0));
    const known = { kind: 'categorical', name: 'group', levels: ['a', 'b', 'c'] } as const;
    const [a, , c] = columnsOf(levels, { reference: null });
    const rows = encodeKnown(participants, shares, [known]);
    assert.deepEqual(
      ids.map((_, row) => [rows[3 * row], rows[3 * row + 2]]),
      ids.map((_, row) => [a.values[row], c.values[row]]),
    );
  });
});
