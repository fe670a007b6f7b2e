import type { SubjectWarp } from './subject-warp';
import { innerChannel, innerGrid, templateStep } from './template-grid';
import { coverage } from './tissue-profile';

/** The least and greatest growth, in mm of the model. */
const least = -2.5;
const greatest = 9;

/** A point of the model near the ventricles that no nucleus covers. */
interface Candidate {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly distance: number;
  readonly uncovered: number;
  /** Which block of 4 × 4 × 4 points it lies in. */
  readonly block: number;
}

let candidates: readonly Candidate[] | undefined;

/**
 * Finds by how much the ventricles of the model are to be grown outwards (in mm of the model; negative: shrunk) so
 * that a person of this size and shape has ventricles of this volume in mL.
 */
export function ventricleGrowth(volume: number, scale: number, warp: SubjectWarp): number {
  candidates ??= findCandidates();
  const points = candidates;
  const weights = new Float64Array(points.length);
  const voxel = (scale * templateStep) ** 3 / 1000;
  const sizes = new Map<number, number>();
  points.forEach(({ x, y, z, uncovered, block }, i) => {
    // Both sides of the brain, each as large as the deformation makes it; that changes little within a block.
    let size = sizes.get(block);
    if (size === undefined) {
      size = 1 / warp.growth(-x, y, z) + 1 / warp.growth(x, y, z);
      sizes.set(block, size);
    }
    weights[i] = (x === 0 ? 0.5 : 1) * uncovered * size * voxel;
  });
  const volumeAt = (growth: number): number => {
    let sum = 0;
    for (let i = 0; i < weights.length; i++) {
      sum += weights[i] * coverage(growth - points[i].distance, templateStep);
    }
    return sum;
  };
  let low = least;
  let high = greatest;
  for (let step = 0; step < 20; step++) {
    const middle = 0.5 * (low + high);
    if (volumeAt(middle) < volume) low = middle;
    else high = middle;
  }
  return 0.5 * (low + high);
}

function findCandidates(): readonly Candidate[] {
  const { values, channels, shape, origin } = innerGrid();
  const found: Candidate[] = [];
  const [nx, ny, nz] = shape;
  for (let k = 0, at = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, at += channels) {
        const distance = values[at + innerChannel.ventricles];
        if (distance > greatest + templateStep) continue;
        const { caudate, putamen, pallidum, thalamus } = innerChannel;
        const uncovered = [caudate, putamen, pallidum, thalamus].reduce<number>(
          (share, nucleus) => share * coverage(values[at + nucleus], templateStep),
          1,
        );
        const [x, y, z] = [i, j, k].map((index, axis) => origin[axis] + templateStep * index);
        if (uncovered > 0) {
          const block = (i >> 2) + 64 * ((j >> 2) + 64 * (k >> 2));
          found.push({ x, y, z, distance, uncovered, block });
        }
      }
    }
  }
  return found;
}
