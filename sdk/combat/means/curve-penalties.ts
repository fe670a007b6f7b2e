import { quoteName } from '../../data/list-names';
import { ConcordError } from '../../errors';
import { advise, option } from '../../remedy';

/** A curve as options list it. */
interface ListedCurve {
  readonly name: string;
  readonly penalty?: number;
}

/** What of the options of ComBat is about it. */
interface CurveOptions {
  readonly smooth?: readonly (string | ListedCurve)[];
  readonly smoothing?: unknown;
}

/**
 * λ of each curve by its name, where curves say it; `undefined` where none does.
 *
 * @throws ConcordError `invalid-option` where another curve has none, where it is not above 0, and where `smoothing` is said, too.
 */
export function curvePenalties({
  smooth = [],
  smoothing,
}: CurveOptions): ReadonlyMap<string, number> | undefined {
  const curves = smooth.map((item): ListedCurve => (typeof item === 'string' ? { name: item } : item));
  if (curves.every(({ penalty }) => penalty === undefined)) return undefined;
  const given = curves.map(({ name, penalty }) => [name, requirePenalty(name, penalty)] as const);
  if (smoothing === undefined) return new Map(given);
  throw new ConcordError('invalid-option', 'invalid smoothing: each curve has its penalty', {
    remedy: advise`leave out ${option('smoothing')}, or the penalties of curves`,
  });
}

function requirePenalty(name: string, penalty: number | undefined): number {
  if (penalty !== undefined && penalty > 0 && penalty < Infinity) return penalty;
  const what = penalty === undefined ? 'other curves have one, and it has none' : String(penalty);
  throw new ConcordError('invalid-option', `invalid penalty of the curve of ${quoteName(name)}: ${what}`, {
    remedy: advise`give each curve a number above 0, with ${option('penalty')}`,
  });
}
