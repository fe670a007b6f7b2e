import type { FeatureCohort } from '../../data/cohort';
import type { Covariate } from '../../data/people/covariate';
import { makeFeatureCohort } from '../../data/cohort';
import type { FeatureMatrix } from '../../data/feature-matrix';
import { makeFeatureMatrix } from '../../data/feature-matrix';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import type { JsonValue } from '../../data/json';
import { describeMissing } from '../../data/people/missing-cells';
import { makeParticipants } from '../../data/people/participants';
import type { ColumnSetAside, TableReading } from '../../data/table-reading';
import { provenanceStep } from '../../data/provenance';
import { ConcordError } from '../../errors';
import { advise, option } from '../../remedy';
import { adjustedValuesIssues } from '../columns/adjusted-values';
import { adjustedVersionIssues } from '../columns/adjusted-versions';
import type { BuiltCovariate, TextColumn } from '../columns/build-covariate';
import { makeCellReader } from '../cells/cell';
import type { CollectedRows } from './collect-rows';
import { sameFeaturesIssues } from '../columns/features/same-features';
import { constantAtSiteIssues } from '../columns/constant-at-site';
import { contradictingScans } from './contradicting-scans';
import type { CollectedTables, ParticipantsSource } from './collect-tables';
import { collectTables } from './collect-tables';
import { describeReading } from '../tables/describe-reading';
import { countFeatureIssues } from '../doubts/count-features';
import { siteCodesIssues } from '../doubts/site-codes';
import { siteUnitIssues } from '../doubts/site-units';
import { spreadsheetIdsIssues } from '../doubts/spreadsheet-ids';
import { totalsIssues } from '../doubts/totals';
import { doubtfulCovariateIssues } from '../columns/doubtful-covariates';
import { doubtfulValueIssues } from '../columns/doubtful-values';
import { explainNumber } from '../cells/explain-number';
import { featureScales } from '../columns/features/feature-scales';
import type { ChosenFeatures } from '../columns/features/infer-features';
import { chooseFeatures, keepFeatures, setAsideMessage } from '../columns/features/infer-features';
import { covariateReading, makeReading } from '../tables/make-reading';
import { mixedFeatureIssues } from '../columns/features/mixed-features';
import { thousandsPointIssues } from '../columns/thousands-points';
import type { NamedRows } from './possible-repeats';
import { possibleRepeats } from './possible-repeats';
import { sameValuesIssues } from './same-values';
import type { ColumnRoles } from '../columns/column-roles';
import { usedColumns } from '../columns/column-roles';
import type { KnownLabels } from '../columns/labels/prepare-labels';
import { nearIds, prepareSites, requireLabelledCovariates } from '../columns/labels/prepare-labels';
import { readCovariate } from '../columns/read-covariate';
import { readFamilies } from './read-families';
import type { RowSource } from '../text/row-source';
import { placeOf } from '../text/row-source';
import { indicatorSiteIssues, siteNamesOf } from '../columns/labels/site-names';
import type { TableColumns } from '../columns/table-columns';
import { otherVisitIssues } from '../columns/uk-biobank-table';
import { wideTableIssues } from '../columns/visits-side-by-side';
import type { FeatureSelection, TableOptions } from '../tables/table-options';
import { withoutFolders } from '../files/without-folders';

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
  /** What a model calls sites and levels, where the table is read for one. */
  readonly known?: KnownLabels;
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
  const { participants } = setting;
  const reader = makeCellReader(options.missing, options);
  const tables = await collectTables(source, options, { reader, participants, infer: true });
  const { table, roles, refused, persons, textColumn } = tables;
  const located = prepareSites(textColumn(roles.site), options, setting.known?.sites);
  const sites = siteNamesOf(located.column, tables.main, options.allowSingleSite ?? false);
  const related = readFamilies(
    { persons, sites: located.column.texts },
    roles.families,
    roles.familyRoles.map(textColumn),
  );
  const built = readCovariates(tables, { options, reader, known: setting.known });
  const covariates = built.map(({ covariate }) => covariate);
  const chosen = refused && (await chosenOf(table, tables.main, { sites, covariates, refused }));
  const main = chosen === undefined ? tables.main : keepFeatures(tables.main, chosen.kept);
  requireFeatures(table, main, chosen?.setAside ?? []);
  const matrix = makeFeatureMatrix(
    main.values,
    main.ids,
    main.features.map((column) => table.names[column]),
  );
  const issues = [
    ...(setting.issues ?? []),
    ...(chosen?.issues ?? []),
    ...tables.issues,
    ...located.issues,
    ...indicatorSiteIssues(located.column, sites, [...(participants?.source.header ?? []), ...source.header]),
    // To apply a model, who is related does not matter.
    ...(options.allowSingleSite === true ? [] : related.issues),
    ...doubts({ ...tables, main }, { options, built, matrix, sites, scales: chosen?.scales }),
    ...reportMissing(table, main, sites),
  ];
  const people = { persons, families: related.families };
  return makeFeatureCohort(makeParticipants(main.ids, sites, covariates, people), matrix, {
    provenance: [
      provenanceStep(setting.step, recordOf({ ...tables, main }, covariates, { options, setting })),
    ],
    reading: makeReading(options, {
      id: table.names[roles.ids.id],
      person: personColumn({ table, roles, main }),
      family: related.families && roles.familyRoles.map(({ name }) => name),
      site: roles.site.name,
      covariates: covariates.map(covariateReading),
      setAside: chosen?.setAside ?? [],
      participants,
      ...setting.reading,
    }),
    issues: issues.map((issue) => withoutFolders(issue, [source.name, participants?.source.name ?? ''])),
  });
}

