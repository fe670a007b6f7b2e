import assert from 'node:assert/strict';
import { summaryOf } from '../../sdk/io/maps/file-marks';
import { doubtfulMaps } from '../../sdk/maps/doubts/doubtful-maps';

const ids = ['s1', 's2', 's3', 's4', 's5'];
const parts = ['lh', 'rh'];

/** Marks of maps of thickness, with a wall, and others in their place. */
function said(others: Readonly<Record<string, readonly number[]>>): readonly string[] {
  const marks = ids.map((id, scan) =>
    parts.map((part) => {
      const own = others[`${id} ${part}`] ?? [0, 2.5, 2.4 + scan / 10, 2.6, 2.2, NaN];
      return { bytes: 1, modified: 1, digest: `${part} ${own.join()}`, ...summaryOf(Float32Array.from(own)) };
    }),
  );
  return doubtfulMaps(marks, { ids, parts }).map(({ message }) => message);
}

describe('maps that are unlike those of other scans', () => {
  it('are named: nearly empty, on another scale, or the same', () => {
    assert.deepEqual(said({}), []);
    assert.deepEqual(said({ 's2 lh': [0, 0, 0, 0, 0, 0], 's4 rh': [NaN, NaN, NaN, NaN, 2.5, NaN] }), [
      '1 map of lh is nearly empty: "s2" (s2: 0 values that are neither 0 nor missing, where most have 4)',
      '1 map of rh is nearly empty: "s4" (s4: 1 values that are neither 0 nor missing, where most have 4)',
    ]);
    // The median of means is that of s3, (2.5 + 2.6 + 2.6 + 2.2) / 4 = 2.475, a little less in 32-bit floats.
    assert.deepEqual(said({ 's5 rh': [0, 2500, 2500, 2500, 2500, NaN] }), [
      '1 map of rh is on another scale than the others: "s5" (s5: about 2.50e+3, where most are about 2.47)',
    ]);
    const first = [0, 2.5, 2.4, 2.6, 2.2, NaN];
    assert.deepEqual(said({ 's3 lh': first }), [
      'maps of lh have the same values: "s1", "s3"; each counts as a scan of its own',
    ]);
  });

  it('are none of a measure about 0, such as curvature', () => {
    const curvature = Object.fromEntries(
      ids.flatMap((id, scan) =>
        parts.map((part, p) => [`${id} ${part}`, [0.1, -0.1, 0.01 * (scan - 2), 0.001 * p, 0.02, -0.01]]),
      ),
    );
    assert.deepEqual(said(curvature), []);
  });
});
