import type { Affine } from '../../../data/images/affine';
import { composeAffines, invertAffine } from '../../../data/images/affine';
import type { Grid } from '../../../data/images/volume';
import { makeRandom } from '../../../math/random';

/**
 * How far one machine's gradients displace what it images: along each axis `reach · p · r²` mm, with p the position
 * along the axis and r the distance from the isocenter, both in units of 100 mm: the third-order error of gradient
 * coils (Jovicich et al. 2006, NeuroImage 30:436).
 */
export interface GradientDistortion {
  /** Displacement in mm at 100 mm along each axis. */
  readonly reach: readonly [number, number, number];
}

/** Draws the distortion of a machine: `size` mm at 100 mm, more or less of it along each axis. */
export function drawDistortion(seed: number, size: number): GradientDistortion {
  const random = makeRandom(seed);
  const along = (): number => size * (0.4 + 0.8 * random.uniform()) * (random.uniform() < 0.3 ? -1 : 1);
  return { reach: [along(), along(), along()] };
}

/**
 * Resamples an image onto a grid as a distorting machine sees it, by linear interpolation; outside it is air. An image
 * of a single slice is taken to be unchanged across the slice.
 */
export function distort(
  data: Float32Array,
  from: Grid,
  { to, distortion }: { readonly to: Grid; readonly distortion: GradientDistortion },
): Float32Array {
  const { shape } = to;
  const inverse = invertAffine(from.affine);
  const direct = composeAffines(inverse, to.affine);
  const [rx, ry, rz] = distortion.reach.map((reach) => reach * 1e-6);
  const out = new Float32Array(shape[0] * shape[1] * shape[2]);
  for (let k = 0, at = 0; k < shape[2]; k++) {
    for (let j = 0; j < shape[1]; j++) {
      for (let i = 0; i < shape[0]; i++, at++) {
        const x = coordinate(to.affine, 0, i, j, k);
        const y = coordinate(to.affine, 4, i, j, k);
        const z = coordinate(to.affine, 8, i, j, k);
        const square = x * x + y * y + z * z;
        const dx = rx * x * square;
        const dy = ry * y * square;
        const dz = rz * z * square;
        const u = coordinate(direct, 0, i, j, k) + inverse[0] * dx + inverse[1] * dy + inverse[2] * dz;
        const v = coordinate(direct, 4, i, j, k) + inverse[4] * dx + inverse[5] * dy + inverse[6] * dz;
        const w = coordinate(direct, 8, i, j, k) + inverse[8] * dx + inverse[9] * dy + inverse[10] * dz;
        out[at] = interpolate(data, from.shape, u, v, from.shape[2] === 1 ? 0 : w);
      }
    }
  }
  return out;
}

function coordinate(affine: Affine, row: number, i: number, j: number, k: number): number {
  return affine[row] * i + affine[row + 1] * j + affine[row + 2] * k + affine[row + 3];
}

/** Trilinear interpolation with zeros outside. */
function interpolate(
  data: Float32Array,
  [nx, ny, nz]: Grid['shape'],
  u: number,
  v: number,
  w: number,
): number {
  const i = Math.floor(u);
  const j = Math.floor(v);
  const k = Math.floor(w);
  if (i < 0 || j < 0 || k < 0 || i >= nx - 1 || j >= ny - 1 || k > nz - 1) return 0;
  const s = u - i;
  const t = v - j;
  const at = i + nx * (j + ny * k);
  const low =
    (1 - t) * (data[at] + s * (data[at + 1] - data[at])) +
    t * (data[at + nx] + s * (data[at + nx + 1] - data[at + nx]));
  if (k === nz - 1) return low;
  const up = at + nx * ny;
  const high =
    (1 - t) * (data[up] + s * (data[up + 1] - data[up])) +
    t * (data[up + nx] + s * (data[up + nx + 1] - data[up + nx]));
  return low + (w - k) * (high - low);
}
