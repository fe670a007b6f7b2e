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
import type { ColumnSetAside, TableReading } from '../data/table-reading';
import { provenanceStep } from '../data/provenance';
import { listNames } from '../data/list-names';
import { ConcordError } from '../errors';
import { advise, option } from '../remedy';
import type { TextColumn } from './build-covariate';
import { buildCovariate } from './build-covariate';
import { makeCellReader } from './cell';
import type { CollectedRows } from './collect-rows';
import type { ParticipantsSource } from './collect-tables';
import { collectTables } from './collect-tables';
import { explainNumber } from './collect-rows';
import { describeReading } from './describe-reading';
import { doubtfulCovariateIssues } from './doubtful-covariates';
import { doubtfulValueIssues } from './doubtful-values';
import type { ChosenFeatures } from './infer-features';
import { chooseFeatures, keepFeatures, setAsideMessage } from './infer-features';
import { covariateReading, makeReading } from './make-reading';
import { mixedFeatureIssues } from './mixed-features';
import type { NamedRows } from './possible-repeats';
import { possibleRepeats } from './possible-repeats';
import type { ColumnRoles } from './column-roles';
import {
  nearIds,
  nearLevels,
  prepareCovariate,
  prepareSites,
  requireLabelledCovariates,
} from './prepare-labels';
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
  const reader = makeCellReader(options.missing, options);
  const { table, roles, refused, persons, textColumn, issues, ...tables } = await collectTables(
    source,
    options,
    {
      reader,
      participants: setting.participants,
      infer: true,
    },
  );
  const located = prepareSites(textColumn(roles.site), options);
  const sites = siteNamesOf(located.column, tables.main, options.allowSingleSite ?? false);
  requireLabelledCovariates(options, roles);
  const built = roles.covariates.map(({ spec, role }) => {
    const prepared = prepareCovariate(textColumn(role), spec, { options, reader });
    const made = buildCovariate(prepared.column, prepared.spec, reader.in(role.name));
    return {
      ...made,
      issues: [...prepared.issues, ...made.issues, ...nearLevels(prepared.column, made.covariate)],
    };
  });
  const covariates = built.map(({ covariate }) => covariate);
  const chosen = refused && (await chosenOf(table, tables.main, { sites, covariates, refused }));
  const main = chosen === undefined ? tables.main : keepFeatures(tables.main, chosen.kept);
  requireFeatures(table, main, chosen?.setAside ?? []);
  const features = main.features.map((column) => table.names[column]);
  const record = {
    ...setting.origin,
    ...describeReading(table, roles, main, options),
    covariates: covariates.map(describeCovariate),
    features: describeSelection(options.features),
    subjects: main.ids.length,
    featureCount: features.length,
  };
  return makeFeatureCohort(
    makeParticipants(main.ids, sites, covariates, { persons }),
    makeFeatureMatrix(main.values, main.ids, features),
    {
      provenance: [provenanceStep(setting.step, record)],
      reading: makeReading(options, {
        id: table.names[roles.ids.id],
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
        ...located.issues,
        ...nearIds(table, roles, main),
        ...(options.person === undefined
          ? possibleRepeats({
              file: source.name,
              ids: main.ids,
              persons,
              covariates,
              suspect: suspectOf(table, roles, main),
            })
          : []),
        ...built.flatMap((one) => one.issues),
        ...(options.allowSingleSite === true ? [] : doubtfulCovariateIssues(built, roles, source.name)),
        ...doubtfulValueIssues(covariates, { names: features, values: main.values }, source.name),
        // To apply a model, what is taken together is decided already.
        ...(options.allowSingleSite === true
          ? []
          : mixedFeatureIssues({ names: features, values: main.values }, source.name)),
        ...reportMissing(table, main, sites),
      ].map((issue) => withoutFolders(issue, [source.name, setting.participants?.source.name ?? ''])),
    },
  );
}

/** Chooses the features; a cell that is no number is explained from the others. */
async function chosenOf(
  table: TableColumns,
  main: CollectedRows,
  known: Parameters<typeof chooseFeatures>[2],
): Promise<ChosenFeatures> {
  try {
    return chooseFeatures(table, main, known);
  } catch (error) {
    throw await explainNumber(error, table);
  }
}

function suspectOf(
  table: TableColumns,
  { ids }: ColumnRoles,
  { suspected }: CollectedRows,
): NamedRows['suspect'] {
  return ids.suspect === undefined || suspected === undefined
    ? undefined
    : { column: table.names[ids.suspect], values: suspected };
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
    throw missingSite(column, main, row);
  });
  if (!allowSingleSite && new Set(sites).size < 2) {
    const problem = `too little data: all subjects of ${column.file} are of one site, "${sites[0]}"`;
    throw new ConcordError('too-little-data', problem, {
      where: { file: column.file, column: column.name },
      remedy: advise`at least two are needed; to apply a fitted model, use ${option('allowSingleSite', true)}`,
    });
  }
  return sites;
}

function missingSite(column: TextColumn, main: CollectedRows, row: number): ConcordError {
  const where = { file: column.file, row: column.lines[row], column: column.name, subject: main.ids[row] };
  const others = column.texts.filter((site) => site === null).length - 1;
  const more = others === 0 ? '' : `, and of ${others} more`;
  const marks = listNames([...(column.marks?.keys() ?? [])]);
  const problem = `missing site of subject "${main.ids[row]}" in ${placeOf(where)}${more}`;
  return new ConcordError('missing-value', problem, {
    where,
    remedy:
      column.marks === undefined
        ? ['fill it in, or remove the row']
        : advise`${marks} marks a missing value; fill it in, or remove the row; if it is a site, say which marks the column has, and no others, with ${option('missing', `${column.name}=only:NA`)}`,
  });
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
