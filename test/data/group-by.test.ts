import { deepEqual } from 'node:assert/strict';
import { groupBy, rowsAlike, rowsBy } from '../../sdk/data/group-by';
import { listFirst } from '../../sdk/data/list-names';

describe('grouping by a key', () => {
  it('keeps keys and items in the order met, and leaves out what has no key', () => {
    const groups = groupBy(['pear', 'apple', '', 'plum', 'avocado'], (word) => word.at(0));
    const expected = [
      ['p', ['pear', 'plum']],
      ['a', ['apple', 'avocado']],
    ];
    deepEqual([...groups], expected);
  });

  it('finds rows by the keys of all, and those that share one', () => {
    const sites = ['B', 'A', undefined, 'B'];
    const expected = [
      ['B', [0, 3]],
      ['A', [1]],
    ];
    deepEqual([...rowsBy(sites)], expected);
    deepEqual(
      rowsAlike([3, 2, 1, 0], (row) => sites[row]),
      [[3, 0]],
    );
  });
});

describe('a list of the first few', () => {
  it('says how many more there are, where there are more', () => {
    const told = [3, 4].map((count) => listFirst(Array(count).fill(1), String, { joint: '; ' }));
    deepEqual(told, ['1; 1; 1', '1; 1; 1 and 1 more']);
  });
});
