import type { IntensityRange } from '../images/scan-intensity';
import { toUnit } from '../images/scan-intensity';
import type { AffineMatch } from './affine-match';
import { matchQuantiles } from './affine-match';
import { expectedKinds } from './expected-kinds';
import type { LearnedInput, LearnedKind, LearnedLook } from './learned-input';
import { leftRightShading } from './left-right-shading';
import type { SlicesMatch } from './match-slices';
import { matchSlices, placeSlices, turned, turnsOf } from './match-slices';
import type { ScanTraits } from './scan-traits';
import type { SlicePattern } from './slice-pattern';
import type { SliceProfile } from './slice-profile';
import { sliceProfile } from './slice-profile';

/** How the intensities of a scan compare with those that a network learned from. */
interface ComparedIntensities {
  /** The kinds of its contrast, as a scan of its slices would have them. */
  readonly kinds: readonly LearnedKind[];
  /** The kind whose intensities are nearest in shape, and how it is reached. */
  readonly kind: LearnedKind;
  readonly match: AffineMatch;
  /**
   * How far the darkest reach below the dark: from the 0.5th to the 5th percentile, as a share of from there to the 95th,
   * whatever scale and offset. Curves that brighten stretch it.
   */
  readonly foot: number;
  /**
   * How much longer the bright half is than the dark one, as Bowley's skewness from −1 to 1, beyond the kinds where that is
   * most and least: what darkens (powers above 1, strong shading) and what brightens the middle.
   */
  readonly skewed: number;
  readonly flattened: number;
  /**
   * How far the quantiles are above the brightest kind and below the darkest, level by level, mean, on the network's
   * scale, as they are.
   */
  readonly brighter: number;
  readonly darker: number;
  /** The lowest intensity as a share of the highest. */
  readonly lowest: number;
  /** How much brighter one side is than the other. */
  readonly shaded: number;
}

/** How a scan compares with what a network learned from. */
export interface Comparison extends ComparedIntensities, SliceProfile {
  readonly look: SlicesMatch;
  /** How far its slices are above those with the same position in training, in mm, as {@link placeSlices} finds it. */
  readonly place: number;
  /** The turn of the slices that agrees best, and how much better than as they are, more where more slices say so. */
  readonly turn: { readonly name: string; readonly better: number };
  /** How much better the slices agree in the reverse order; `NaN` where too few can be compared. */
  readonly reversed: number;
}

/** What of a description scans are compared with. */
export type Learned = Pick<LearnedInput, 'kinds' | 'looks' | 'geometry' | 'zero'>;

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
  const low = levels[0];
  const middle = levels[(levels.length - 1) / 2];
  const high = levels[levels.length - 1];
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

/** What of a scan is compared. */
interface ComparedScan {
  readonly traits: ScanTraits;
  readonly suffix: string;
  /** What becomes −1 and 1. */
  readonly range: IntensityRange;
}

/** Compares a scan with what a network learned from. */
export function compareScan(learned: Learned, scan: ComparedScan): Comparison {
  const { traits, suffix } = scan;
  const { patterns } = traits;
  const looks = compareLook(learned, patterns, suffix);
  const kinds = expectedKinds(kindsOf(learned.kinds, suffix), patterns, {
    shift: looks.place,
    zero: learned.zero,
  });
  return { ...intensitiesOf(learned, { ...scan, kinds }), ...sliceProfile(patterns), ...looks };
}

/** Compares a scan on another scale than before: what its slices look like is the same. */
export function compareIntensities(
  learned: Learned,
  { compared, ...scan }: ComparedScan & { readonly compared: Comparison },
): Comparison {
  return { ...compared, ...intensitiesOf(learned, { ...scan, kinds: compared.kinds }) };
}

