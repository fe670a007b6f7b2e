import type { IntensityRange } from '../images/scan-intensity';
import { toUnit } from '../images/scan-intensity';
import type { AffineMatch } from './affine-match';
import { matchQuantiles } from './affine-match';
import type { LearnedInput, LearnedKind } from './learned-input';
import type { SliceMatch } from './match-slices';
import { matchSlices, turned, turnsOf } from './match-slices';
import type { ScanTraits } from './scan-traits';
import type { SlicePattern } from './slice-pattern';

/** How a scan compares with what a network learned from. */
export interface Comparison {
  /** The kind whose intensities are nearest in shape, and how it is reached. */
  readonly kind: LearnedKind;
  readonly match: AffineMatch;
  /** What the best affine map to any kind leaves of all quantiles, those of the tails too. */
  readonly whole: number;
  /**
   * How far the darkest reach below the dark: from the 0.5th to the 5th percentile, as a share of from there to the 95th,
   * whatever scale and offset. Curves that brighten stretch it.
   */
  readonly foot: number;
  /** How much longer the bright half is than the dark one, from −1 to 1, and in the kind where that is most. */
  readonly skew: number;
  readonly mostSkew: number;
  /**
   * How far the quantiles are above the brightest kind and below the darkest, level by level, mean, on the network's
   * scale, as they are.
   */
  readonly brighter: number;
  readonly darker: number;
  /** The lowest intensity as a share of the highest. */
  readonly lowest: number;
  readonly look: SliceMatch & { readonly shift: number };
  /** The turn of the slices that agrees best, and how much better than as they are. */
  readonly turn: { readonly name: string; readonly better: number };
  /** How much better the slices agree in the reverse order; `NaN` where too few can be compared. */
  readonly reversed: number;
}

/** What of a description scans are compared with. */
export type Learned = Pick<LearnedInput, 'kinds' | 'looks' | 'geometry'>;

/** Where the quantiles begin and end that describe the shape: the tails are too thin. */
const shapeFrom = 1;
const shapeTo = 20;

/** The part of the quantiles that describes the shape. */
export function shapeLevels(quantiles: readonly number[]): readonly number[] {
  return quantiles.slice(shapeFrom, shapeTo);
}

/** Bowley's measure of skewness between the 5th and the 95th percentile: whatever scale and offset. */
function skewOf(quantiles: readonly number[]): number {
  const levels = shapeLevels(quantiles);
  const [low, middle, high] = [levels[0], levels[(levels.length - 1) / 2], levels[levels.length - 1]];
  return (high - 2 * middle + low) / (high - low);
}

/** The kinds whose contrast is that of a scan; all where that is not known. */
export function kindsOf<Kind extends { readonly suffix: string }>(
  kinds: readonly Kind[],
  suffix: string,
): readonly Kind[] {
  const same = kinds.filter((kind) => kind.suffix === suffix || kind.suffix === '' || suffix === '');
  return same.length === 0 ? kinds : same;
}

/**
 * Compares a scan with what a network learned from.
 *
 * @param range - what becomes −1 and 1
 */
export function compareScan(
  learned: Learned,
  {
    traits,
    suffix,
    range,
  }: { readonly traits: ScanTraits; readonly suffix: string; readonly range: IntensityRange },
): Comparison {
  const unit = traits.quantiles.map((value) => toUnit(value, range));
  const { kind, match } = nearestShape(kindsOf(learned.kinds, suffix), traits.quantiles);
  const kinds = kindsOf(learned.kinds, suffix).map(({ quantiles }) => shapeLevels(quantiles));
  const beyond = (sign: 1 | -1): number => {
    const over = shapeLevels(unit).map((value, i) =>
      Math.max(0, Math.min(...kinds.map((of) => sign * (value - of[i])))),
    );
    return over.reduce((sum, value) => sum + value, 0) / over.length;
  };
  const [lowest, dark] = unit;
  const whole = kindsOf(learned.kinds, suffix).map((of) => matchQuantiles(unit, of.quantiles).rest);
  const foot = (dark - lowest) / (unit[shapeTo - 1] - dark);
  return {
    ...{ whole: Math.min(...whole), foot, skew: skewOf(unit) },
    mostSkew: Math.max(...kindsOf(learned.kinds, suffix).map((of) => skewOf(of.quantiles))),
    ...{ kind, match, brighter: beyond(1), darker: beyond(-1), lowest: (lowest + 1) / 2 },
    ...compareLook(learned, traits.patterns, suffix),
  };
}

/** The kind whose quantiles are nearest after the best affine map. */
export function nearestShape(
  kinds: readonly LearnedKind[],
  quantiles: readonly number[],
): { readonly kind: LearnedKind; readonly match: AffineMatch } {
  return kinds
    .map((kind) => ({ kind, match: matchQuantiles(shapeLevels(quantiles), shapeLevels(kind.quantiles)) }))
    .reduce((best, next) => (next.match.rest < best.match.rest ? next : best));
}

/** Slices enough to say in which order they follow each other. */
const slicesForOrder = 3;

function compareLook(
  { looks, geometry }: Learned,
  given: readonly SlicePattern[],
  suffix: string,
): Pick<Comparison, 'look' | 'turn' | 'reversed'> {
  const turns = Object.entries(turnsOf(geometry.plane));
  return kindsOf(looks, suffix)
    .map(({ slices }) => {
      const wanted = slices.map(({ position, cover, values }) => ({
        position,
        cover: Float64Array.from(cover),
        values: Float64Array.from(values),
      }));
      const look = matchSlices(given, wanted);
      const turn = turns
        .map(([name, way]) => {
          const { score } = matchSlices(
            given.map((pattern) => turned(pattern, way)),
            wanted,
          );
          return { name, better: score - look.score };
        })
        .reduce((best, next) => (next.better > best.better ? next : best));
      const reversed = look.met < slicesForOrder ? NaN : matchSlices(given, wanted, -1).score - look.score;
      return { look, turn, reversed };
    })
    .reduce((best, next) => (next.look.score > best.look.score ? next : best));
}
