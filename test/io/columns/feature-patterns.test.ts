import assert from 'node:assert/strict';
import type { FeatureSelection } from '../../../sdk/io/tables/table-options';
import { arraySource } from '../../../sdk/io/text/array-source';
import { matchFeatures, onlyLeavesOut } from '../../../sdk/io/columns/features/feature-patterns';
import { tableColumns } from '../../../sdk/io/columns/table-columns';
import { checkError } from '../rejects-with';

const header = [
  'id',
  'site',
  'age',
  'left.cuneus',
  'left.insula',
  'right.cuneus',
  '.hidden',
  'a/b',
  'v (mm), raw',
  'lh[1]',
];
const table = tableColumns(arraySource('t.csv', header, []));
const taken = new Map([
  ['id', 'the subject id'],
  ['site', 'the site'],
  ['age', 'a covariate'],
]);
const names = (selection: FeatureSelection): readonly string[] =>
  matchFeatures(table, selection, taken).map((column) => header[column]);

describe('matchFeatures', () => {
  it('matches names, globs and regular expressions', () => {
    assert.deepEqual(names('left.cuneus'), ['left.cuneus']);
    assert.deepEqual(names('left.*'), ['left.cuneus', 'left.insula']);
    assert.deepEqual(names('*.cuneus'), ['left.cuneus', 'right.cuneus']);
    assert.deepEqual(names('left.*, right.*'), ['left.cuneus', 'left.insula', 'right.cuneus']);
    assert.deepEqual(names(['right.*', /^left/]), ['right.cuneus', 'left.cuneus', 'left.insula']);
    assert.deepEqual(names('?eft.[ci]*'), ['left.cuneus', 'left.insula']);
  });

  it('reads braces, brackets and parentheses whole, commas and all', () => {
    assert.deepEqual(names('{left,right}.cuneus'), ['left.cuneus', 'right.cuneus']);
    assert.deepEqual(names('{left,right}.cuneus, left.insula'), [
      'left.cuneus',
      'right.cuneus',
      'left.insula',
    ]);
    assert.deepEqual(names('@(left,x|right).{cuneus,ins*}'), ['right.cuneus']);
    assert.deepEqual(names('l{eft.{cuneus,insula},h[[]1]}'), ['left.cuneus', 'left.insula', 'lh[1]']);
    // What is opened and never closed is a sign like any other.
    assert.deepEqual(names('lh[1],left.insula'), ['lh[1]', 'left.insula']);
  });

  it('leaves out what a `!` is before, of what is named beside it', () => {
    assert.deepEqual(names('left.*,!*.insula'), ['left.cuneus']);
    assert.deepEqual(names(['!left.insula', /^left/]), ['left.cuneus']);
    assert.deepEqual(names('!(left).cuneus'), ['right.cuneus'], 'a glob of its own');
    const only: readonly [FeatureSelection, boolean][] = [
      ['!left.*', true],
      [['!left.*', '!a/b,!*.hidden'], true],
      ['!left.*,right.*', false],
      ['!(left|right).*', false],
      [/^!/, false],
      [[], false],
    ];
    for (const [selection, expected] of only)
      assert.equal(onlyLeavesOut(selection), expected, String(selection));
  });

  it('gives every column once, in the order of the selection', () => {
    assert.deepEqual(names(['left.insula', 'left.*', /cuneus/]), [
      'left.insula',
      'left.cuneus',
      'right.cuneus',
    ]);
  });

  it('takes a star for any text, slashes and leading dots as well, but never a column that has another meaning', () => {
    assert.deepEqual(names('*'), header.slice(3));
    assert.deepEqual(names('a*'), ['a/b']);
    assert.deepEqual(names(/./), header.slice(3));
  });

  it('takes a name before it takes it for a pattern', () => {
    assert.deepEqual(names('v (mm), raw'), ['v (mm), raw']);
    assert.deepEqual(names(['lh[1]']), ['lh[1]']);
  });

  it('does not depend on the state of a regular expression', () => {
    const pattern = /cuneus/g;
    assert.deepEqual(names(pattern), names(pattern));
    assert.equal(names(pattern).length, 2);
  });

  it('refuses what matches nothing, and a column with another meaning', () => {
    const thrown = (selection: FeatureSelection): unknown => {
      try {
        return names(selection);
      } catch (error) {
        return error;
      }
    };
    checkError(thrown('left.cunues'), {
      code: 'unknown-column',
      says: ['no column is called', 'did you mean "left.cuneus"?'],
    });
    checkError(thrown('zz*'), {
      code: 'unknown-column',
      says: ['no column matches "zz*" in t.csv', 'the columns are "left.cuneus"'],
    });
    checkError(thrown('left.*,!left.inslua'), {
      code: 'unknown-column',
      says: ['did you mean "left.insula"?'],
    });
    checkError(thrown('age'), { code: 'invalid-option', says: ['"age"', 'already a covariate'] });
  });
});
