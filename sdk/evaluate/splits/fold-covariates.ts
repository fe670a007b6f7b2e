import type { FeatureCohort } from '../../data/cohort';
import type { Covariate } from '../../data/people/covariate';
import { ConcordError } from '../../errors';
import { mostFrequentLevel } from '../../math/linear/covariate-columns';
import { withholdCovariate } from './withhold-covariate';

/** What a training part cannot say about a covariate, by the error of the harmonizer that met it. */
export interface FoldTrouble {
  readonly covariate: string;
  /** The level concerned; `undefined` for the covariate as a whole. */
  readonly level?: string;
}

/** The covariate that a harmonizer could not cope with in a split; `undefined` for any other error. */
export function foldTrouble(error: unknown, { participants }: FeatureCohort): FoldTrouble | undefined {
  if (!(error instanceof ConcordError)) return undefined;
  const { column } = error.where;
  if (column === undefined || (error.code !== 'confounded' && error.code !== 'unknown-level'))
    return undefined;
  // Of an interaction the last of its parts that is a level: without it there is one combination fewer.
  const parts = column.split(':').map((part) => troubleAt(part, participants.covariates));
  return (
    troubleAt(column, participants.covariates) ??
    parts.findLast((part) => part?.level !== undefined) ??
    parts.find((part) => part !== undefined)
  );
}

/** The covariate, or level of one, that a design column is of. */
function troubleAt(column: string, covariates: readonly Covariate[]): FoldTrouble | undefined {
  for (const covariate of covariates) {
    if (covariate.name === column) return { covariate: column };
    if (covariate.kind === 'continuous' || !column.startsWith(`${covariate.name}=`)) continue;
    const level = column.slice(covariate.name.length + 1);
    if (covariate.levels.includes(level)) return { covariate: covariate.name, level };
  }
  return undefined;
}

/**
 * The cohort with nothing known of a level: its subjects have the most frequent other level of the training subjects.
 * Without a level, nothing is known of the whole covariate (see {@link withholdCovariate}).
 */
export function withoutTrouble(
  cohort: FeatureCohort,
  { covariate: name, level }: FoldTrouble,
  train: FeatureCohort,
): FeatureCohort {
  if (level === undefined) return withholdCovariate(cohort, name, train);
  const known = train.participants.covariates.find((covariate) => covariate.name === name);
  const into = known?.kind === 'categorical' ? mostFrequentLevel(known, level) : undefined;
  if (into === undefined) return withholdCovariate(cohort, name, train);
  return changeCovariate(cohort, name, (covariate) => {
    if (covariate.kind === 'continuous') return covariate;
    const from = covariate.levels.indexOf(level);
    const to = covariate.levels.indexOf(into);
    return { ...covariate, codes: covariate.codes.map((code) => (code === from ? to : code)) };
  });
}

/**
 * The test subjects with the levels that no training subject has replaced by the most frequent one of training: nothing
 * can be known of their effect.
 *
 * @returns the cohort, and the subjects concerned per covariate and level
 */
export function withKnownLevels(
  test: FeatureCohort,
  name: string,
  train: FeatureCohort,
): { readonly cohort: FeatureCohort; readonly replaced: ReadonlyMap<string, readonly string[]> } {
  const replaced = new Map<string, string[]>();
  const known = train.participants.covariates.find((covariate) => covariate.name === name);
  if (known?.kind !== 'categorical') return { cohort: test, replaced };
  const met = new Set(Array.from(known.codes, (code) => known.levels[code]));
  const into = mostFrequentLevel(known);
  const cohort = changeCovariate(test, name, (covariate) => {
    if (covariate.kind === 'continuous' || into === undefined) return covariate;
    const to = covariate.levels.indexOf(into);
    const codes = covariate.codes.map((code, row) => {
      const level = covariate.levels[code];
      if (code === -1 || met.has(level)) return code;
      replaced.set(level, [...(replaced.get(level) ?? []), test.participants.ids[row]]);
      return to;
    });
    return { ...covariate, codes };
  });
  return { cohort, replaced };
}

function changeCovariate(
  cohort: FeatureCohort,
  name: string,
  change: (covariate: Covariate) => Covariate,
): FeatureCohort {
  const { participants } = cohort;
  const covariates = participants.covariates.map((covariate) =>
    covariate.name === name ? change(covariate) : covariate,
  );
  return { ...cohort, participants: { ...participants, covariates } };
}
