import { makeAffine } from '../../../sdk/data/images/affine';
import type { Volume } from '../../../sdk/data/images/volume';
import { makeVolume } from '../../../sdk/data/images/volume';
import { makeRandom } from '../../../sdk/math/random';

/** What a {@link syntheticHead} is made with. */
export interface SyntheticHeadOptions {
  /** Voxel size in mm. */
  readonly spacing?: number;
  /** Intensity of white matter. */
  readonly white?: number;
  /** Standard deviation of the noise, as a share of white matter. */
  readonly noise?: number;
}

/**
 * A head of ellipsoids: white matter, gray matter, fluid, skull, scalp, on a neck, T1-weighted, with noise.
 *
 * @returns the head, and the truth: gray and white matter
 */
export function syntheticHead(options: SyntheticHeadOptions = {}): { head: Volume; truth: Uint8Array } {
  const { spacing = 3, white = 100, noise = 0.02 } = options;
  const size = [192, 234, 240].map((mm) => Math.round(mm / spacing));
  const [nx, ny, nz] = size;
  const random = makeRandom(11);
  const data = new Float32Array(nx * ny * nz);
  const truth = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const x = (i % nx) * spacing - 96;
    const y = (Math.floor(i / nx) % ny) * spacing - 117;
    const z = Math.floor(i / (nx * ny)) * spacing - 150;
    const value = tissueAt(x, y, z) * white;
    if (depth(x, y, z) <= 0) truth[i] = 1;
    data[i] = Math.hypot(value + noise * white * random.normal(), noise * white * random.normal());
  }
  const affine = makeAffine([spacing, spacing, spacing], [-96, -117, -150]);
  return { head: makeVolume(data, { shape: [nx, ny, nz], affine }), truth };
}

/** About how many mm a point is outside the brain; negative inside. */
function depth(x: number, y: number, z: number): number {
  return (Math.hypot(x / 66, y / 82, z / 62) - 1) * 68;
}

function tissueAt(x: number, y: number, z: number): number {
  const out = depth(x, y, z);
  if (out < -6) return 1;
  if (out < 0) return 0.7;
  if (out < 3) return 0.25;
  if (out < 9) return 0.05;
  if (out < 15) return 1.2;
  return Math.hypot(x, y) < 55 && z < -40 ? 0.5 : 0;
}
