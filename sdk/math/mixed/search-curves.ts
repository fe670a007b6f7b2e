import { descend } from './descend';
import type { MixedDesign } from './mixed-design';
import type { MixedFeature } from './mixed-feature';
import { criterionSlope, penaltySlope } from './mixed-feature';
import type { MixedState } from './mixed-state';
import { mixedSpread, mixedState } from './mixed-state';
import type { Found } from './search-variances';
import { factorOf, factorSlope, foundAt, likeliest, squared, stateAt } from './search-variances';

/** Penalties to look at first: from one that the data do not feel to one that leaves a straight line. */
const grid = Array.from({ length: 13 }, (_, i) => 10 ** (i - 8));

/** One that leaves a straight line. */
const stiff = 1e8;

/**
 * The penalties of all curves that are looked at first. A curve may be likely in two ways, straight and bent, whatever the others
 * are: so rows of penalties that grow for all curves together, for each alone while the others are straight, and for all others
 * while it is.
 */
export function penaltyRidges(curves: number): readonly (readonly (readonly number[])[])[] {
  const which = (bent: (curve: number) => boolean): readonly (readonly number[])[] =>
    grid.map((penalty) => Array.from({ length: curves }, (_, k) => (bent(k) ? penalty : stiff)));
  const each = Array.from({ length: curves }, (_, k) => k);
  return [
    which(() => true),
    ...(curves < 2 ? [] : each.map((k) => which((own) => own === k))),
    ...(curves < 3 ? [] : each.map((k) => which((own) => own !== k))),
  ];
}

/** Below the first a penalty changes nothing but rounding, and above the last. */
const [least, most] = [1e-10, 1e12];

/** From here on the way down is so flat that a straight line is tried instead. */
const nearlyStraight = 1e6;

/** Less is rounding of the criterion, as a share of it; and less makes no valley deeper than another. */
const noise = 1e-12;
const rough = 1e-9;

/** A variance of persons below this share of the residual one is taken for 0 where that is as likely. */
const none = 1e-8;

/** It is looked for other ways to bend as often as one is found that is likelier. */
const mostRounds = 5;

/**
 * The likeliest variances of persons and curves together, by restricted maximum likelihood: downhill from every penalty of a
 * ridge that is likelier than its neighbors; and where there are several curves, again from where one of them is likely to bend
 * otherwise beside the others as they were found.
 *
 * @param ridges - for each of the penalties of {@link penaltyRidges}, the states of all covariances of persons
 */
export function byCurves(
  design: MixedDesign,
  feature: MixedFeature,
  ridges: readonly (readonly (readonly MixedState[])[])[],
): Found {
  const down = ({ state }: Found): Found =>
    downhill(design, feature, { state, upTo: nearlyStraight, precision: rough });
  const starts = ridges.flatMap((ridge) =>
    tops(ridge.map((states) => foundAt(design, feature, states[likeliest(design, feature, states)]))),
  );
  let best = lowest(starts.map(down));
  for (let round = 0; design.curves.length > 1 && round < mostRounds; round++) {
    const next = lowest([best, ...bentOtherwise(design, feature, best).map(down)]);
    if (!isLower(next, best)) break;
    best = next;
  }
  return withoutPersons(design, feature, settled(design, feature, best));
}

/** Those that are likelier than their neighbors. */
function tops(ridge: readonly Found[]): readonly Found[] {
  const height = (at: number): number => ridge[at]?.likelihood.criterion ?? Infinity;
  return ridge.filter((_, at) => height(at) <= height(at - 1) && height(at) <= height(at + 1));
}

/** For each curve, other penalties that are likelier than their neighbors on the grid, where all else stays. */
function bentOtherwise(design: MixedDesign, feature: MixedFeature, { state }: Found): readonly Found[] {
  const spread = mixedSpread(design, state.covariance);
  return state.penalties.flatMap((penalty, curve) => {
    const ridge = grid.flatMap((own) => {
      const other = mixedState(design, spread, { ...state, penalties: state.penalties.with(curve, own) });
      return other === undefined ? [] : [foundAt(design, feature, other)];
    });
    const from = Math.min(Math.max(penalty, grid[0]), grid[grid.length - 1]);
    const isOther = (own: number): boolean => Math.abs(Math.log10(own / from)) > 1;
    return tops(ridge).filter(({ state: { penalties } }) => isOther(penalties[curve]));
  });
}

/**
 * All the way down. Towards a straight line it gets flatter and flatter: curves that are nearly straight are taken for straight
 * where that is as likely.
 */
function settled(design: MixedDesign, feature: MixedFeature, { state }: Found): Found {
  const penalties = state.penalties.map((penalty) => (penalty < nearlyStraight ? penalty : most));
  const from = stateAt(design, state.covariance, { ...state, penalties });
  const found = downhill(design, feature, { state: from, upTo: most });
  if (penalties.every((penalty) => penalty < nearlyStraight)) return found;
  const bent = downhill(design, feature, { state, upTo: most });
  return isLower(bent, found) ? bent : found;
}

/** Where a way down begins, the largest penalty on it, and how far it is gone. */
interface Way {
  readonly state: MixedState;
  readonly upTo: number;
  readonly precision?: number;
}

/** Downhill over the factor of the covariance of persons and the logarithms of penalties, together. */
function downhill(design: MixedDesign, feature: MixedFeature, { state: from, upTo, precision }: Way): Found {
  const factor = factorOf(from.covariance);
  const size = factor.length;
  const penaltiesAt = (point: readonly number[]): readonly number[] =>
    point.slice(size).map((power) => Math.min(upTo, Math.max(least, Math.exp(power))));
  const stateOf = (point: readonly number[]): MixedState | undefined =>
    mixedState(design, mixedSpread(design, squared(point.slice(0, size))), {
      ...from,
      penalties: penaltiesAt(point),
    });
  const point = descend(
    (own) => {
      const state = stateOf(own);
      if (state === undefined) return { value: Infinity, slope: own.map(() => 0) };
      const found = foundAt(design, feature, state);
      const bySize = criterionSlope(design, feature, found);
      // Beyond the largest penalty nothing changes any more.
      const byPenalty = penaltySlope(design, found).map((slope, k) =>
        state.penalties[k] < upTo ? slope : 0,
      );
      return {
        value: found.likelihood.criterion,
        slope: [...factorSlope(own.slice(0, size), bySize), ...byPenalty],
      };
    },
    [...factor, ...from.penalties.map(Math.log)],
    precision,
  );
  return foundAt(design, feature, stateOf(point) ?? from);
}

/** A level of persons whose variance the way down has brought to nearly 0 has none. */
function withoutPersons(design: MixedDesign, feature: MixedFeature, found: Found): Found {
  const { state } = found;
  if (state.covariance.length > 1 || !(state.covariance[0] < none)) return found;
  const bare = foundAt(design, feature, stateAt(design, [0], state));
  return isLower(found, bare) ? found : bare;
}

function isLower(one: Found, other: Found): boolean {
  const { criterion } = other.likelihood;
  return one.likelihood.criterion < criterion - noise * Math.abs(criterion);
}

function lowest(all: readonly Found[]): Found {
  return all.reduce((best, own) => (own.likelihood.criterion < best.likelihood.criterion ? own : best));
}
