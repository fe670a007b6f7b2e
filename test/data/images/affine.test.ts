import assert from 'node:assert/strict';
import {
  affineDeterminant,
  affineSpacing,
  axisCodes,
  composeAffines,
  invertAffine,
  isSingular,
  makeAffine,
  transformPoint,
} from '../../../sdk/data/images/affine';
import { ConcordError } from '../../../sdk/errors';

// An oblique LAS-like affine; expected values from numpy 2.4.6 (linalg.inv, linalg.det) and nibabel 5.4.2 (aff2axcodes).
const oblique = [-1.9, 0.3, 0.1, 90, 0.28, 1.95, -0.2, -126, 0.16, 0.22, 1.97, -72, 0, 0, 0, 1];

function near(actual: readonly number[], expected: readonly number[], tolerance = 1e-9): void {
  assert.equal(actual.length, expected.length);
  actual.forEach((value, i) =>
    assert.ok(Math.abs(value - expected[i]) <= tolerance, `${i}: ${value} against ${expected[i]}`),
  );
}

describe('affine', () => {
  it('inverts and composes', () => {
    near(composeAffines(invertAffine(oblique), oblique), makeAffine([1, 1, 1]));
    near(
      invertAffine(oblique),
      [
        -0.5124252067570757, 0.07504052056228956, 0.03362975877571853, 57.994716830837035,
        0.07696598910395816, 0.49574220877618014, 0.046422255251187934, 58.87898166452799,
        0.03302310430368595, -0.06145673564503857, 0.4996986509850882, 25.262674792319757, 0.0, 0.0, 0.0, 1.0,
      ],
    );
    near(
      transformPoint(composeAffines(makeAffine([2, 2, 2], [1, 2, 3]), oblique), [3, 4, 5]),
      [173.0, -234.72, -118.58000000000001],
    );
  });

  it('knows spacing, handedness and directions', () => {
    near(affineSpacing(makeAffine([1, 2, 3], [5, 6, 7])), [1, 2, 3]);
    near([affineDeterminant(oblique)], [-7.582569999999997]);
    assert.equal(axisCodes(oblique), 'LAS');
    assert.equal(axisCodes([0, 0, 2, 0, -1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1]), 'PSR');
  });

  it('refuses to invert what does not span space, at any scale', () => {
    const flat = [1, 2, 0, 0, 1, 2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
    assert.ok(isSingular(flat));
    assert.ok(isSingular(makeAffine([1, NaN, 1])));
    assert.ok(isSingular(makeAffine([1, 1, 1], [0, NaN, 0])));
    assert.ok(!isSingular(makeAffine([1e-3, 1e-3, 1e-3])));
    assert.throws(() => invertAffine(flat), ConcordError);
  });
});
