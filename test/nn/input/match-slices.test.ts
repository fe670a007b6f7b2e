import assert from 'node:assert/strict';
import { matchSlices, placeSlices } from '../../../sdk/nn/input/match-slices';
import type { SlicePattern } from '../../../sdk/nn/input/slice-pattern';
import { patternSide } from '../../../sdk/nn/input/slice-pattern';
import { sliceProfile } from '../../../sdk/nn/input/slice-profile';

/** A head of which every slice is another disk, brighter to one side the higher it is. */
function slice(position: number, height = position): SlicePattern {
  const radius = 10 - ((height - 20) / 20) ** 2;
  const cells = Array.from({ length: patternSide ** 2 }, (_, cell) => {
    const y = Math.floor(cell / patternSide) - 11.5;
    const x = (cell % patternSide) - 11.5;
    return { inside: Math.hypot(x, y) < radius, value: 100 + height * x + 40 * y };
  });
  return {
    position,
    cover: Float64Array.from(cells, ({ inside }) => (inside ? 1 : 0)),
    values: Float64Array.from(cells, ({ inside, value }) => (inside ? value : 0)),
  };
}

const learned = [0, 11, 22, 33, 44].map((position) => slice(position));

describe('slices laid over those that were learned from', () => {
  it('are where they agree, not where most of them meet', () => {
    // Three of five are among the learned ones; moved by 22 mm all five would be.
    const some = [22, 33, 44, 55, 66].map((position) => slice(position));
    const found = matchSlices(some, learned);
    assert.equal(found.shift, 0);
    assert.equal(found.met, 3);
    assert.ok(found.score > 1.99);
  });

  it('are found wherever the axis begins, few and far apart too', () => {
    for (const [places, away] of [
      [[2, 12, 22, 32, 42], 100],
      [[5, 25, 45], -60],
      [[10, 27, 44], 8],
    ] as const) {
      const found = matchSlices(
        places.map((height) => slice(height + away, height)),
        learned,
      );
      assert.ok(Math.abs(found.shift - away) <= 2, `${found.shift} for ${away}`);
      assert.ok(found.score > 1.9);
    }
  });

  it('are where their positions say, where that is as good but for chance', () => {
    const here = matchSlices(learned, learned);
    const away = (more: number, met: number): number =>
      placeSlices(learned, learned, { ...here, shift: 24, met, evidence: here.evidence + more });
    // As the scan of fixtures/ddae-small that was found 24 mm off: better by 0.019, on two slices.
    assert.equal(away(0.019, 2), 0);
    assert.equal(away(0.1, 2), 24);
    assert.equal(away(0.019, 12), 24);
    const moved = learned.map((pattern) => ({ ...pattern, position: pattern.position + 60 }));
    assert.equal(placeSlices(moved, learned, matchSlices(moved, learned)), 60);
  });

  it('agree less in the reverse order', () => {
    const upright = matchSlices(learned, learned);
    const reversed = matchSlices(learned, learned, { order: -1 });
    assert.equal(upright.shift, 0);
    assert.ok(reversed.evidence < upright.evidence - 0.05);
  });
});

describe('the profile of slices', () => {
  const heights = Array.from({ length: 25 }, (_, i) => 3 * i - 10);

  it('has one widest place, however few slices there are', () => {
    assert.equal(sliceProfile(heights.map((height) => slice(height))).dip, 0);
    assert.equal(sliceProfile(learned).dip, 0);
  });

  it('has two where slices were interleaved wrongly or wrapped around', () => {
    const order = [...heights.filter((_, i) => i % 2 === 0), ...heights.filter((_, i) => i % 2 === 1)];
    const mixed = order.map((height, i) => slice(heights[i], height));
    assert.ok(sliceProfile(mixed).dip > 0.3);
    const wrapped = heights.map((height, i) => slice(height, heights[(i + 10) % 25]));
    assert.ok(sliceProfile(wrapped).dip > 0.3);
  });

  it('flickers where every other slice is brighter, and says nothing of slices far apart', () => {
    const even = heights.map((height) => slice(height));
    assert.ok(sliceProfile(even).flicker < 0.01);
    const odd = even.map((one, i) => ({ ...one, values: one.values.map((value) => (i % 2) * 50 + value) }));
    assert.ok(sliceProfile(odd).flicker > 0.1);
    assert.ok(Number.isNaN(sliceProfile(learned).flicker));
  });
});
