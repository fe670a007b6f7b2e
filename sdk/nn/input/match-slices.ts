import type { Plane } from '../../data/images/image-set';
import type { SlicePattern } from './slice-pattern';
import { patternSide } from './slice-pattern';

/** How well slices agree with those that a network learned from. */
export interface SliceMatch {
  /** Agreement of outlines: shared cover over all cover (a weighted Jaccard index), mean over the slices. */
  readonly outline: number;
  /** Correlation of intensities where both have brain, mean over the slices; 0 where nothing is shared. */
  readonly content: number;
  /** Outline and content in one number, by which arrangements are compared. */
  readonly score: number;
}

/** A way to turn or mirror an image. */
export type Turn = (row: number, column: number) => readonly [row: number, column: number];

const last = patternSide - 1;

/**
 * The ways in which slices of a plane could be turned; mirroring left and right, which changes little, is none of them.
 */
export function turnsOf(plane: Plane): Readonly<Record<string, Turn>> {
  const ways = {
    'upside down': (row: number, column: number) => [last - row, column] as const,
    'turned to the left': (row: number, column: number) => [last - column, row] as const,
    'turned to the right': (row: number, column: number) => [column, last - row] as const,
  };
  if (plane !== 'sagittal') return ways;
  return { ...ways, 'back to front': (row: number, column: number) => [row, last - column] as const };
}

/** Turns a pattern. */
export function turned(pattern: SlicePattern, turn: Turn): SlicePattern {
  const cover = new Float64Array(pattern.cover.length);
  const values = new Float64Array(pattern.values.length);
  for (let row = 0; row < patternSide; row++) {
    for (let column = 0; column < patternSide; column++) {
      const [toRow, toColumn] = turn(row, column);
      const to = toRow * patternSide + toColumn;
      const from = row * patternSide + column;
      cover[to] = pattern.cover[from];
      values[to] = pattern.values[from];
    }
  }
  return { position: pattern.position, cover, values };
}

/** Compares two slices. */
export function comparePatterns(given: SlicePattern, wanted: SlicePattern): SliceMatch {
  let [shared, all] = [0, 0];
  let [weight, x, y] = [0, 0, 0];
  const weights = given.cover.map((cover, at) => Math.min(cover, wanted.cover[at]));
  for (let at = 0; at < weights.length; at++) {
    shared += weights[at];
    all += Math.max(given.cover[at], wanted.cover[at]);
    weight += weights[at];
    x += weights[at] * given.values[at];
    y += weights[at] * wanted.values[at];
  }
  const outline = all === 0 ? 0 : shared / all;
  if (weight === 0) return { outline, content: 0, score: outline };
  const [mx, my] = [x / weight, y / weight];
  let [xx, yy, xy] = [0, 0, 0];
  for (let at = 0; at < weights.length; at++) {
    const [dx, dy] = [given.values[at] - mx, wanted.values[at] - my];
    xx += weights[at] * dx * dx;
    yy += weights[at] * dy * dy;
    xy += weights[at] * dx * dy;
  }
  const content = xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 0;
  return { outline, content, score: outline + content };
}

/**
 * Compares the slices of a scan with those learned from, wherever along the axis the brain is: of all shifts that let the
 * most of the learned slices meet one, the best counts.
 *
 * @param order - 1 as they follow each other, −1 the other way around
 */
export function matchSlices(
  given: readonly SlicePattern[],
  wanted: readonly SlicePattern[],
  order: 1 | -1 = 1,
): SliceMatch & { readonly shift: number; readonly met: number } {
  const cache = new Map<number, SliceMatch>();
  const compared = (g: number, w: number): SliceMatch => {
    const key = g * wanted.length + w;
    let found = cache.get(key);
    if (found === undefined) cache.set(key, (found = comparePatterns(given[g], wanted[w])));
    return found;
  };
  const places = given.map(({ position }) => order * position);
  const shifts = new Set<number>([0]);
  for (const place of places) for (const { position } of wanted) shifts.add(Math.round(place - position));
  let best = { outline: 0, content: 0, score: -Infinity, shift: 0, met: 0 };
  for (const shift of shifts) {
    const sum = { outline: 0, content: 0, score: 0, met: 0 };
    wanted.forEach(({ position }, w) => {
      let nearest = -1;
      let distance = 4;
      places.forEach((place, g) => {
        const off = Math.abs(place - shift - position);
        if (off < distance) [nearest, distance] = [g, off];
      });
      if (nearest < 0) return;
      const match = compared(nearest, w);
      sum.met++;
      sum.outline += match.outline;
      sum.content += match.content;
      sum.score += match.score;
    });
    if (sum.met === 0) continue;
    const mean = sum.score / sum.met;
    if (sum.met < best.met || (sum.met === best.met && mean <= best.score)) continue;
    best = {
      outline: sum.outline / sum.met,
      content: sum.content / sum.met,
      score: mean,
      shift,
      met: sum.met,
    };
  }
  return best;
}
