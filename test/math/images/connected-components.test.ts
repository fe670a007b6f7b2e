import assert from 'node:assert/strict';
import { connectedComponents, reachableFrom } from '../../../sdk/math/images/connected-components';

describe('connectedComponents', () => {
  it('tells parts apart that touch by an edge or a corner only', () => {
    // Two planes of 3 × 2.
    const mask = Uint8Array.from([1, 0, 1, 0, 1, 1, 0, 0, 0, 1, 0, 0]);
    const { labels, sizes } = connectedComponents(mask, [3, 2, 2]);
    assert.deepEqual([...labels], [1, 0, 2, 0, 2, 2, 0, 0, 0, 3, 0, 0]);
    assert.deepEqual(sizes, [1, 3, 1]);
  });
  it('finds as many components as scipy, of the same sizes', () => {
    // scipy 1.17.1: ndimage.label of the same mask.
    const mask = Uint8Array.from({ length: 792 }, (_, i) => ((i * 7919) % 1009 < 250 ? 1 : 0));
    const { sizes } = connectedComponents(mask, [11, 9, 8]);
    assert.equal(sizes.length, 16);
    assert.deepEqual([...sizes].sort((a, b) => b - a).slice(0, 5), [16, 16, 15, 14, 14]);
  });
});

describe('reachableFrom', () => {
  it('marks what is connected to the seeds, and passes over seeds outside the mask', () => {
    const mask = Uint8Array.from([1, 1, 0, 1, 0, 1]);
    assert.deepEqual([...reachableFrom(mask, [6, 1, 1], [1, 2, 5])], [1, 1, 0, 0, 0, 1]);
  });
});
