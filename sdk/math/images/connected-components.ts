import type { Triple } from '../../data/images/affine';

/** The connected parts of a mask. */
export interface ConnectedComponents {
  /** For each voxel 0 outside the mask, else the number of its component, from 1 in the order they are met. */
  readonly labels: Int32Array;
  /** Voxels in each component: `sizes[0]` for label 1. */
  readonly sizes: readonly number[];
}

/** Finds the 6-connected components (voxels that share a face) of a mask. */
export function connectedComponents(mask: Uint8Array, shape: Triple): ConnectedComponents {
  const labels = new Int32Array(mask.length);
  const sizes: number[] = [];
  const stack = new VoxelStack();
  for (let seed = 0; seed < mask.length; seed++) {
    if (mask[seed] === 0 || labels[seed] !== 0) continue;
    const label = sizes.length + 1;
    labels[seed] = label;
    stack.push(seed);
    sizes.push(flood(mask, shape, labels, stack, label));
  }
  return { labels, sizes };
}

/**
 * Marks the voxels of a mask that can be reached from seed voxels through faces, without leaving the mask.
 *
 * @param seeds - voxel indices; those outside the mask are passed over
 */
export function reachableFrom(mask: Uint8Array, shape: Triple, seeds: Iterable<number>): Uint8Array {
  const labels = new Int32Array(mask.length);
  const stack = new VoxelStack();
  for (const seed of seeds) {
    if (mask[seed] === 0 || labels[seed] !== 0) continue;
    labels[seed] = 1;
    stack.push(seed);
  }
  flood(mask, shape, labels, stack, 1);
  return Uint8Array.from(labels);
}

/** Gives `label` to all that is connected to the voxels on the stack; returns how many there are. */
function flood(
  mask: Uint8Array,
  [nx, ny, nz]: Triple,
  labels: Int32Array,
  stack: VoxelStack,
  label: number,
): number {
  const plane = nx * ny;
  let size = 0;
  const visit = (voxel: number): void => {
    if (mask[voxel] === 0 || labels[voxel] !== 0) return;
    labels[voxel] = label;
    stack.push(voxel);
  };
  while (stack.length > 0) {
    const voxel = stack.pop();
    size++;
    const z = Math.floor(voxel / plane);
    const y = Math.floor((voxel - z * plane) / nx);
    const x = voxel - z * plane - y * nx;
    if (x > 0) visit(voxel - 1);
    if (x < nx - 1) visit(voxel + 1);
    if (y > 0) visit(voxel - nx);
    if (y < ny - 1) visit(voxel + nx);
    if (z > 0) visit(voxel - plane);
    if (z < nz - 1) visit(voxel + plane);
  }
  return size;
}

/** A stack of voxel indices that grows in one typed array. */
class VoxelStack {
  private items = new Int32Array(4096);
  length = 0;

  push(voxel: number): void {
    if (this.length === this.items.length) {
      const larger = new Int32Array(2 * this.length);
      larger.set(this.items);
      this.items = larger;
    }
    this.items[this.length++] = voxel;
  }

  pop(): number {
    return this.items[--this.length];
  }
}
