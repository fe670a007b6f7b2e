import { ConcordError } from '../errors';
import { advise, option } from '../remedy';
import type { CombatOptions } from './combat-options';
import { curvePenalties } from './means/curve-penalties';

/**
 * Refuses options that are right by themselves and not together.
 *
 * @throws ConcordError `invalid-option` naming one of them, and what may take its place.
 */
export function requireCombinable(options: CombatOptions): void {
  requireKfoldBasis(options);
  requirePlacedKnots(options);
  requireSearch(options);
  requireRobustly(options);
  requireOneScale(options);
}

/** Non-parametric empirical Bayes weighs by likelihoods, which medians and midvariances have none of. */
function requireRobustly({ robust = false, eb }: CombatOptions): void {
  if (!robust || eb !== 'nonparametric') return;
  throw new ConcordError(
    'invalid-option',
    'invalid robust: it cannot be combined with non-parametric empirical Bayes',
    {
      remedy: advise`choose ${option('eb', 'parametric', 'none')}`,
    },
  );
}

/** The grid of penalties and the shuffle are those of neuroHarmonize, and mean nothing for other curves. */
function requireKfoldBasis({ smoothing, basis, smoothingSeed }: CombatOptions): void {
  const isSeed =
    smoothingSeed === undefined ||
    (Number.isInteger(smoothingSeed) && smoothingSeed >= 0 && smoothingSeed < 2 ** 32);
  if (!isSeed) {
    throw new ConcordError(
      'invalid-option',
      `invalid smoothingSeed: ${smoothingSeed} (a whole number from 0 to 4294967295 is allowed)`,
    );
  }
  if (smoothing !== 'kfold' && smoothingSeed !== undefined) {
    throw new ConcordError(
      'invalid-option',
      `invalid smoothingSeed: ${smoothingSeed}, where nothing is drawn`,
      {
        remedy: advise`leave it out, or choose ${option('smoothing', 'kfold')}`,
      },
    );
  }
  if (smoothing !== 'kfold' || basis === 'neuroharmonize') return;
  throw new ConcordError(
    'invalid-option',
    'invalid smoothing by cross-validation: it is the search of neuroHarmonize, for its own curves',
    {
      remedy: advise`choose ${option('basis', 'neuroharmonize')} too, or ${option('smoothing', 'reml', 'gcv')}`,
    },
  );
}

/** The knots of neuroHarmonize are quantiles of the scans. */
function requirePlacedKnots({ basis, smooth = [] }: CombatOptions): void {
  const placed = smooth.some(
    (item) => typeof item !== 'string' && (item.knots !== undefined || item.splines !== undefined),
  );
  if (basis !== 'neuroharmonize' || !placed) return;
  throw new ConcordError(
    'invalid-option',
    'invalid knots or splines: those of neuroHarmonize are at quantiles of the scans',
    { remedy: advise`leave them out, or choose ${option('basis', 'p-spline')}` },
  );
}

/** A list to choose from is for those who choose. */
function requireSearch(options: CombatOptions): void {
  const { smoothing = 'reml', penalties } = options;
  const searched = (smoothing === 'reml' || smoothing === 'gcv') && curvePenalties(options) === undefined;
  if (penalties === undefined || searched) return;
  throw new ConcordError('invalid-option', 'invalid penalties: nothing is chosen among them', {
    remedy: advise`leave them out, or choose ${option('smoothing', 'reml', 'gcv')}`,
  });
}

/** Where σ depends on covariates it is a likelihood that finds it: neither medians nor a divisor have a place in it. */
function requireOneScale({
  robust = false,
  varianceDivisor = 'n',
  scaleCovariates = [],
}: CombatOptions): void {
  if (scaleCovariates.length === 0) return;
  const why = 'cannot be combined with covariates of scale, which are fitted by maximum likelihood';
  if (robust) {
    throw new ConcordError('invalid-option', `invalid robust: it ${why}`, {
      remedy: advise`leave out ${option('robust')} or ${option('scaleCovariates')}`,
    });
  }
  if (varianceDivisor === 'n') return;
  throw new ConcordError('invalid-option', `invalid varianceDivisor: "${varianceDivisor}" ${why}`);
}
