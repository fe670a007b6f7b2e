import type { SubjectWarp } from './subject-warp';
import { innerChannel, innerGrid, templateStep } from './template-grid';
import { coverage } from './tissue-profile';

/** The least and greatest growth, in mm of the model, and how finely volumes between are tabulated. */
const least = -2.5;
const greatest = 9;
const growthStep = 0.125;
const steps: number = (greatest - least) / growthStep;

/** Edge of a block of the model, in points: how much a deformation enlarges space changes little within it. */
const blockSize = 4;

/** A block of the model near the ventricles. */
interface Block {
  /** A point in it, on its right side. */
  readonly x: number;
  readonly y: number;
  readonly z: number;
  /** Ventricle in it at each growth, on one side of the brain, in mm³ of the model. */
  readonly volumes: Float64Array;
}

let blocks: readonly Block[] | undefined;

/**
 * Finds by how much the ventricles of the model are to be grown outwards (in mm of the model; negative: shrunk) so
 * that a person of this size and shape has ventricles of this volume in mL.
 */
export function ventricleGrowth(volume: number, scale: number, warp: SubjectWarp): number {
  blocks ??= findBlocks();
  const sums = new Float64Array(steps + 1);
  for (const { x, y, z, volumes } of blocks) {
    // Both sides of the brain, each as large as the deformation makes it.
    const size = (scale ** 3 / 1000) * (1 / warp.growth(-x, y, z) + 1 / warp.growth(x, y, z));
    for (let step = 0; step <= steps; step++) sums[step] += size * volumes[step];
  }
  let above = 1;
  while (above < steps && sums[above] < volume) above++;
  const between = (volume - sums[above - 1]) / (sums[above] - sums[above - 1]);
  return least + growthStep * (above - 1 + Math.max(0, Math.min(1, between)));
}

function findBlocks(): readonly Block[] {
  const { values, channels, shape, origin } = innerGrid();
  const { caudate, putamen, pallidum, thalamus } = innerChannel;
  const found = new Map<number, Block>();
  const [nx, ny, nz] = shape;
  for (let k = 0, at = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, at += channels) {
        const distance = values[at + innerChannel.ventricles];
        if (distance > greatest + templateStep) continue;
        // Points of the middle plane are shared by both sides.
        let uncovered = (i === 0 ? 0.5 : 1) * templateStep ** 3;
        for (const nucleus of [caudate, putamen, pallidum, thalamus]) {
          uncovered *= coverage(values[at + nucleus], templateStep);
        }
        if (uncovered === 0) continue;
        const [a, b, c] = [i, j, k].map((index) => Math.floor(index / blockSize));
        const key = a + nx * (b + ny * c);
        let block = found.get(key);
        if (block === undefined) {
          const [x, y, z] = [a, b, c].map(
            (index, axis) => origin[axis] + templateStep * (blockSize * index + 0.5 * (blockSize - 1)),
          );
          block = { x, y, z, volumes: new Float64Array(steps + 1) };
          found.set(key, block);
        }
        for (let step = 0; step <= steps; step++) {
          block.volumes[step] += uncovered * coverage(least + growthStep * step - distance, templateStep);
        }
      }
    }
  }
  return [...found.values()];
}
