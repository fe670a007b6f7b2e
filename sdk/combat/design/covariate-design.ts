import { suggestName } from '../../data/nearest-names';
import type { Covariate } from '../../data/people/covariate';
import { isMissing, lacksValues } from '../../data/people/covariate';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listNames, quoteName } from '../../data/list-names';
import type { Participants } from '../../data/people/participants';
import { covariateNamed } from '../../data/people/participants';
import { ConcordError } from '../../errors';
import type { CenteredColumns } from '../../math/linear/column-kernels';
import { centerByKernel } from '../../math/linear/column-kernels';
import { metLevels, mostFrequentLevel } from '../../math/linear/covariate-columns';
import { everyPosition } from '../../math/pick-doubles';
import { leastAndGreatest } from '../../math/statistics/least-and-greatest';
import type { CombatCovariate, CombatModel, CombatSmooth } from '../combat-model';
import type { KeptCovariates } from '../combat-options';
import type { CombatTerm } from './formula';
import { advise, option } from '../../remedy';
import type { DroppedSubject } from './dropped-subjects';
import { droppedSiteIssues } from './dropped-subjects';
import { counted } from '../../data/counted';
import type { SmoothBasis } from './smooth-basis';
import type { CodedCovariates } from './term-columns';
import {
  codeCovariates,
  columnNames,
  requireVarying,
  termColumnNames,
  termColumns,
  withMargins,
} from './term-columns';
import { describeSmooths, smoothColumnNames, writeSmooth } from './smooth-terms';

/**
 * The covariates as numbers: one centered column per continuous covariate and per non-reference level, products of these for
 * interactions, then those of smooths.
 */
export interface CovariateDesign {
  readonly covariates: readonly CombatCovariate[];
  readonly terms: readonly CombatTerm[];
  readonly smooths: readonly CombatSmooth[];
  readonly columns: readonly string[];
  readonly columnMeans: Float64Array;
  /** Subjects × columns, row-major, each column minus its mean. */
  readonly values: Float64Array;
  readonly issues: readonly Issue[];
}

/** How covariates become columns. */
type Effects = Pick<CovariateDesign, 'covariates' | 'terms' | 'smooths'>;

/** The part of a design or model that says how covariates become columns. */
export type DesignCoding = Effects & Pick<CovariateDesign, 'columns' | 'columnMeans'>;

/**
 * Codes the covariates to preserve, with treatment contrasts for categorical ones, centered for numerical
 * conditioning: it changes the meaning of the intercept only.
 *
 * @throws ConcordError `unknown-column`, `unknown-level`, or `confounded` for an interaction that no subject has.
 */
export function fitDesign(
  participants: Participants,
  kept: KeptCovariates,
  basis: SmoothBasis,
): CovariateDesign {
  const issues: Issue[] = [];
  const smooths = describeSmooths(participants, kept.smooth, basis);
  const curved = new Set(smooths.map(({ name }) => name));
  const covariates = kept.preserve.map(({ name, reference }): CombatCovariate => {
    const described = describeCovariate(covariateNamed(participants, name), reference);
    return described.kind === 'continuous' && curved.has(name) ? { ...described, smooth: true } : described;
  });
  for (const covariate of covariates) {
    if (columnNames(covariate).length === 0 && !curved.has(covariate.name)) {
      const message = `covariate ${covariate.name} has the same value for every subject`;
      issues.push(makeIssue('constant-covariate', message, { column: covariate.name }));
    }
  }
  const lines = [...curved].map((name) => [name]);
  const terms = withMargins(kept.terms, covariates, lines);
  return { ...codedDesign(participants, { covariates, terms, smooths }), issues };
}

/** Codes the covariates of a design that σ depends on: linear effects, without sites, and without smooths. */
export function fitScaleDesign(
  participants: Participants,
  { covariates }: CovariateDesign,
  scale: readonly CombatTerm[],
): CovariateDesign {
  const terms = withMargins(scale, covariates, []);
  if (terms.length === 0) return { covariates, terms, smooths: [], ...noColumns, issues: [] };
  return { ...codedDesign(participants, { covariates, terms, smooths: [] }), issues: [] };
}

const noColumns = { columns: [], columnMeans: new Float64Array(0), values: new Float64Array(0) };

