import { ConcordError } from '../errors';

/** What functions take: cohorts, or where a network trains, images that stay on disk. */
type CohortKind = 'features' | 'volumes' | 'images' | 'image-source';

/** What each kind of cohort is called, in words. */
const kinds: Readonly<Record<CohortKind, string>> = {
  features: 'features (a table)',
  volumes: 'whole scans',
  images: 'slices',
  'image-source': 'images on disk',
};

/**
 * Checks, for callers from JavaScript, who have no compiler, that a function was given a method that can be fitted and applied.
 *
 * @param verb - the name of the function
 * @throws ConcordError `invalid-option` that says what was given instead.
 */
export function requireHarmonizer(verb: string, given: unknown): void {
  if (typeof given === 'object' && given !== null && 'fit' in given && 'apply' in given) return;
  throw invalidArgument(verb, 'harmonizer', {
    given,
    allowed: 'a harmonizer, made by the function of its method, is allowed',
  });
}

/** The error for an argument that is no value of the type that a function takes. */
export function invalidArgument(
  verb: string,
  name: string,
  { given, allowed }: { readonly given: unknown; readonly allowed: string },
): ConcordError {
  const problem = `invalid ${name} for ${verb}: ${wordFor(given)}`;
  return new ConcordError('invalid-option', `${problem} (${allowed})`);
}

function kindOf(given: unknown): unknown {
  return typeof given === 'object' && given !== null && 'kind' in given ? given.kind : undefined;
}

/** What was given, in a word. */
export function wordFor(given: unknown): string {
  if (given instanceof Promise) return 'a promise, which is to be awaited';
  const kind = kindOf(given);
  if (typeof kind === 'string') {
    if (Object.hasOwn(kinds, kind)) return `a cohort of ${kinds[kind as CohortKind]}`;
    return `an object of kind ${JSON.stringify(kind)}`;
  }
  if (given === undefined || given === null) return String(given);
  if (typeof given === 'string') return JSON.stringify(given);
  return Array.isArray(given) ? 'a list' : `${/^[aeiou]/.test(typeof given) ? 'an' : 'a'} ${typeof given}`;
}
