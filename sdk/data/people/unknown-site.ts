import { ConcordError } from '../../errors';
import type { Advice } from '../../remedy';
import { advise } from '../../remedy';
import { listNames, quoteName } from '../list-names';
import { clearlyMeant } from '../nearest-names';
import type { Participants } from './participants';
import { siteNames } from './participants';

/** What may go with {@link unknownTarget}. */
export interface UnknownTargetOptions {
  /** What the site was named as. @defaultValue `'target'` */
  readonly what?: string;
  /** What else the method has to offer. */
  readonly remedy?: Advice;
}

/**
 * The error for a target that does not exist, the same for every method.
 *
 * @param targets - those that exist
 */
export function unknownTarget(
  target: string,
  targets: readonly string[],
  { what = 'target', remedy = [] }: UnknownTargetOptions = {},
): ConcordError {
  const problem = `unknown ${what}: ${quoteName(target)}, not one of ${listNames(targets)}`;
  return new ConcordError('unknown-site', problem, {
    where: { site: target },
    remedy: withSuggestion([target], targets, remedy),
  });
}

/**
 * The error for sites that a model was not fitted on, the same for every method.
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

/** The sites of participants that are not among those of a model, by name. */
export function strangeSites(known: readonly string[], participants: Participants): readonly string[] {
  return siteNames(participants).filter((site) => !known.includes(site));
}