/** The covariates that have an effect of their own, as a line, by levels or as a smooth: not only in an interaction. */
export function mainEffects({ terms, smooths }: Pick<Effects, 'terms' | 'smooths'>): readonly string[] {
  const lines = terms.filter((term) => term.length === 1).flat();
  return [...new Set([...lines, ...smooths.map(({ name }) => name)])];
}

/** How the covariates that σ depends on become columns. */
export function scaleCoding({ covariates, scaleTerms, scaleColumns, scaleMeans }: CombatModel): DesignCoding {
  return { covariates, terms: scaleTerms, smooths: [], columns: scaleColumns, columnMeans: scaleMeans };
}

function codedDesign(participants: Participants, effects: Effects): Omit<CovariateDesign, 'issues'> {
  const columns = designColumns(effects);
  const coded = codeCovariates(participants, effects.covariates);
  for (const term of effects.terms)
    requireVarying(term, termColumns(term, coded), termColumnNames(term, effects.covariates));
  const { values, means: columnMeans } = encode(participants, { ...effects, columns }, coded);
  return { ...effects, columns, columnMeans, values };
}

/**
 * A table may have a column that is called as an interaction is written.
 *
 * @throws ConcordError `invalid-option`.
 */
export function requireUnambiguous({ covariates }: Participants, formulas: readonly string[]): void {
  const both = formulas.find((text) => covariates.some(({ name }) => name === text));
  if (both === undefined) return;
  throw new ConcordError(
    'invalid-option',
    `ambiguous covariate: ${quoteName(both)} is a column of its own, and is written as an interaction`,
    {
      remedy: advise`write the column in backticks; for the interaction, put each of its names in backticks`,
    },
  );
}

/**
 * Codes the covariates of other subjects as the model was fitted, each found by its name.
 *
 * @returns subjects × columns, row-major, and Issues for values outside the range fitted on
 * @throws ConcordError `unknown-column`, `unknown-level`, or `invalid-option` when the kind differs.
 */
export function applyDesign(
  participants: Participants,
  coding: DesignCoding,
): { readonly values: Float64Array; readonly issues: readonly Issue[] } {
  const coded = codeCovariates(participants, coding.covariates);
  const { values } = encode(participants, coding, coded, coding.columnMeans);
  return { values, issues: coding.covariates.flatMap((covariate) => outsideRange(participants, covariate)) };
}

/**
 * The rows whose subjects have a value of every named covariate. Warnings of sites that lose all or half of their
 * subjects come before the Issues of single subjects.
 *
 * @throws ConcordError `missing-value` naming subject and covariate, when `policy` is `error` and one is missing.
 */
export function rowsWithCovariates(
  participants: Participants,
  names: readonly string[],
  policy: 'error' | 'drop',
): { readonly rows: Int32Array; readonly issues: readonly Issue[] } {
  const covariates = names.map((name) => covariateNamed(participants, name));
  if (!covariates.some(lacksValues)) return { rows: everyPosition(participants.ids.length), issues: [] };
  const rows: number[] = [];
  const issues: Issue[] = [];
  const dropped: DroppedSubject[] = [];
  participants.ids.forEach((subject, row) => {
    const lacking = covariates.find((covariate) => isMissing(covariate, row));
    if (lacking === undefined) {
      rows.push(row);
      return;
    }
    const where = { subject, column: lacking.name };
    if (policy === 'error') {
      throw new ConcordError(
        'missing-value',
        `missing value of covariate ${lacking.name} for subject "${subject}"`,
        {
          where,
          remedy: advise`supply it, or leave such subjects out with ${option('missingCovariates', 'drop')}`,
        },
      );
    }
    dropped.push({ row, covariate: lacking.name });
    issues.push(makeIssue('dropped-subject', `subject "${subject}" has no value of ${lacking.name}`, where));
  });
  return { rows: Int32Array.from(rows), issues: [...droppedSiteIssues(participants, dropped), ...issues] };
}

