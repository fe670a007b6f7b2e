import type { Grid } from '../../../data/images/volume';
import type { Random } from '../../../math/random';
import { makeRandom } from '../../../math/random';

/** The powers of x, y, z in the terms of the field. */
const terms = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
  [2, 0, 0],
  [0, 2, 0],
  [0, 0, 2],
  [1, 1, 0],
  [1, 0, 1],
  [0, 1, 1],
] as const;

/** Half axes and middle of the ellipsoid over which the field has its strength: a brain, in mm. */
const axes = [66, 84, 62] as const;
const middle = [0, -16, 8] as const;

/**
 * The receive sensitivity of one machine: the logarithm is a smooth polynomial of second order in space, with mean 0
 * and standard deviation `strength` over an ellipsoid the size of a brain. The higher the field, the more the middle
 * shines (the dielectric effect).
 */
export interface CoilSensitivity {
  /** Coefficients of `terms`, in units of the ellipsoid's half axes, then the constant. */
  readonly coefficients: readonly number[];
}

/** Draws the sensitivity of a machine. */
export function drawSensitivity(seed: number, strength: number, fieldStrength: number): CoilSensitivity {
  const random = makeRandom(seed);
  const central = -0.35 * Math.min(2, fieldStrength / 3);
  const raw = terms.map(([x, y, z], term) => {
    const order = x + y + z === 1 ? 0.7 : 0.45;
    return order * random.normal() + (term >= 3 && term < 6 ? central : 0);
  });
  const scale = strength / spread(raw);
  const coefficients = raw.map((value) => value * scale);
  // Squares have mean 1/5 in the unit ball; the constant takes it away.
  const offset = -0.2 * (coefficients[3] + coefficients[4] + coefficients[5]);
  return { coefficients: [...coefficients, offset] };
}

/** The sensitivity as another scan meets it: the head is placed a little differently each time. */
export function jitterSensitivity(sensitivity: CoilSensitivity, random: Random): CoilSensitivity {
  const coefficients = sensitivity.coefficients.map((value) => value * (1 + 0.08 * random.normal()));
  return { coefficients };
}

/** Standard deviation of the polynomial in the unit ball, from its moments: E x² = 1/5, E x⁴ = 3/35, E x²y² = 1/35. */
function spread(coefficients: readonly number[]): number {
  const [a, b, c, d, e, f, g, h, i] = coefficients;
  const linear = (a * a + b * b + c * c) / 5;
  const squares =
    (d * d + e * e + f * f) * (3 / 35 - 1 / 25) + 2 * (d * e + d * f + e * f) * (1 / 35 - 1 / 25);
  return Math.sqrt(linear + squares + (g * g + h * h + i * i) / 35);
}

/** The sensitivity at every voxel of a grid. */
export function sensitivityMap({ coefficients }: CoilSensitivity, { shape, affine }: Grid): Float32Array {
  const [a, b, c, d, e, f, g, h, m, offset] = coefficients;
  const out = new Float32Array(shape[0] * shape[1] * shape[2]);
  for (let k = 0, at = 0; k < shape[2]; k++) {
    for (let j = 0; j < shape[1]; j++) {
      for (let i = 0; i < shape[0]; i++, at++) {
        const x = (affine[0] * i + affine[1] * j + affine[2] * k + affine[3] - middle[0]) / axes[0];
        const y = (affine[4] * i + affine[5] * j + affine[6] * k + affine[7] - middle[1]) / axes[1];
        const z = (affine[8] * i + affine[9] * j + affine[10] * k + affine[11] - middle[2]) / axes[2];
        const value =
          a * x + b * y + c * z + d * x * x + e * y * y + f * z * z + g * x * y + h * x * z + m * y * z;
        out[at] = Math.exp(value + offset);
      }
    }
  }
  return out;
}
