import { basename, normalize } from 'node:path';
import type { FeatureCohort } from '../data/cohort';
import type { Covariate } from '../data/covariate';
import { makeFeatureCohort } from '../data/cohort';
import { makeFeatureMatrix } from '../data/feature-matrix';
import type { Issue } from '../data/issue';
import { makeIssue } from '../data/issue';
import type { JsonValue } from '../data/json';
import { describeMissing } from '../data/missing-cells';
import { makeParticipants } from '../data/participants';
import { provenanceStep } from '../data/provenance';
import { ConcordError } from '../errors';
import type { TextColumn } from './build-covariate';
import { buildCovariate } from './build-covariate';
import { defaultMissing, makeCellReader } from './cell';
import type { CollectedRows } from './collect-rows';
import type { ParticipantsSource } from './collect-tables';
import { collectTables } from './collect-tables';
import type { RowSource } from './row-source';
import { placeOf } from './row-source';
import type { TableColumns } from './table-columns';
import type { FeatureSelection, TableOptions } from './table-options';

/** How a cohort is collected, besides the options of the caller. */
export interface CollectSetting {
  /** The public function, for the provenance. */
  readonly step: string;
  /** What the provenance says about where the data came from. */
  readonly origin: Readonly<Record<string, JsonValue | undefined>>;
  /** A table from which sites and covariates are taken. */
  readonly participants?: ParticipantsSource;
  /** What was noticed before the table was read. */
  readonly issues?: readonly Issue[];
}

/**
 * Reads a cohort from a table, and sites and covariates from a second one where there is one. Everything that can be
 * wrong with a table is found here, whatever it was read from.
 *
 * @throws ConcordError naming file, row and column, with the remedy.
 */
export async function collectCohort(
  source: RowSource,
  options: TableOptions,
  setting: CollectSetting,
): Promise<FeatureCohort> {
  const missing = options.missing ?? defaultMissing;
  const reader = makeCellReader(missing);
  const { table, roles, main, textColumn, issues } = await collectTables(source, options, {
    reader,
    participants: setting.participants,
  });
  requireFeatures(table, main);
  const sites = siteNamesOf(textColumn(roles.site), main, options.allowSingleSite ?? false);
  const built = roles.covariates.map(({ spec, role }) => buildCovariate(textColumn(role), spec, reader));
  const covariates = built.map(({ covariate }) => covariate);
  const features = main.features.map((column) => table.names[column]);
  const record = {
    ...setting.origin,
    id: table.names[roles.id],
    site: roles.site.name,
    covariates: covariates.map(describeCovariate),
    features: describeSelection(options.features),
    missing,
    subjects: main.ids.length,
    featureCount: features.length,
  };
  return makeFeatureCohort(
    makeParticipants(main.ids, sites, covariates),
    makeFeatureMatrix(main.values, main.ids, features),
    {
      provenance: [provenanceStep(setting.step, record)],
      issues: [
        ...(setting.issues ?? []),
        ...issues,
        ...built.flatMap((one) => one.issues),
        ...reportMissing(table, main, sites),
      ].map((issue) => withoutFolders(issue, [source.name, setting.participants?.source.name ?? ''])),
    },
  );
}

/** Issues travel with results into reports and notebooks, where the folders of one machine mean nothing. */
export function withoutFolders(issue: Issue, paths: readonly string[]): Issue {
  // What lies in the folder ./subjects/ is named subjects/… in messages.
  const spellings = paths
    .map((path) => path.replace(/[\\/]+$/, ''))
    .flatMap((path) => [path, normalize(path)]);
  const shorten = (text: string): string =>
    spellings.reduce((short, path) => {
      const name = basename(path);
      return name === '' || name === path ? short : short.replaceAll(path, name);
    }, text);
  const { file } = issue.where;
  const where = file === undefined ? issue.where : { ...issue.where, file: shorten(file) };
  return { ...issue, message: shorten(issue.message), where };
}

function requireFeatures(table: TableColumns, main: CollectedRows): void {
  if (main.features.length > 0) return;
  throw new ConcordError(
    'too-little-data',
    `no features in ${table.source.name}: no column of numbers is left beside id, site and covariates ` +
      '(name the features to choose them yourself)',
    { where: { file: table.source.name } },
  );
}

/**
 * The site of each subject.
 *
 * @throws ConcordError `missing-value` for a subject without one; `too-little-data` when all are of one site, unless
 * that is allowed.
 */
export function siteNamesOf(
  column: TextColumn,
  main: CollectedRows,
  allowSingleSite: boolean,
): readonly string[] {
  const sites = column.texts.map((site, row) => {
    if (site !== null) return site;
    const where = { file: column.file, row: column.lines[row], column: column.name, subject: main.ids[row] };
    throw new ConcordError(
      'missing-value',
      `missing site of subject "${main.ids[row]}" in ${placeOf(where)} (fill it in, or remove the row)`,
      { where },
    );
  });
  if (!allowSingleSite && new Set(sites).size < 2) {
    throw new ConcordError(
      'too-little-data',
      `too little data: all subjects of ${column.file} are of one site, "${sites[0]}" (fitting needs at least two; ` +
        'to apply a fitted model, load with allowSingleSite: true)',
      { where: { file: column.file, column: column.name } },
    );
  }
  return sites;
}

function reportMissing(table: TableColumns, main: CollectedRows, sites: readonly string[]): readonly Issue[] {
  const { values, features } = main;
  const counted = describeMissing({ values, features: features.map((column) => table.names[column]) }, sites);
  if (counted === undefined) return [];
  const first = values.findIndex(Number.isNaN);
  const row = Math.floor(first / features.length);
  const column = table.names[features[first % features.length]];
  const where = { file: table.source.name, row: main.lines[row], column };
  return [makeIssue('missing-cells', `${counted}, the first in ${placeOf(where)}`, where)];
}

/** What a covariate is, without its values. */
export function describeCovariate(covariate: Covariate): Readonly<Record<string, JsonValue | undefined>> {
  const { name, kind } = covariate;
  return kind === 'continuous'
    ? { name, kind, unit: covariate.unit }
    : { name, kind, levels: covariate.levels };
}

function describeSelection(selection: FeatureSelection | undefined): JsonValue {
  if (selection === undefined) return 'inferred';
  if (typeof selection === 'string' || selection instanceof RegExp) return String(selection);
  return selection.map(String);
}
