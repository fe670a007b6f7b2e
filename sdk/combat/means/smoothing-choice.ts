import { quoteName } from '../../data/list-names';
import { suggestName } from '../../data/nearest-names';
import { ConcordError } from '../../errors';
import type { CombatOptions } from '../combat-options';
import type { SmoothingChoice } from './penalty-problem';

/** The options that say so. */
export interface SmoothingOptions {
  readonly smoothing?: Exclude<CombatOptions['smoothing'], 'kfold'>;
  readonly among?: readonly number[];
}

/**
 * How λ is chosen, or which one each feature is given.
 *
 * @param among - the λ to choose among
 * @param smooths - how many curves each feature has
 * @throws ConcordError `invalid-option` for a λ that is not above 0, for a feature without one, and for one that there is not.
 */
export function smoothingChoice(
  { smoothing = 'reml', among }: SmoothingOptions,
  features: readonly string[],
  smooths: number,
): SmoothingChoice {
  if (typeof smoothing === 'string') {
    return { score: smoothing, among: among === undefined ? undefined : checked(among, 'penalties') };
  }
  if (typeof smoothing === 'number') {
    const all = checked([smoothing], 'all features');
    return () => new Array<number>(smooths).fill(all[0]);
  }
  const stray = Object.keys(smoothing).find((name) => !features.includes(name));
  if (stray !== undefined) {
    const hint = suggestName(stray, features, 'give one for each feature of the table');
    throw new ConcordError(
      'invalid-option',
      `invalid smoothing: unknown feature ${quoteName(stray)} (${hint})`,
    );
  }
  const given = features.map((name) => {
    if (!Object.hasOwn(smoothing, name)) {
      throw new ConcordError(
        'invalid-option',
        `invalid smoothing: it has no penalty for feature ${quoteName(name)}`,
      );
    }
    const own = smoothing[name];
    const each = checked(
      typeof own === 'number' ? new Array<number>(smooths).fill(own) : own,
      quoteName(name),
    );
    if (each.length === smooths) return each;
    throw new ConcordError(
      'invalid-option',
      `invalid smoothing of ${quoteName(name)}: ${each.length} penalties for ${smooths} curves`,
    );
  });
  return (feature) => given[feature];
}

/** λ of curves that each have their own: curves of levels have that of their covariate. */
export function eachOf(
  given: ReadonlyMap<string, number>,
  curves: readonly { readonly name: string }[],
): SmoothingChoice {
  const penalties = curves.map(({ name }) => given.get(name) ?? NaN);
  return () => penalties;
}

function checked(penalties: readonly number[], of: string): readonly number[] {
  const wrong = penalties.find((value) => !(value > 0 && value < Infinity));
  if (wrong === undefined && penalties.length > 0) return penalties;
  throw new ConcordError(
    'invalid-option',
    `invalid smoothing of ${of}: ${wrong ?? 'none'} (must be above 0)`,
  );
}