function intensitiesOf(
  learned: Learned,
  { traits, range, kinds: known }: ComparedScan & { readonly kinds: readonly LearnedKind[] },
): ComparedIntensities {
  const { plane } = learned.geometry;
  const unit = traits.quantiles.map((value) => toUnit(value, range));
  const { kind, match } = nearestShape(known, traits.quantiles);
  const kinds = known.map(({ quantiles }) => shapeLevels(quantiles));
  const beyond = (sign: 1 | -1): number => {
    const over = shapeLevels(unit).map((value, i) =>
      Math.max(0, Math.min(...kinds.map((of) => sign * (value - of[i])))),
    );
    return over.reduce((sum, value) => sum + value, 0) / over.length;
  };
  const [lowest, dark] = unit;
  const skews = known.map((of) => skewOf(of.quantiles));
  return {
    kinds: known,
    kind,
    match,
    brighter: beyond(1),
    darker: beyond(-1),
    lowest: (lowest + 1) / 2,
    shaded: leftRightShading(traits.patterns, { plane, range }),
    foot: (dark - lowest) / (unit[shapeTo - 1] - dark),
    skewed: skewOf(unit) - Math.max(...skews),
    flattened: Math.min(...skews) - skewOf(unit),
  };
}

/** The kind whose quantiles are nearest after the best affine map. */
function nearestShape(
  kinds: readonly LearnedKind[],
  quantiles: readonly number[],
): { readonly kind: LearnedKind; readonly match: AffineMatch } {
  return kinds
    .map((kind) => ({ kind, match: matchQuantiles(shapeLevels(quantiles), shapeLevels(kind.quantiles)) }))
    .reduce((best, next) => (next.match.rest < best.match.rest ? next : best));
}

/** Slices on so much of the learned stretch, of the first to the last, are those of a whole brain. */
export const wholeStretch = 0.8;

/** Slices enough to say in which order they follow each other, where they are those of a whole brain. */
const slicesForOrder = 4;

/** Five slices count 1: a mean of more is surer, of fewer less. */
function weightOf(met: number): number {
  return Math.sqrt(met / 5);
}

/** How far slices of a scan are above those with the same position in training, in mm, as {@link compareScan} finds it. */
export function placeScan(
  { looks }: Pick<LearnedInput, 'looks'>,
  given: readonly SlicePattern[],
  suffix: string,
): number {
  return kindsOf(looks, suffix)
    .map(({ slices }) => layOver(given, slices))
    .reduce((best, next) => (next.look.evidence > best.look.evidence ? next : best)).place;
}

/** Lays slices over the mean ones of a contrast. */
function layOver(
  given: readonly SlicePattern[],
  slices: LearnedLook['slices'],
): { readonly wanted: readonly SlicePattern[]; readonly look: SlicesMatch; readonly place: number } {
  const wanted = slices.map(({ position, cover, values }) => ({
    position,
    cover: Float64Array.from(cover),
    values: Float64Array.from(values),
  }));
  const look = matchSlices(given, wanted);
  return { wanted, look, place: placeSlices(given, wanted, look) };
}

function compareLook(
  { looks, geometry }: Learned,
  given: readonly SlicePattern[],
  suffix: string,
): Pick<Comparison, 'look' | 'place' | 'turn' | 'reversed'> {
  const turns = Object.entries(turnsOf(geometry.plane));
  return kindsOf(looks, suffix)
    .map(({ slices }) => {
      const { wanted, look, place } = layOver(given, slices);
      const turn = turns
        .map(([name, way]) => {
          const { evidence } = matchSlices(
            given.map((pattern) => turned(pattern, way)),
            wanted,
            // Turned in its plane a slice is where it was.
            { near: look.shift },
          );
          return { name, better: (evidence - look.evidence) * weightOf(look.met) };
        })
        .reduce((best, next) => (next.better > best.better ? next : best));
      const back = matchSlices(given, wanted, { order: -1 });
      const places = slices.map(({ position }) => position);
      const whole = Math.max(...places) - Math.min(...places);
      const { met, stretch } = back.evidence > look.evidence ? back : look;
      const few = met < slicesForOrder || stretch < wholeStretch * whole;
      const reversed = few ? NaN : (back.evidence - look.evidence) * weightOf(met);
      return { look, place, turn, reversed };
    })
    .reduce((best, next) => (next.look.evidence > best.look.evidence ? next : best));
}
