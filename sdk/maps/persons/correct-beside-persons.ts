import type { PersonPart } from '../../combat/longitudinal/without-persons';
import type { MapValues } from '../../io/maps/map-format';
import type { CorrectedCounts, CorrectedScans } from '../correct-rows';
import { rowCorrector } from '../correct-rows';
import type { BlockCorrection } from '../maps-model';

/** Values of one scan at a block of vertices, and where they go when they are corrected: it may be the same place. */
export interface CorrectedRow {
  readonly from: MapValues;
  readonly to: MapValues;
  /** What sets the person of the scan apart there, where the model has that. */
  readonly part?: PersonPart;
}

/**
 * Corrects blocks of vertices as {@link rowCorrector} does, beside what sets persons apart: that is taken out, what is left is
 * corrected, and what this changed is added to the values, as `combat.applyLongitudinal` does.
 */
export function correctorBesidePersons(
  scans: CorrectedScans,
  nameOf: (vertex: number) => string,
): (block: BlockCorrection, row: number, values: CorrectedRow, counts: CorrectedCounts) => void {
  const correct = rowCorrector(scans, nameOf);
  const { log } = scans;
  let reduced = new Float64Array(0);
  let moved = new Float64Array(0);
  return (block, row, { from, to, part }, counts) => {
    if (part === undefined) {
      correct(block, row, { from, to }, counts);
      return;
    }
    const { width, harmonized } = block;
    if (reduced.length !== width) {
      reduced = new Float64Array(width);
      moved = new Float64Array(width);
    }
    for (let w = 0; w < width; w++) reduced[w] = log ? from[w] * Math.exp(-part[w]) : from[w] - part[w];
    // What it counts is of values that nobody has.
    correct(block, row, { from: reduced, to: moved }, { negative: 0, unmodelled: 0 });
    for (let w = 0; w < width; w++) {
      const value = from[w];
      const isLeft = harmonized[w] === 0 || value !== value || moved[w] === reduced[w];
      const out = log ? value * (moved[w] / reduced[w]) : value + (moved[w] - reduced[w]);
      to[w] = isLeft ? value : out;
      if (isLeft) continue;
      if (out !== out) counts.unmodelled++;
      else if (out < 0 && value >= 0) counts.negative++;
    }
  };
}
