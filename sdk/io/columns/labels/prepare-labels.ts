import { suggestName } from '../../../data/nearest-names';
import type { Covariate } from '../../../data/people/covariate';
import type { Issue } from '../../../data/issue';
import { listNames } from '../../../data/list-names';
import { ConcordError } from '../../../errors';
import { advise, option } from '../../../remedy';
import { readAges, requireAgeCap } from '../../cells/age-text';
import type { TextColumn } from '../build-covariate';
import type { CellReader } from '../../cells/cell';
import type { CollectedRows } from '../../rows/collect-rows';
import type { ColumnRoles } from '../column-roles';
import { reportMissingLabels } from '../../cells/missing-labels';
import { reportMixedSex } from './mixed-sex-codes';
import { reportMisspelled } from './misspelled-labels';
import { mergeLabels, reportNearLabels } from './near-labels';
import type { TableColumns } from '../table-columns';
import type { CovariateSpec, TableOptions } from '../../tables/table-options';

/** The labels of sites and of covariates that a model knows: what others of a new table are folded to. */
export interface KnownLabels {
  readonly sites: readonly string[];
  /** Levels by covariate. */
  readonly levels: Readonly<Record<string, readonly string[]>>;
}

/** The sites, with those merged that the user says are the same, and warnings of others that look alike. */
export function prepareSites(
  column: TextColumn,
  { sameSite }: Pick<TableOptions, 'sameSite'>,
  known?: readonly string[],
): { readonly column: TextColumn; readonly issues: readonly Issue[] } {
  const merged =
    sameSite === undefined
      ? { column, issues: [] }
      : mergeLabels(column, sameSite, { optionName: 'sameSite', known });
  const advice = advise`each is a site of its own; if some are the same, correct the table or merge them with ${option('sameSite', 'fold')}`;
  return {
    column: merged.column,
    issues: [
      ...merged.issues,
      ...reportMissingLabels(merged.column, 'site'),
      ...reportNearLabels(merged.column, 'sites', advice),
      ...reportMisspelled(merged.column, 'sites', 'sameSite'),
    ],
  };
}

/**
 * The column of a covariate before its kind is known: ages in years, levels merged that the user says are the same.
 *
 * @throws ConcordError those of {@link readAges} and {@link mergeLabels}.
 */
export function prepareCovariate(
  column: TextColumn,
  spec: CovariateSpec,
  {
    options,
    reader,
    known,
  }: { readonly options: TableOptions; readonly reader: CellReader; readonly known?: KnownLabels },
): { readonly column: TextColumn; readonly spec: CovariateSpec; readonly issues: readonly Issue[] } {
  const same = options.sameLevel?.[spec.name];
  const merged =
    same === undefined
      ? { column, issues: [] }
      : mergeLabels(column, same, {
          optionName: `sameLevel of ${spec.name}`,
          known: known?.levels[spec.name],
        });
  const setting = { reader: reader.in(column.name), ageCap: requireAgeCap(options.ageCap) };
  const ages = readAges(merged.column, spec, setting);
  return { ...ages, issues: [...merged.issues, ...ages.issues] };
}

/** Warns of levels that differ in spelling or code only, or that often mark a missing value. */
export function nearLevels(column: TextColumn, covariate: Covariate): readonly Issue[] {
  if (covariate.kind === 'continuous') return [];
  const advice = advise`each is a level of its own; if some are the same, correct the table or merge them with ${option(`sameLevel.${covariate.name}`, 'fold')}`;
  return [
    ...reportMissingLabels(column, 'level'),
    ...reportNearLabels(column, 'levels', advice),
    ...reportMisspelled(column, 'levels', `sameLevel.${covariate.name}`),
    ...reportMixedSex(column),
  ];
}

/** Warns of ids and persons that differ in spelling only: the same person would count as two. */
export function nearIds(table: TableColumns, roles: ColumnRoles, main: CollectedRows): readonly Issue[] {
  const advice = advise`check whether they are one person scanned twice; if so name the persons with ${option('person')}, or remove a row`;
  const name = table.names[roles.ids.person ?? roles.ids.id];
  const distinct = [...new Set(main.persons)];
  return reportNearLabels({ name, file: table.source.name, texts: distinct }, 'ids', advice);
}

/**
 * Checks that the covariates whose labels are to be merged exist.
 *
 * @throws ConcordError `unknown-column`.
 */
export function requireLabelledCovariates({ sameLevel }: TableOptions, { covariates }: ColumnRoles): void {
  const names = covariates.map(({ spec }) => spec.name);
  const stray = Object.keys(sameLevel ?? {}).find((name) => !names.includes(name));
  if (stray === undefined) return;
  const hint = suggestName(stray, names, `the covariates are ${listNames(names)}`);
  throw new ConcordError('unknown-column', `unknown covariate in sameLevel: "${stray}" (${hint})`, {
    where: { column: stray },
  });
}
