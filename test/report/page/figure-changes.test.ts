import assert from 'node:assert/strict';
import vm from 'node:vm';
import type { JsonValue } from '../../../sdk/data/json';
import { changedScript, changesTo } from '../../../sdk/report/page/figure-changes';

describe('changesTo', () => {
  const changed = vm.runInThisContext(`(${changedScript})`) as (from: unknown, changes: unknown) => unknown;
  const from = {
    data: [
      { y: [1, 2], name: 'A' },
      { y: [3], name: 'B' },
    ],
    layout: { title: { text: 'f' }, height: 3 },
  };

  it('gives what the page makes the other value of, and nothing that is the same', () => {
    const to = {
      data: [
        { y: [1, 5, null], name: 'A' },
        { y: [3], name: 'B' },
      ],
      layout: { title: { text: 'g' }, height: 3 },
    };
    const changes = changesTo(from, to);
    assert.deepEqual(changes, { data: { 0: { y: [[1, 5, null]] } }, layout: { title: { text: ['g'] } } });
    assert.deepEqual(JSON.parse(JSON.stringify(changed(from, changes))), to);
    assert.deepEqual(from.data[0].y, [1, 2]);
    assert.equal(changesTo(from, from), undefined);
    assert.deepEqual(changed(from, {}), from);
  });

  it('gives whole what has other parts', () => {
    const others: readonly JsonValue[] = [
      { data: [], layout: {} },
      { data: [{ y: [1] }], layout: { a: 1 } },
      [],
      null,
      'x',
    ];
    for (const to of others) {
      assert.deepEqual(JSON.parse(JSON.stringify(changed(from, changesTo(from, to)))), to);
    }
  });
});
