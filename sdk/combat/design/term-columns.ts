import type { Participants } from '../../data/people/participants';
import { covariateNamed } from '../../data/people/participants';
import { ConcordError } from '../../errors';
import { columnsOf } from '../../math/linear/covariate-columns';
import { advise, option } from '../../remedy';
import type { CombatCovariate } from '../combat-model';
import type { CombatTerm } from './formula';
import { distinctTerms, termText } from './formula';

/** By its name, each covariate as the columns that terms are products of; none where all subjects have the same value. */
export type CodedCovariates = ReadonlyMap<string, readonly Float64Array[]>;

/** The names of the columns of a term: `age`, `sex=M`, `age:sex=M`; those of its first covariate change fastest, as in R. */
export function termColumnNames(term: CombatTerm, covariates: readonly CombatCovariate[]): readonly string[] {
  return product(
    term.map((name) => columnNames(describedAs(name, covariates))),
    (first, second) => `${first}:${second}`,
  );
}

/**
 * The names of the columns that a covariate makes by itself; none where all subjects have the same value.
 */
export function columnNames(covariate: CombatCovariate): readonly string[] {
  if (covariate.kind === 'continuous') return covariate.max > covariate.min ? [covariate.name] : [];
  return covariate.levels
    .filter((level) => level !== covariate.reference)
    .map((level) => `${covariate.name}=${level}`);
}

/**
 * Codes covariates as they were described, each found by its name.
 *
 * @throws ConcordError `unknown-column`, `unknown-level`, or `invalid-option` when the kind differs.
 */
export function codeCovariates(
  participants: Participants,
  covariates: readonly CombatCovariate[],
): CodedCovariates {
  return new Map(covariates.map((described) => [described.name, codeCovariate(participants, described)]));
}

/** The columns of a term, not centered: products of those of its covariates. */
export function termColumns(term: CombatTerm, coded: CodedCovariates): readonly Float64Array[] {
  return product(
    term.map((name) => coded.get(name) ?? []),
    (first, second) => first.map((value, row) => value * second[row]),
  );
}

/**
 * The terms with those that an interaction needs below it, so that its columns mean the same whichever level is the reference
 * (as R and patsy code a factor whose main effect is left out): `age:sex` alone adds `age`, a slope for each sex, but not `sex`; the
 * interaction of two factors adds both; that of two amounts adds none.
 *
 * @param given - terms that have no columns of their own, since smooths stand for them
 */
export function withMargins(
  terms: readonly CombatTerm[],
  covariates: readonly CombatCovariate[],
  given: readonly CombatTerm[],
): readonly CombatTerm[] {
  const isFactor = (name: string): boolean => describedAs(name, covariates).kind === 'categorical';
  const needed = terms.flatMap((term) => {
    const amounts = term.filter((name) => !isFactor(name));
    return subsets(term.filter(isFactor)).map((some) =>
      term.filter((name) => amounts.includes(name) || some.includes(name)),
    );
  });
  const there = distinctTerms([...terms, ...given]).length;
  const all = distinctTerms([...terms, ...given, ...needed.filter((term) => term.length > 0)]);
  const added = all.slice(there);
  return [...terms, ...added].sort((a, b) => a.length - b.length);
}

/**
 * Refuses an interaction that no subject, or every subject, has alike.
 *
 * @throws ConcordError `confounded` naming the column.
 */
export function requireVarying(
  term: CombatTerm,
  columns: readonly Float64Array[],
  names: readonly string[],
): void {
  if (term.length === 1) return;
  columns.forEach((column, k) => {
    if (column.some((value) => value !== column[0])) return;
    const what = column[0] === 0 ? 'no subject has it' : 'it is the same for every subject';
    throw new ConcordError(
      'confounded',
      `confounded covariates: the effect of ${names[k]} cannot be estimated (${what})`,
      {
        where: { column: names[k] },
        remedy: advise`leave ${termText(term)} out of ${option('preserve')}, or merge levels`,
      },
    );
  });
}

function codeCovariate(participants: Participants, described: CombatCovariate): readonly Float64Array[] {
  const covariate = covariateNamed(participants, described.name);
  if (covariate.kind !== described.kind) {
    throw new ConcordError(
      'invalid-option',
      `invalid covariate ${described.name}: it is ${covariate.kind} here and ${described.kind} in the model`,
      {
        where: { column: described.name },
        remedy: advise`state its kind when the table is loaded: ${option('covariates.kind', described.kind)}`,
      },
    );
  }
  // A covariate that was constant where the model was fitted has no column.
  const { length } = columnNames(described);
  const coding = described.kind === 'categorical' ? described : {};
  const own = columnsOf(covariate, { ...coding, subjects: participants.ids }).slice(0, length);
  return own.map(({ values }) => values);
}

function describedAs(name: string, covariates: readonly CombatCovariate[]): CombatCovariate {
  const found = covariates.find((covariate) => covariate.name === name);
  if (found === undefined) throw new RangeError(`covariate ${name} is not described`);
  return found;
}

/** Every combination of one item of each list, joined; the first list changes fastest. */
function product<Item>(
  lists: readonly (readonly Item[])[],
  join: (first: Item, second: Item) => Item,
): readonly Item[] {
  return lists.reduce((before, own) => own.flatMap((second) => before.map((first) => join(first, second))));
}

function subsets(names: readonly string[]): readonly (readonly string[])[] {
  return names.reduce<readonly (readonly string[])[]>(
    (all, name) => [...all, ...all.map((some) => [...some, name])],
    [[]],
  );
}
