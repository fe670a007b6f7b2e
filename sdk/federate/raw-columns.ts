import type { Covariate } from '../data/people/covariate';
import type { Participants } from '../data/people/participants';
import { covariateNamed } from '../data/people/participants';
import type { CombatTerm } from '../combat/design/formula';
import { splinesOn } from '../combat/design/smooth-basis';
import { smoothValues } from '../combat/design/smooth-terms';
import { termColumns } from '../combat/design/term-columns';
import { columnsOf } from '../math/linear/covariate-columns';
import { cubicBSplines } from '../math/splines/cubic-b-splines';
import type { FederatedPlan, PlannedCovariate } from './plan';

/** A linear effect, and where its columns are. */
export interface RawTerm {
  readonly term: CombatTerm;
  readonly first: number;
  /** Of each column, the level of each covariate of the term; `null` where that is an amount. */
  readonly levels: readonly (readonly (string | null)[])[];
}

/**
 * The columns that hospitals send sums of, the same at each: all covariates, with a column for every level; products of these
 * for interactions; the B-splines of each smooth. What is left out of a design, and how B-splines become columns that have mean 0, depends on all scans, and is for the coordinator.
 */
export interface RawLayout {
  /** Main effects of all covariates, then interactions. */
  readonly terms: readonly RawTerm[];
  /** Where the B-splines of each smooth are. */
  readonly smooths: readonly number[];
  readonly width: number;
}

/** Lays out the columns of a plan. */
export function rawLayout({
  covariates,
  terms,
  smooths,
}: Pick<FederatedPlan, 'covariates' | 'terms' | 'smooths'>): RawLayout {
  const main = covariates.map(({ name }) => [name]);
  let width = 0;
  const laid = [...main, ...terms.filter((term) => term.length > 1)].map((term): RawTerm => {
    const first = width;
    const levels = term.reduce<readonly (readonly (string | null)[])[]>(
      // The levels of the first covariate change fastest, as in the columns of a design.
      (before, name) =>
        levelsOf(name, covariates).flatMap((level) => before.map((earlier) => [...earlier, level])),
      [[]],
    );
    width += levels.length;
    return { term, first, levels };
  });
  const curves = smooths.map(({ knots }) => {
    const first = width;
    width += splinesOn(knots);
    return first;
  });
  return { terms: laid, smooths: curves, width };
}

function levelsOf(name: string, covariates: readonly PlannedCovariate[]): readonly (string | null)[] {
  const found = covariates.find((covariate) => covariate.name === name);
  return found?.kind === 'categorical' ? found.levels : [null];
}

/** These columns of some participants: rows × columns, row-major. */
export function encodeRaw(participants: Participants, plan: FederatedPlan): Float64Array {
  const { terms, smooths, width } = rawLayout(plan);
  const { ids } = participants;
  const values = new Float64Array(ids.length * width);
  const coded = new Map(
    plan.covariates.map((one) => [
      one.name,
      codedAsPlanned(covariateNamed(participants, one.name), one, ids),
    ]),
  );
  for (const { term, first } of terms) {
    termColumns(term, coded).forEach((column, k) =>
      column.forEach((value, row) => (values[row * width + first + k] = value)),
    );
  }
  smooths.forEach((first, k) => {
    const { knots } = plan.smooths[k];
    smoothValues(participants, plan.smooths[k]).forEach((value, row) => {
      if (value !== undefined) values.set(cubicBSplines(knots, value), row * width + first);
    });
  });
  return values;
}

function codedAsPlanned(
  covariate: Covariate,
  planned: PlannedCovariate,
  subjects: readonly string[],
): readonly Float64Array[] {
  const levels = planned.kind === 'categorical' ? planned.levels : undefined;
  return columnsOf(covariate, { reference: null, levels, subjects }).map(({ values }) => values);
}
