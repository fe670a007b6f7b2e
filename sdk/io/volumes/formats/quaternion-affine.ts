import type { Affine, Triple } from '../../../data/images/affine';
import { affineDeterminant, affineSpacing } from '../../../data/images/affine';

/** A rotation with its scaling and shift, as the qform of a NIfTI header holds it. */
export interface Qform {
  /** The last three parts of the unit quaternion (a, b, c, d); a is not negative. */
  readonly quaternion: Triple;
  /** Millimeters along each axis. */
  readonly spacing: Triple;
  /** −1 where the third axis is flipped, for grids that are left-handed; else 1. */
  readonly qfac: 1 | -1;
  readonly offset: Triple;
}

/**
 * The affine of a qform: x = R · (spacing · (i, j, qfac · k)) + offset, R the rotation of the quaternion.
 *
 * Source: nifti1.h, "method 2".
 */
export function qformAffine({ quaternion, spacing, qfac, offset }: Qform): Affine {
  const squares = quaternion[0] ** 2 + quaternion[1] ** 2 + quaternion[2] ** 2;
  // Stored in 32 bits, half a turn may come out a little longer than 1; the rest of the quaternion is then 0.
  const isHalfTurn = 1 - squares < 3.6e-7;
  const a = isHalfTurn ? 0 : Math.sqrt(1 - squares);
  const [b, c, d] = isHalfTurn ? quaternion.map((part) => part / Math.sqrt(squares)) : quaternion;
  const u = spacing[0];
  const v = spacing[1];
  const w = qfac * spacing[2];
  return [
    ...[(a * a + b * b - c * c - d * d) * u, 2 * (b * c - a * d) * v, 2 * (b * d + a * c) * w, offset[0]],
    ...[2 * (b * c + a * d) * u, (a * a + c * c - b * b - d * d) * v, 2 * (c * d - a * b) * w, offset[1]],
    ...[2 * (b * d - a * c) * u, 2 * (c * d + a * b) * v, (a * a + d * d - c * c - b * b) * w, offset[2]],
    ...[0, 0, 0, 1],
  ];
}

/**
 * The qform of an affine; undefined when the affine shears, which a qform cannot hold.
 *
 * Source: nifti1.h; the quaternion by the largest of its four parts (Shepperd 1978, J Guidance Control 1:223).
 */
export function affineQform(affine: Affine): Qform | undefined {
  const spacing = affineSpacing(affine);
  const qfac = affineDeterminant(affine) < 0 ? -1 : 1;
  const r = (row: number, column: number): number =>
    (affine[4 * row + column] / spacing[column]) * (column === 2 ? qfac : 1);
  const dot = (one: number, other: number): number =>
    r(0, one) * r(0, other) + r(1, one) * r(1, other) + r(2, one) * r(2, other);
  // What 32-bit storage of the affine does to a right angle stays below this.
  if (Math.max(Math.abs(dot(0, 1)), Math.abs(dot(0, 2)), Math.abs(dot(1, 2))) > 1e-5) return undefined;
  const trace = r(0, 0) + r(1, 1) + r(2, 2);
  // Each row: the products of one part with a, b, c and d, four times.
  const products = [
    [1 + trace, r(2, 1) - r(1, 2), r(0, 2) - r(2, 0), r(1, 0) - r(0, 1)],
    [r(2, 1) - r(1, 2), 1 + 2 * r(0, 0) - trace, r(0, 1) + r(1, 0), r(0, 2) + r(2, 0)],
    [r(0, 2) - r(2, 0), r(0, 1) + r(1, 0), 1 + 2 * r(1, 1) - trace, r(1, 2) + r(2, 1)],
    [r(1, 0) - r(0, 1), r(0, 2) + r(2, 0), r(1, 2) + r(2, 1), 1 + 2 * r(2, 2) - trace],
  ];
  const largest = products.reduce((best, row, k) => (row[k] > products[best][best] ? k : best), 0);
  const length = Math.hypot(...products[largest]);
  const sign = products[largest][0] < 0 ? -1 : 1;
  const [, b, c, d] = products[largest].map((product) => (sign * product) / length);
  return { quaternion: [b, c, d], spacing, qfac, offset: [affine[3], affine[7], affine[11]] };
}
