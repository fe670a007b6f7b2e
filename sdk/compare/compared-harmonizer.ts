import { invalidArgument, requireHarmonizer } from '../data/require-cohort';
import type { Cohort } from '../data/cohort';
import type { Harmonizer, HarmonizeToOptions } from '../data/harmonizer';
import type { Issue } from '../data/issue';
import type { LeftOutMethod } from '../evaluate/comparison/method-comparison';
import type { RunOptions } from '../data/run-options';
import { makeIssue } from '../data/issue';
import { ConcordError } from '../errors';

/** A {@link Harmonizer} of any model and payload; what its models and cohorts are is its own business. */
export interface AnyHarmonizer extends Pick<
  Harmonizer,
  'name' | 'preserves' | 'removes' | 'curves' | 'canPreserve'
> {
  readonly kind: Cohort['kind'];
  /** As {@link Harmonizer.fit}. */
  fit(cohort: never, run?: RunOptions): Promise<unknown>;
  /** As {@link Harmonizer.apply}. */
  apply(model: never, cohort: never, options?: HarmonizeToOptions): Promise<Cohort>;
  /** As {@link Harmonizer.targets}. */
  targets(model: never): readonly string[];
}

/** Methods to compare: in a list, by the names that they have themselves, or by names of your own. */
export type ComparedHarmonizers = readonly AnyHarmonizer[] | Readonly<Record<string, AnyHarmonizer>>;

/** A harmonizer under the name that it has in a comparison. */
export interface NamedHarmonizer {
  readonly name: string;
  readonly harmonizer: AnyHarmonizer;
}

/**
 * The harmonizers with their names.
 *
 * @throws ConcordError `invalid-option` when there are none, two have one name, or one is called `raw`.
 */
export function namedHarmonizers(given: ComparedHarmonizers): readonly NamedHarmonizer[] {
  // A method alone is no list of methods, and neither is nothing.
  if (typeof given !== 'object' || given === null || 'fit' in given) {
    const allowed = 'a list of harmonizers, or an object of them by name, is allowed';
    throw invalidArgument('compareMethods', 'harmonizers', { given, allowed });
  }
  for (const harmonizer of Object.values(given)) requireHarmonizer('compareMethods', harmonizer);
  const named = isList(given)
    ? given.map((harmonizer) => ({ name: harmonizer.name, harmonizer }))
    : Object.entries(given).map(([name, harmonizer]) => ({ name, harmonizer }));
  if (named.length === 0) {
    throw new ConcordError(
      'invalid-option',
      'missing harmonizers: at least one is needed to compare with raw data',
    );
  }
  for (const [at, { name }] of named.entries()) {
    if (name === 'raw' || name === '') {
      throw new ConcordError('invalid-option', `invalid name of a harmonizer: ${JSON.stringify(name)}`, {
        remedy: [
          'raw data are always compared; give the harmonizer another name, as in { name: harmonizer }',
        ],
      });
    }
    if (named.findIndex((other) => other.name === name) === at) continue;
    throw new ConcordError('invalid-option', `two harmonizers are named ${JSON.stringify(name)}`, {
      remedy: ['give them by names of your own, as in { name: harmonizer, other: harmonizer }'],
    });
  }
  return named;
}

function isList(given: ComparedHarmonizers): given is readonly AnyHarmonizer[] {
  return Array.isArray(given);
}

/** The harmonizer, where it is for that payload. */
export function harmonizerFor<Kind extends Cohort['kind']>(
  harmonizer: AnyHarmonizer,
  kind: Kind,
): Harmonizer<unknown, Kind> | undefined {
  return harmonizer.kind === kind ? (harmonizer as unknown as Harmonizer<unknown, Kind>) : undefined;
}

/** Refuses harmonizers of another payload than can be compared on a cohort. */
export function requireKinds(
  harmonizers: readonly NamedHarmonizer[],
  cohort: Pick<Cohort, 'kind'>,
  allowed: readonly Cohort['kind'][],
): void {
  const stray = harmonizers.find(({ harmonizer }) => !allowed.includes(harmonizer.kind));
  if (stray === undefined) return;
  throw new ConcordError(
    'invalid-option',
    `invalid harmonizer: ${stray.name} is for ${stray.harmonizer.kind} (the cohort has ${cohort.kind})`,
  );
}

/** The methods that are left out of a comparison, and what is noticed: both grow. */
export interface Noticed {
  readonly issues: Issue[];
  readonly leftOut: LeftOutMethod[];
}

/** Notes that a method failed, with an issue; a canceled one throws on. */
export function leaveOut({ issues, leftOut }: Noticed, name: string, error: unknown): void {
  if (!(error instanceof ConcordError)) {
    const cause = error instanceof Error ? error.message : String(error);
    return leaveOut(
      { issues, leftOut },
      name,
      new ConcordError('failed-step', `it failed unexpectedly: ${cause}`),
    );
  }
  if (error.code === 'aborted') throw error;
  const { problem, where, remedy } = error;
  const advice = remedy.length === 0 ? undefined : remedy;
  issues.push(makeIssue('method-failed', `${name} is left out: ${problem}`, where, advice));
  leftOut.push({ name, reason: problem });
}

/** The issues of a result that its cohort did not have. */
export function newIssues(before: Pick<Cohort, 'issues'>, after: Pick<Cohort, 'issues'>): readonly Issue[] {
  const known = new Set(before.issues.map((issue) => JSON.stringify(issue)));
  return after.issues.filter((issue) => !known.has(JSON.stringify(issue)));
}

/** What was noticed while a model was fitted, where it says so. */
export function issuesOf(model: unknown): readonly Issue[] {
  if (typeof model !== 'object' || model === null || !('issues' in model)) return [];
  return Array.isArray(model.issues) ? (model.issues as readonly Issue[]) : [];
}

/** Issues of one method among those of others: they say of which, unless they name it already. */
export function ofMethod(name: string, issues: readonly Issue[]): readonly Issue[] {
  return issues.map((issue) =>
    issue.message.startsWith(`${name} `) ? issue : { ...issue, message: `${name}: ${issue.message}` },
  );
}
