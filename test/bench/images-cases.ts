// What `images.bench.ts` measures on where it is not the shared brains: seeded volumes of any size.
import type { Affine, Triple } from '../../sdk/data/images/affine';
import { composeAffines, invertAffine, makeAffine } from '../../sdk/data/images/affine';
import type { Grid, Volume } from '../../sdk/data/images/volume';
import { makeVolume } from '../../sdk/data/images/volume';
import { makeRandom } from '../../sdk/math/random';
import type { Interpolation } from '../../sdk/math/images/interpolation';
import { respace } from '../../sdk/preprocess/resample';

/** A smooth shape with noise in it and zeros around, like a brain whose skull is stripped: about a third is inside. */
export function generatedBrain(shape: Triple, affine: Affine, seed: number): Volume {
  const random = makeRandom(seed);
  // Drawn from a table: a normal draw per voxel would take longer than all else.
  const noise = Float32Array.from({ length: 65521 }, () => 40 * random.normal());
  const data = new Float32Array(shape[0] * shape[1] * shape[2]);
  const unit = shape.map((size) => Float64Array.from({ length: size }, (_, i) => (2 * i + 1) / size - 1));
  for (let k = 0, at = 0; k < shape[2]; k++) {
    for (let j = 0; j < shape[1]; j++) {
      for (let i = 0; i < shape[0]; i++, at++) {
        const x = unit[0][i];
        const y = unit[1][j];
        const z = unit[2][k];
        const radius = (x * x + y * y + z * z) / 0.72;
        if (radius >= 1) continue;
        const folds = 150 * Math.sin(14 * x) * Math.sin(14 * y) * Math.sin(14 * z);
        data[at] = Math.max(1, 900 - 350 * radius + folds + noise[(at * 31) % noise.length]);
      }
    }
  }
  return makeVolume(data, { shape, affine });
}

/** Voxels of 1 mm whose axes run to the left, down and to the front: how FreeSurfer conforms its images. */
export function conformedAffine(size: number): Affine {
  const half = size / 2;
  return [-1, 0, 0, half, 0, 0, 1, -half, 0, -1, 0, half, 0, 0, 0, 1];
}

/** Resampling that both programs are asked for. */
export interface ResampleCase {
  readonly name: string;
  readonly shape: Triple;
  readonly affine: Affine;
  readonly target: Grid;
  readonly interpolation: Exclude<Interpolation, 'nearest'>;
  readonly antialias: boolean;
  /** Voxel indices of the target → voxel indices of the image. */
  readonly matrix: Affine;
  /** Standard deviation, in voxels, of the Gaussian that makes up for coarser voxels; 0 for none. */
  readonly sigma: number;
}

/** 12° about the axis from foot to head, then 7° about the one from left to right, around a point. */
function turned(around: Triple): Affine {
  const a = (12 * Math.PI) / 180;
  const b = (7 * Math.PI) / 180;
  const p = Math.cos(a);
  const q = Math.sin(a);
  const r = Math.cos(b);
  const s = Math.sin(b);
  const turn: Affine = [p, -q, 0, 0, q * r, p * r, -s, 0, q * s, p * s, r, 0, 0, 0, 0, 1];
  const [x, y, z] = around;
  return composeAffines(
    makeAffine([1, 1, 1], around),
    composeAffines(turn, makeAffine([1, 1, 1], [-x, -y, -z])),
  );
}

/** Finer, coarser and oblique grids of the sizes of the field. */
export function resampleCases(): readonly ResampleCase[] {
  const coarse: Grid = { shape: [91, 109, 91], affine: makeAffine([2, 2, 2]) };
  const fine: Grid = { shape: [182, 218, 182], affine: makeAffine([1, 1, 1]) };
  const oblique: Grid = { ...fine, affine: composeAffines(turned([90.5, 108.5, 90.5]), fine.affine) };
  const half = respace(fine, [2, 2, 2]);
  const cases = [
    { name: '2 mm to 1 mm, linear', source: coarse, target: respace(coarse, [1, 1, 1]), antialias: false },
    { name: '2 mm to 1 mm, cubic', source: coarse, target: respace(coarse, [1, 1, 1]), antialias: false },
    { name: '1 mm to 2 mm, Gaussian first, linear', source: fine, target: half, antialias: true },
    { name: '1 mm turned, linear', source: fine, target: oblique, antialias: false },
    { name: '1 mm turned, cubic', source: fine, target: oblique, antialias: false },
  ];
  return cases.map(({ name, source, target, antialias }) => ({
    name,
    ...source,
    target,
    antialias,
    interpolation: name.endsWith('cubic') ? 'cubic' : 'linear',
    matrix: composeAffines(invertAffine(source.affine), target.affine),
    // Full widths at half maximum of 2 and 1 voxels differ by √3.
    sigma: antialias ? Math.sqrt(3 / (8 * Math.LN2)) : 0,
  }));
}
