import { lowestInTurn } from '../../math/lowest-point';
import type { MixedFitter } from '../../math/mixed/fit-mixed';
import type { SmoothingChoice } from '../means/penalty-problem';

/** λ of a list are chosen in turn until none changes, or this often. */
const mostRounds = 60;

/** Fits a feature, with λ that are found, given, or chosen from a list by the same likelihood. */
export function fitChosen(
  fit: MixedFitter,
  values: Float64Array,
  {
    choice,
    smooths,
    feature,
  }: { readonly choice: SmoothingChoice; readonly smooths: number; readonly feature: number },
): ReturnType<MixedFitter> {
  if (typeof choice === 'function') return fit(values, choice(feature));
  const { among } = choice;
  if (among === undefined || smooths === 0) return fit(values);
  const criterionAt = (penalties: readonly number[]): number => {
    const own = fit(values, penalties);
    return typeof own === 'string' ? Infinity : own.criterion;
  };
  return fit(values, lowestInTurn(among, { places: smooths, rounds: mostRounds }, criterionAt));
}
