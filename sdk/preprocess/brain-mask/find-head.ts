import type { Triple } from '../../data/images/affine';
import { largestComponent, open } from '../../math/images/morphology';
import { quantile } from '../../math/statistics/quantiles';
import { noBrain } from './no-brain';
import { headFloor } from './robust-range';
import type { WorkingImage } from './working-grid';

/** Where in a head the brain is to be looked for. */
export interface HeadPosition {
  /** A point well inside the brain, in voxels. */
  readonly center: Triple;
  /** The radius of the head seen from above, in voxels. */
  readonly radius: number;
  /** The typical intensity around the center. */
  readonly brain: number;
}

/** How far below the top of the head the widest slice is looked for, in mm: the chest is wider than the head. */
const slab = 110;

/**
 * Finds the head in an image of robust range 0 to 1: what is brighter than the background, in one piece. The center is
 * measured from the top of the head downwards, in units of its width, so that it does not matter how much of the neck
 * was scanned.
 *
 * @throws ConcordError `failed-step` when nothing stands out from the background.
 */
export function findHead(image: WorkingImage): HeadPosition {
  const { shape, spacing } = image;
  const areas = sliceAreas(headMask(image), shape);
  const widest = Math.max(...areas);
  // A wisp of hair or noise above the head is not its top.
  const top = areas.findLastIndex((area) => area > 0.05 * widest);
  if (top < 0) throw noBrain('nothing stands out from the background');
  const near = areas.slice(Math.max(0, top - Math.round(slab / spacing)), top + 1);
  const radius = Math.sqrt(Math.max(...near) / Math.PI);
  const center = slabCenter(image, [Math.max(0, Math.round(top - 1.5 * radius)), top]);
  const middle: Triple = [center[0], center[1], Math.max(0, top - 0.9 * radius)];
  return { center: middle, radius, brain: medianAround(image, middle, 0.7 * radius) };
}

function headMask(image: WorkingImage): Uint8Array {
  const above = new Uint8Array(image.data.length);
  for (let i = 0; i < above.length; i++) above[i] = image.data[i] > headFloor ? 1 : 0;
  const ball = 4 / image.spacing;
  return largestComponent(open(above, image.shape, [ball, ball, ball]), image.shape);
}

function sliceAreas(mask: Uint8Array, [nx, ny, nz]: Triple): number[] {
  return Array.from({ length: nz }, (_, z) => {
    let area = 0;
    for (let i = nx * ny * z; i < nx * ny * (z + 1); i++) area += mask[i];
    return area;
  });
}

/** The middle of the bright voxels between two slices. */
function slabCenter(image: WorkingImage, [from, to]: [number, number]): Triple {
  const [nx, ny] = image.shape;
  let x = 0;
  let y = 0;
  let z = 0;
  let count = 0;
  for (let i = nx * ny * from; i < nx * ny * (to + 1); i++) {
    if (image.data[i] <= headFloor) continue;
    x += i % nx;
    y += Math.floor(i / nx) % ny;
    z += Math.floor(i / (nx * ny));
    count++;
  }
  return [x / count, y / count, z / count];
}

function medianAround(image: WorkingImage, center: Triple, radius: number): number {
  const [nx, ny, nz] = image.shape;
  const values: number[] = [];
  const from = center.map((c) => Math.max(0, Math.floor(c - radius)));
  const to = center.map((c, axis) => Math.min([nx, ny, nz][axis] - 1, Math.ceil(c + radius)));
  for (let z = from[2]; z <= to[2]; z++) {
    for (let y = from[1]; y <= to[1]; y++) {
      for (let x = from[0]; x <= to[0]; x++) {
        const far = (x - center[0]) ** 2 + (y - center[1]) ** 2 + (z - center[2]) ** 2 > radius ** 2;
        const value = image.data[x + nx * (y + ny * z)];
        if (!far && value > headFloor && value < 1) values.push(value);
      }
    }
  }
  if (values.length === 0) throw noBrain('nothing stands out from the background');
  return quantile(Float64Array.from(values).sort(), 0.5);
}
