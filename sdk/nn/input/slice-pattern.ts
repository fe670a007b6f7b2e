import type { ScanSlices } from './scan-in-slices';

/** A slice seen from afar: a few cells, the brain in their middle. */
export interface SlicePattern {
  /** Where the slice is along the axis that its plane cuts, in mm. */
  readonly position: number;
  /** The share of each cell that is brain, 0 to 1. */
  readonly cover: Float64Array;
  /** The mean intensity of what is brain in each cell; 0 where nothing is. */
  readonly values: Float64Array;
}

/** Cells along each side of a pattern. */
export const patternSide = 24;

/** The side of a cell, as a share of the larger side of the image. */
const cellsAcross = 24;

/** How much of a slice is brain, in cells. */
export function brainIn(cover: Iterable<number>): number {
  let sum = 0;
  for (const share of cover) sum += share;
  return sum;
}

/** Every slice with brain in it from afar. */
export function slicePatterns(scan: ScanSlices): readonly SlicePattern[] {
  return scan.positions.flatMap((_, slice) => slicePattern(scan, slice) ?? []);
}

/** A slice from afar, the box around its brain in the middle; `undefined` for a slice without any. */
function slicePattern(scan: ScanSlices, slice: number): SlicePattern | undefined {
  const { data, inside, height, width, pixelSize } = scan;
  const from = slice * height * width;
  const box = boxOf(scan, slice);
  if (box === undefined) return undefined;
  const [rows, columns] = pixelSize;
  const cell = Math.max(height * rows, width * columns) / cellsAcross;
  const cover = new Float64Array(patternSide ** 2);
  const values = new Float64Array(patternSide ** 2);
  const place = (index: number, center: number, size: number): number =>
    Math.floor(((index - center) * size) / cell + patternSide / 2);
  for (let row = box.top; row < box.bottom; row++) {
    for (let column = box.left; column < box.right; column++) {
      const at = from + row * width + column;
      if (inside[at] === 0) continue;
      const y = place(row + 0.5, (box.top + box.bottom) / 2, rows);
      const x = place(column + 0.5, (box.left + box.right) / 2, columns);
      if (y < 0 || x < 0 || y >= patternSide || x >= patternSide) continue;
      cover[y * patternSide + x]++;
      values[y * patternSide + x] += data[at];
    }
  }
  const full = cell ** 2 / (rows * columns);
  for (let at = 0; at < cover.length; at++) {
    if (cover[at] > 0) values[at] /= cover[at];
    cover[at] = Math.min(1, cover[at] / full);
  }
  return { position: scan.positions[slice], cover, values };
}

interface Box {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

function boxOf({ inside, height, width }: ScanSlices, slice: number): Box | undefined {
  let top = height;
  let bottom = 0;
  let left = width;
  let right = 0;
  const from = slice * height * width;
  for (let at = 0; at < height * width; at++) {
    if (inside[from + at] === 0) continue;
    const row = Math.floor(at / width);
    const column = at % width;
    top = Math.min(top, row);
    bottom = Math.max(bottom, row + 1);
    left = Math.min(left, column);
    right = Math.max(right, column + 1);
  }
  return bottom === 0 ? undefined : { top, bottom, left, right };
}