function describeCovariate(covariate: Covariate, reference: string | undefined): CombatCovariate {
  if (covariate.kind === 'continuous') {
    if (reference !== undefined) {
      throw new ConcordError(
        'invalid-option',
        `invalid reference level of ${covariate.name}: "${reference}" (the covariate is continuous)`,
      );
    }
    const { name, unit, values } = covariate;
    const [min, max] = leastAndGreatest(values);
    return unit === undefined
      ? { kind: 'continuous', name, min, max }
      : { kind: 'continuous', name, unit, min, max };
  }
  const levels = metLevels(covariate);
  const chosen = reference ?? mostFrequentLevel(covariate);
  if (chosen === undefined || !levels.includes(chosen)) {
    const hint = suggestName(chosen ?? '', levels, `levels are ${listNames(levels)}`);
    throw new ConcordError(
      'unknown-level',
      `unknown reference level of ${covariate.name}: ${quoteName(chosen ?? '')} (${hint})`,
      { where: { column: covariate.name } },
    );
  }
  return { kind: 'categorical', name: covariate.name, levels, reference: chosen };
}

/** The names of all columns of a design: those of linear effects, then those of smooths. */
export function designColumns({ covariates, terms, smooths }: Effects): readonly string[] {
  return [
    ...terms.flatMap((term) => termColumnNames(term, covariates)),
    ...smooths.flatMap(smoothColumnNames),
  ];
}

/**
 * Subjects × columns, and what was taken away from each column: its mean.
 *
 * @param known - the means of the subjects that a model was fitted on
 */
function encode(
  participants: Participants,
  { terms, smooths, columns }: Omit<DesignCoding, 'columnMeans' | 'covariates'>,
  coded: CodedCovariates,
  known?: Float64Array,
): CenteredColumns {
  const width = columns.length;
  const rows = participants.ids.length;
  const linear = terms.flatMap((term) => termColumns(term, coded));
  const byKernel = smooths.length > 0 ? undefined : centerByKernel(linear, rows, known);
  if (byKernel !== undefined) return byKernel;
  const values = new Float64Array(rows * width);
  let first = 0;
  for (const column of linear) {
    for (let row = 0; row < column.length; row++) values[row * width + first] = column[row];
    first++;
  }
  for (const smooth of smooths) {
    writeSmooth(participants, smooth, { values, width, first });
    first += smoothColumnNames(smooth).length;
  }
  const means = known ?? columnAverages(values, width);
  center(values, means);
  return { values, means };
}

/**
 * The oldest and the youngest of other persons are nearly always a little older and younger than those that a model was fitted on.
 * That is not worth a warning for so few of all, by no more than this share of the range. What is put back is what was taken
 * off but for the factor of the site, so that an effect continued by so little makes next to no difference.
 */
const usual = { few: 0.05, margin: 0.2 };

/** Warns of subjects beyond the range that a model was fitted on, where they are many, or one of them is far beyond. */
function outsideRange(participants: Participants, described: CombatCovariate): readonly Issue[] {
  const covariate = covariateNamed(participants, described.name);
  if (described.kind !== 'continuous' || covariate.kind !== 'continuous') return [];
  const { ids } = participants;
  const { min, max } = described;
  const outside = Array.from(rowsOutside(covariate.values, min, max), (row) => ids[row]);
  if (outside.length === 0) return [];
  const margin = usual.margin * (max - min);
  const far = rowsOutside(covariate.values, min - margin, max + margin).length > 0;
  if (!far && outside.length <= usual.few * ids.length) return [];
  const range = `${described.min} to ${described.max}${described.unit === undefined ? '' : ` ${described.unit}`}`;
  const some = listNames(outside, 3);
  const message = `${described.name} of ${counted(outside.length, 'subject')} (${some}) is outside the range the model was fitted on, ${range}${described.smooth === true ? '; beyond it the curve continues as a straight line' : ''}`;
  return [makeIssue('outside-training-range', message, { column: described.name, subject: outside[0] })];
}

// Loops over subjects are functions of their own, so that V8 has little to compile where it makes them fast.

function rowsOutside(values: Float64Array, min: number, max: number): readonly number[] {
  const rows: number[] = [];
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    if (value < min || value > max) rows.push(row);
  }
  return rows;
}

function columnAverages(values: Float64Array, width: number): Float64Array {
  const means = new Float64Array(width);
  const rows = width === 0 ? 0 : values.length / width;
  for (let k = 0; k < width; k++) {
    let mean = 0;
    for (let at = k; at < values.length; at += width) mean += values[at] / rows;
    means[k] = mean;
  }
  return means;
}

function center(values: Float64Array, means: Float64Array): void {
  const width = means.length;
  for (let k = 0; k < width; k++) {
    const mean = means[k];
    for (let at = k; at < values.length; at += width) values[at] -= mean;
  }
}
