import type { Triple } from '../../sdk/data/images/affine';
import { makeAffine } from '../../sdk/data/images/affine';
import type { Volume } from '../../sdk/data/images/volume';
import { makeVolume } from '../../sdk/data/images/volume';

/** An oblique grid of 2 × 3 × 4 voxels that run to the back, upwards and to the right, numbered in storage order. */
export function obliqueVolume(): Volume {
  const affine = [
    ...[-0.1, 0.05, 1.99, -90],
    ...[-1.98, 0.2, -0.12, 110.5],
    ...[0.19, 2.2, 0.04, -120],
    ...[0, 0, 0, 1],
  ];
  const data = Float32Array.from({ length: 24 }, (_, at) => at);
  return makeVolume(
    data,
    { shape: [2, 3, 4], affine },
    { mask: Uint8Array.from(data, (v) => (v < 6 ? 1 : 0)) },
  );
}

/** A volume of `value(i, j, k)` in RAS order. */
export function volumeOf(
  shape: Triple,
  spacing: Triple,
  value: (i: number, j: number, k: number) => number,
): Volume {
  const data = Float32Array.from({ length: shape[0] * shape[1] * shape[2] }, (_, at) =>
    value(at % shape[0], Math.floor(at / shape[0]) % shape[1], Math.floor(at / (shape[0] * shape[1]))),
  );
  return makeVolume(data, { shape, affine: makeAffine(spacing) });
}
