import { basename, normalize } from 'node:path';
import type { FeatureCohort } from '../data/cohort';
import type { Covariate } from '../data/covariate';
import { makeFeatureCohort } from '../data/cohort';
import { makeFeatureMatrix } from '../data/feature-matrix';
import type { Issue } from '../data/issue';
import { makeIssue } from '../data/issue';
import type { JsonValue } from '../data/json';
import { makeParticipants } from '../data/participants';
import type { ColumnSetAside, TableReading } from '../data/table-reading';
import { provenanceStep } from '../data/provenance';
import { ConcordError } from '../errors';
import { advise, option } from '../remedy';
import type { TextColumn } from './build-covariate';
import { buildCovariate } from './build-covariate';
import { defaultMissing, makeCellReader } from './cell';
import type { CollectedRows } from './collect-rows';
import type { ParticipantsSource } from './collect-tables';
import { collectTables } from './collect-tables';
import { doubtfulCovariateIssues } from './doubtful-covariates';
import { doubtfulValueIssues } from './doubtful-values';
import { chooseFeatures, keepFeatures, setAsideMessage } from './infer-features';
import { covariateReading, makeReading } from './make-reading';
import { mixedFeatureIssues } from './mixed-features';
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
  /** What the reading says instead, where the cohort is not read from a table. */
  readonly reading?: Partial<TableReading>;
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
  const { table, roles, refused, textColumn, issues, ...tables } = await collectTables(source, options, {
    reader,
    participants: setting.participants,
  });
  const sites = siteNamesOf(textColumn(roles.site), tables.main, options.allowSingleSite ?? false);
  const built = roles.covariates.map(({ spec, role }) => buildCovariate(textColumn(role), spec, reader));
  const covariates = built.map(({ covariate }) => covariate);
  const chosen = refused && chooseFeatures(table, tables.main, { sites, covariates, refused });
  const main = chosen === undefined ? tables.main : keepFeatures(tables.main, chosen.kept);
  requireFeatures(table, main, chosen?.setAside ?? []);
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
      reading: makeReading(options, {
        id: table.names[roles.id],
        site: roles.site.name,
        covariates: covariates.map(covariateReading),
        setAside: chosen?.setAside ?? [],
        participants: setting.participants,
        ...setting.reading,
      }),
      issues: [
        ...(setting.issues ?? []),
        ...(chosen?.issues ?? []),
        ...issues,
        ...built.flatMap((one) => one.issues),
        ...(options.allowSingleSite === true ? [] : doubtfulCovariateIssues(built, roles, source.name)),
        ...doubtfulValueIssues(covariates, { names: features, values: main.values }, source.name),
        // To apply a model, what is taken together is decided already.
        ...(options.allowSingleSite === true
          ? []
          : mixedFeatureIssues({ names: features, values: main.values }, source.name)),
        ...reportMissing(table, main),
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

function requireFeatures(
  table: TableColumns,
  main: CollectedRows,
  setAside: readonly ColumnSetAside[],
): void {
  if (main.features.length > 0) return;
  const why = setAside.length === 0 ? '' : `; ${setAsideMessage(setAside)}`;
  throw new ConcordError(
    'too-little-data',
    `no features in ${table.source.name}: no column of numbers is left beside id, site and covariates${why}`,
    {
      where: { file: table.source.name },
      remedy: advise`name the features to choose them yourself: ${option('features')}`,
    },
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

function reportMissing(table: TableColumns, main: CollectedRows): readonly Issue[] {
  const { values, features } = main;
  let count = 0;
  let first = -1;
  for (let at = 0; at < values.length; at++) {
    if (!Number.isNaN(values[at])) continue;
    if (count++ === 0) first = at;
  }
  if (count === 0) return [];
  const row = Math.floor(first / features.length);
  const column = table.names[features[first % features.length]];
  const where = { file: table.source.name, row: main.lines[row], column };
  return [
    makeIssue(
      'missing-cells',
      `${count} of ${values.length} feature cells ${count === 1 ? 'is' : 'are'} missing, the first in ${placeOf(where)}`,
      where,
    ),
  ];
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
