import { ConcordError } from '../errors';
import type { Advice } from '../remedy';
import { advise } from '../remedy';
import { listNames, quoteName } from './list-names';
import { clearlyMeant } from './nearest-names';

/**
 * The error of a target that a model cannot harmonize to, the same for every method.
 *
 * @param targets - what it can harmonize to
 * @param remedy - what else the method has to offer
 */
export function unknownTarget(
  target: string,
  targets: readonly string[],
  remedy: Advice = [],
): ConcordError {
  return new ConcordError('unknown-site', `unknown target: ${quoteName(target)}, not one of ${listNames(targets)}`, {
    where: { site: target },
    remedy: withSuggestion([target], targets, remedy),
  });
}

/**
 * The error of sites that a model was not fitted on, the same for every method.
 *
 * @param sites - those that it does not know, at least one
 * @param known - those that it was fitted on
 * @param remedy - what else the method has to offer
 */
export function unknownSites(
  sites: readonly string[],
  known: readonly string[],
  remedy: Advice = [],
): ConcordError {
  const problem = `unknown site: ${listNames(sites)}, the model was fitted on ${listNames(known)}`;
  return new ConcordError('unknown-site', problem, {
    where: { site: sites[0] },
    remedy: withSuggestion(sites, known, remedy),
  });
}

/** The remedy, after the names that are clearly meant. */
function withSuggestion(wanted: readonly string[], names: readonly string[], remedy: Advice): Advice {
  const meant = wanted.flatMap((name) => {
    const found = clearlyMeant(name, names);
    if (found === undefined) return [];
    return [wanted.length === 1 ? quoteName(found) : `${quoteName(found)} for ${quoteName(name)}`];
  });
  if (meant.length === 0) return remedy;
  const question = `did you mean ${meant.slice(0, 3).join(', ')}?`;
  return remedy.length === 0 ? [question] : advise`${question} Or ${remedy}`;
}