/** What was collected, with the features chosen. */
type Collected = Pick<CollectedTables, 'table' | 'roles' | 'main' | 'persons'>;

function readCovariates(
  { roles, textColumn }: CollectedTables,
  setting: Parameters<typeof readCovariate>[2],
): readonly BuiltCovariate[] {
  requireLabelledCovariates(setting.options, roles);
  return roles.covariates.map(({ spec, role }) => readCovariate(textColumn(role), spec, setting));
}

/** The column that says who was scanned: one of its own, or the ids where visits are added to them. */
function personColumn({ table, roles, main }: Omit<Collected, 'persons'>): string | undefined {
  const { ids, person } = roles;
  if (person !== undefined) return person.name;
  const column = ids.person ?? (main.composed || ids.personAsked === true ? ids.id : undefined);
  return column === undefined ? undefined : table.names[column];
}

/** What says when each scan of a person was made: its date, its visit, or what its id has beside the person. */
function timesOf(
  { ids, keys }: CollectedRows,
  { persons, date }: { readonly persons: readonly string[]; readonly date?: TextColumn },
): readonly (readonly (string | null)[])[] {
  const named = ids.map((id, row) => {
    const { visit } = keys[row];
    return visit ?? (id.startsWith(persons[row]) ? id.slice(persons[row].length) : null);
  });
  return date === undefined ? [named] : [date.texts, named];
}

/** Warnings of ids, covariates and values that may not be what they seem. */
function doubts(
  { table, roles, main, persons, textColumn }: Collected & Pick<CollectedTables, 'textColumn'>,
  {
    options,
    built,
    matrix,
    sites,
    scales,
  }: {
    readonly options: TableOptions;
    readonly built: readonly BuiltCovariate[];
    readonly matrix: FeatureMatrix;
    readonly sites: readonly string[];
    /** Of the features, where they were needed to choose them. */
    readonly scales?: ArrayLike<number>;
  },
): readonly Issue[] {
  const file = table.source.name;
  const covariates = built.map(({ covariate }) => covariate);
  const date = roles.date === undefined ? undefined : textColumn(roles.date);
  const named = { names: matrix.features, values: matrix.values };
  const suspect = suspectOf(table, roles, main);
  // To apply a model, what is taken together is decided already.
  const applied = options.allowSingleSite === true;
  const units = siteUnitIssues(covariates, sites, file);
  return [
    ...nearIds(table, roles, main),
    ...(options.person === undefined
      ? possibleRepeats({ file, ids: main.ids, persons, covariates, sites, suspect })
      : []),
    ...contradictingScans({
      file,
      persons,
      covariates,
      times: timesOf(main, { persons, date }),
    }),
    ...built.flatMap((one) => one.issues),
    ...(applied ? [] : doubtfulCovariateIssues(built, roles, file)),
    ...siteCodesIssues(covariates, sites, file),
    ...spreadsheetIdsIssues(main.ids, file),
    ...constantAtSiteIssues(named, sites, file),
    ...sameValuesIssues(matrix, persons, file),
    ...thousandsPointIssues(named, options, file),
    ...units,
    ...doubtfulValueIssues(
      // What is in another unit at a site is far from the rest for that reason.
      covariates.filter(({ name }) => !units.some(({ where }) => where.column === name)),
      named,
      file,
    ),
    ...otherVisitIssues(matrix.features, usedColumns(roles), file),
    ...(applied ? [] : wideTableIssues(matrix.features, file, table.names)),
    ...(applied ? [] : adjustedVersionIssues(matrix.features, file)),
    ...(applied ? [] : sameFeaturesIssues(matrix, file)),
    ...(applied ? [] : totalsIssues(matrix, file)),
    ...(applied ? [] : countFeatureIssues(matrix, file)),
    ...(applied ? [] : adjustedValuesIssues(matrix, { sites, covariates }, file)),
    ...(applied
      ? []
      : mixedFeatureIssues({ names: matrix.features, scales: scales ?? scalesOf(matrix) }, file)),
  ];
}

function scalesOf({ values, features }: FeatureMatrix): Float64Array {
  return featureScales(values, features.length);
}

/** How the cohort was read, for the provenance. */
function recordOf(
  { table, roles, main }: Collected,
  covariates: readonly Covariate[],
  { options, setting }: { readonly options: TableOptions; readonly setting: CollectSetting },
): Parameters<typeof provenanceStep>[1] {
  return {
    ...setting.origin,
    ...describeReading(table, roles, main, options),
    covariates: covariates.map(covariateReading),
    features: describeSelection(options.features),
    subjects: main.ids.length,
    featureCount: main.features.length,
  };
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

function describeSelection(selection: FeatureSelection | undefined): JsonValue {
  if (selection === undefined) return 'inferred';
  if (typeof selection === 'string' || selection instanceof RegExp) return String(selection);
  return selection.map(String);
}
