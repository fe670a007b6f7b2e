import { suggestName } from '../../data/nearest-names';
import type { Covariate } from '../../data/people/covariate';
import { isMissing } from '../../data/people/covariate';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listNames, quoteName } from '../../data/list-names';
import type { Participants } from '../../data/people/participants';
import { covariateNamed } from '../../data/people/participants';
import { ConcordError } from '../../errors';
import { columnsOf, metLevels, mostFrequentLevel } from '../../math/linear/covariate-columns';
import type { CombatCovariate, CombatSmooth } from '../combat-model';
import type { PreservedCovariate, SmoothTerm } from '../combat-options';
import { advise, option } from '../../remedy';
import type { DroppedSubject } from './dropped-subjects';
import { droppedSiteIssues } from './dropped-subjects';
import { counted } from '../../data/counted';
import type { SmoothBasis } from './smooth-basis';
import { describeSmooths, smoothColumnNames, writeSmooth } from './smooth-terms';

/**
 * The covariates as numbers: one centered column per continuous covariate and per non-reference level, then those of smooths.
 */
export interface CovariateDesign {
  readonly covariates: readonly CombatCovariate[];
  readonly smooths: readonly CombatSmooth[];
  readonly columns: readonly string[];
  readonly columnMeans: Float64Array;
  /** Subjects × columns, row-major, each column minus its mean. */
  readonly values: Float64Array;
  readonly issues: readonly Issue[];
}

/** The part of a design or model that says how covariates become columns. */
export type DesignCoding = Pick<CovariateDesign, 'covariates' | 'smooths' | 'columns' | 'columnMeans'>;

/**
 * Codes the covariates to preserve, with treatment contrasts for categorical ones, centered for numerical
 * conditioning: it changes the meaning of the intercept only.
 *
 * @throws ConcordError `unknown-column` or `unknown-level`.
 */
export function fitDesign(
  participants: Participants,
  preserve: readonly PreservedCovariate[],
  smooth: { readonly terms: readonly SmoothTerm[]; readonly basis: SmoothBasis },
): CovariateDesign {
  const issues: Issue[] = [];
  const smooths = describeSmooths(participants, smooth.terms, smooth.basis);
  const curved = new Set(smooths.map(({ name }) => name));
  const covariates = preserve.map(({ name, reference }): CombatCovariate => {
    const described = describeCovariate(covariateNamed(participants, name), reference);
    return described.kind === 'continuous' && curved.has(name) ? { ...described, smooth: true } : described;
  });
  for (const covariate of covariates) {
    if (columnNames(covariate).length === 0 && !curved.has(covariate.name)) {
      const message = `covariate ${covariate.name} has the same value for every subject`;
      issues.push(makeIssue('constant-covariate', message, { column: covariate.name }));
    }
  }
  const columns = designColumns(covariates, smooths);
  const raw = encode(participants, { covariates, smooths, columns });
  const columnMeans = columnAverages(raw, columns.length);
  center(raw, columnMeans);
  return { covariates, smooths, columns, columnMeans, values: raw, issues };
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
  const values = encode(participants, coding);
  center(values, coding.columnMeans);
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
    const { name, unit } = covariate;
    let min = Infinity;
    let max = -Infinity;
    for (const value of covariate.values) {
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
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

/** The names of all columns of a design: those of covariates, then those of smooths. */
export function designColumns(
  covariates: readonly CombatCovariate[],
  smooths: readonly CombatSmooth[],
): readonly string[] {
  return [...covariates.flatMap(columnNames), ...smooths.flatMap(smoothColumnNames)];
}

/**
 * The names of the design columns that a covariate makes; none where all subjects have the same value, and where smooths make
 * them.
 */
export function columnNames(covariate: CombatCovariate): readonly string[] {
  if (covariate.kind === 'continuous') {
    return covariate.smooth !== true && covariate.max > covariate.min ? [covariate.name] : [];
  }
  return covariate.levels
    .filter((level) => level !== covariate.reference)
    .map((level) => `${covariate.name}=${level}`);
}

/** Subjects × columns, not centered. */
function encode(
  participants: Participants,
  { covariates, smooths, columns }: Omit<DesignCoding, 'columnMeans'>,
): Float64Array {
  const width = columns.length;
  const values = new Float64Array(participants.ids.length * width);
  let first = 0;
  for (const described of covariates) {
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
    own.forEach((column, k) => {
      column.values.forEach((value, row) => (values[row * width + first + k] = value));
    });
    first += length;
  }
  for (const smooth of smooths) {
    writeSmooth(participants, smooth, { values, width, first });
    first += smoothColumnNames(smooth).length;
  }
  return values;
}

function outsideRange(participants: Participants, described: CombatCovariate): readonly Issue[] {
  const covariate = covariateNamed(participants, described.name);
  if (described.kind !== 'continuous' || covariate.kind !== 'continuous') return [];
  const outside = participants.ids.filter(
    (_, row) => covariate.values[row] < described.min || covariate.values[row] > described.max,
  );
  if (outside.length === 0) return [];
  const range = `${described.min} to ${described.max}${described.unit === undefined ? '' : ` ${described.unit}`}`;
  const some = listNames(outside, 3);
  const message = `${described.name} of ${counted(outside.length, 'subject')} (${some}) is outside the range the model was fitted on, ${range}${described.smooth === true ? '; beyond it the curve continues as a straight line' : ''}`;
  return [makeIssue('outside-training-range', message, { column: described.name, subject: outside[0] })];
}

function columnAverages(values: Float64Array, width: number): Float64Array {
  const means = new Float64Array(width);
  const rows = width === 0 ? 0 : values.length / width;
  values.forEach((value, index) => (means[index % width] += value / rows));
  return means;
}

function center(values: Float64Array, means: Float64Array): void {
  for (let index = 0; index < values.length; index++) values[index] -= means[index % means.length];
}
