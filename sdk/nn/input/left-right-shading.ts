import type { Plane } from '../../data/images/image-set';
import type { IntensityRange } from '../images/scan-intensity';
import type { SlicePattern } from './slice-pattern';
import { patternSide } from './slice-pattern';

/** Cells with less brain than this are of the rim. */
const full = 0.6;

/** Cells darker than this share of the range are fluid, which differs between the sides by person. */
const tissue = 0.25;

/** Fewer pairs of cells say nothing. */
const enough = 20;

/**
 * How much brighter one side of the brain is than the other, as shading makes it: the slope, from left to right, of the
 * logarithm of the intensities of cells over those of their mirror images, by least squares through 0, as the change from
 * the outermost cells to their mirror images; without sign. The two halves of a brain are so alike that nothing learned is
 * needed. `NaN` for slices that show one side only, and where too little can be compared.
 */
export function leftRightShading(
  patterns: readonly SlicePattern[],
  { plane, range }: { readonly plane: Plane; readonly range: IntensityRange },
): number {
  if (plane === 'sagittal') return NaN;
  let pairs = 0;
  let widest = 0;
  let product = 0;
  let squares = 0;
  for (const { cover, values } of patterns) {
    for (let at = 0; at < cover.length; at++) {
      const column = at % patternSide;
      const mirrored = at - column + (patternSide - 1 - column);
      if (mirrored >= at || cover[at] <= full || cover[mirrored] <= full) continue;
      const [one, other] = [values[at], values[mirrored]].map(
        (value) => (value - range.low) / (range.high - range.low),
      );
      if (one <= tissue || other <= tissue) continue;
      const apart = at - mirrored;
      pairs++;
      widest = Math.max(widest, apart);
      product += apart * Math.log(one / other);
      squares += apart ** 2;
    }
  }
  return pairs < enough ? NaN : Math.abs((product / squares) * widest);
}
