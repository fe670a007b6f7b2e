/** The share of a voxel of this width that is on the positive side of a surface `distance` away (in mm). */
export function coverage(distance: number, width: number): number {
  const share = distance / width + 0.5;
  return share < 0 ? 0 : share > 1 ? 1 : share;
}

/**
 * The share of a voxel of this width that a thin sheet takes up, `distance` from the voxel's center to the sheet's
 * middle and `half` the sheet's half thickness (in mm). Sheets thinner than a voxel keep their volume.
 */
export function sheetCoverage(distance: number, half: number, width: number): number {
  const upper = Math.min(half, distance + 0.5 * width);
  const lower = Math.max(-half, distance - 0.5 * width);
  return upper > lower ? (upper - lower) / width : 0;
}

/** Rises from 0 to 1 between 0 and 1, flat at both ends. */
export function smoothStep(value: number): number {
  const t = value < 0 ? 0 : value > 1 ? 1 : value;
  return t * t * (3 - 2 * t);
}
