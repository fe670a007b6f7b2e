import assert from 'node:assert/strict';
import type { DrawOptions } from '../../../sdk/nn/train/draw-positions';
import { drawPositions } from '../../../sdk/nn/train/draw-positions';

function drawn(count: number, steps: number, options: DrawOptions): number[] {
  const draw = drawPositions(count, options);
  return Array.from({ length: steps }, (_, step) => [...draw(step)]).flat();
}

const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
const everyOne = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe('drawPositions', () => {
  it('draws every image once per epoch, in another order each time, in full batches', () => {
    // 5 × 7 = 35 images in batches of 10: seven batches are two epochs.
    const all = drawn(35, 7, { batchSize: 10, seed: 1 });
    const first = all.slice(0, 35);
    const second = all.slice(35);
    assert.deepEqual(sorted(first), everyOne(35));
    assert.deepEqual(sorted(second), everyOne(35));
    assert.notDeepEqual(first, second);
    assert.notDeepEqual(first, everyOne(35));
    assert.notDeepEqual(first, drawn(35, 4, { batchSize: 10, seed: 2 }).slice(0, 35));
  });

  it('reaches any step directly, in any order', () => {
    const labels = everyOne(23).map((i) => ['a', 'b', 'c'][i % 5 === 0 ? 0 : i % 2 === 0 ? 1 : 2]);
    const scanOf = everyOne(23).map((i) => `scan ${Math.floor(i / 3)}`);
    for (const more of [
      {},
      { labels },
      { window: { scanOf, scans: 2 } },
      { labels, window: { scanOf, scans: 2 } },
    ]) {
      const options = { batchSize: 4, seed: 9, ...more };
      const inOrder = drawPositions(23, options);
      const expected = everyOne(40).map((step) => [...inOrder(step)]);
      const another = drawPositions(23, options);
      for (const step of [39, 0, 17, 17, 3, 38]) assert.deepEqual([...another(step)], expected[step]);
    }
  });

  it('fills a batch larger than the number of images from several epochs', () => {
    const batch = drawn(3, 1, { batchSize: 9, seed: 4 });
    assert.deepEqual(sorted(batch), [0, 0, 0, 1, 1, 1, 2, 2, 2]);
    assert.deepEqual(drawn(1, 1, { batchSize: 2, seed: 4 }), [0, 0]);
  });

  it('is uniform: each image is as often first as any other', () => {
    const firsts = new Array<number>(8).fill(0);
    for (let seed = 0; seed < 800; seed++) firsts[drawPositions(8, { batchSize: 1, seed })(0)[0]]++;
    // 100 each are expected; chi-squared with 7 degrees of freedom exceeds 24.3 once in a thousand.
    const chi2 = firsts.reduce((sum, count) => sum + (count - 100) ** 2 / 100, 0);
    assert.ok(chi2 < 24.3, `${chi2}`);
  });

  it('draws labels in equal shares, and all images of each', () => {
    const labels = everyOne(30).map((i) => (i < 24 ? 'large' : i < 28 ? 'small' : 'tiny'));
    const draw = drawPositions(30, { batchSize: 6, seed: 3, labels });
    const counts = new Array<number>(30).fill(0);
    for (let step = 0; step < 24; step++) {
      const batch = [...draw(step)];
      for (const label of ['large', 'small', 'tiny']) {
        assert.equal(batch.filter((position) => labels[position] === label).length, 2);
      }
      for (const position of batch) counts[position]++;
    }
    // 24 batches with two of each label: two epochs of the large, twelve of the small, 24 of the tiny.
    assert.deepEqual(
      counts,
      labels.map((label) => (label === 'large' ? 2 : label === 'small' ? 12 : 24)),
    );
  });

  it('stays within so many scans at a time', () => {
    const scanOf = everyOne(60).map((i) => `scan ${i % 12}`);
    const all = drawn(60, 20, { batchSize: 6, seed: 3, window: { scanOf, scans: 3 } });
    for (const epoch of [all.slice(0, 60), all.slice(60)]) {
      assert.deepEqual(sorted(epoch), everyOne(60));
      for (let first = 0; first < 60; first += 15) {
        assert.equal(new Set(epoch.slice(first, first + 15).map((position) => scanOf[position])).size, 3);
      }
    }
    // The images of a window are mixed: scans do not come one after the other.
    const scans = all.slice(0, 15).map((position) => scanOf[position]);
    assert.ok(scans.some((scan, i) => i > 0 && scan !== scans[i - 1] && scans.slice(0, i).includes(scan)));
  });
});
