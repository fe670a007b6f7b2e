import type { Covariate } from '../../../data/people/covariate';
import type { Issue } from '../../../data/issue';
import { makeIssue } from '../../../data/issue';
import { ConcordError } from '../../../errors';
import type { BuiltCovariate, TextColumn } from '../../columns/build-covariate';
import { biologyOf } from '../../columns/biology-of';
import { covariateDoubts, readCovariate } from '../../columns/read-covariate';
import { speaksOfFamily } from '../../columns/family-columns';
import type { CellReader } from '../../cells/cell';
import { suggestNames } from '../../../data/nearest-names';
import type { CovariateSpec, TableOptions } from '../../tables/table-options';
import type { BidsImage } from '../list-images';
import type { ColumnDescription, PeopleTable } from './people-table';
import { siteColumns } from '../scan-sites';
import type { Advice } from '../../../remedy';

/** What {@link bidsCovariates} needs to know. */
export interface CovariateSetting {
  readonly wanted?: readonly (string | CovariateSpec)[];
  /** Columns that mean something else. */
  readonly taken: readonly string[];
  readonly reader: CellReader;
  /** Which levels are the same, and what censored ages are read as. */
  readonly labels?: Pick<TableOptions, 'sameLevel' | 'ageCap'>;
}

/** Covariates, one value per image, and their issues. */
export interface BidsCovariates {
  readonly covariates: readonly Covariate[];
  readonly issues: readonly Issue[];
}

/** Columns that name a person, a species, a time or a place: no covariates unless they are asked for. */
const notBiology = [
  ...['participant_id', 'session_id', 'source_id', 'species', 'strain', 'strain_rrid', 'acq_time'],
  ...siteColumns,
];

const participantsFile = 'participants.tsv';

/** A text with more values than this is taken for a remark, not for a category. */
const mostLevels = 10;

/**
 * Makes covariates of the columns that were asked for, or of every column that can be one. Units and levels are those
 * of `participants.json` unless the caller states them.
 *
 * @throws ConcordError for columns asked for by name: `unknown-column`, and what `buildCovariate` throws.
 */
export function bidsCovariates(
  people: PeopleTable,
  images: readonly BidsImage[],
  setting: CovariateSetting,
): BidsCovariates {
  const { wanted, reader, labels = {} } = setting;
  if (wanted === undefined) return inferCovariates(people, images, setting);
  const specs = wanted.map((item) => (typeof item === 'string' ? { name: item } : item));
  const built = specs.map((spec) => {
    if (!people.columns.includes(spec.name)) throw unknownColumn(spec.name, people);
    const column = people.column(spec.name, images);
    return readCovariate(column, completed(spec, column, { people, reader }), { options: labels, reader });
  });
  return {
    covariates: built.map(({ covariate }) => covariate),
    issues: covariateDoubts(built, specs, participantsFile),
  };
}

function inferCovariates(
  people: PeopleTable,
  images: readonly BidsImage[],
  { taken, reader, labels = {} }: CovariateSetting,
): BidsCovariates {
  const found: BuiltCovariate[] = [];
  const specs: CovariateSpec[] = [];
  const unused: string[] = [];
  const unread: Issue[] = [];
  const alone = areOfOnePerson(images);
  let advice: Advice | undefined;
  for (const name of people.columns) {
    if (taken.includes(name) || notBiology.includes(name.toLowerCase())) continue;
    if (speaksOfFamily(name)) {
      unused.push(`"${name}" (its name says who is related to whom)`);
      continue;
    }
    try {
      const column = people.column(name, images);
      const everybody = people.everybody(name);
      // Of one person alone nothing varies: a task of one decides as a run of all would.
      const judged = alone && everybody !== undefined ? everybody : column;
      const spec = completed({ name }, judged, { people, reader });
      const reason = unsuitable(column, spec, { judged, everybody, alone, reader });
      if (reason !== undefined) {
        unused.push(`"${name}" (${reason})`);
        continue;
      }
      const setting = { options: labels, reader };
      const own =
        judged === column ? spec : { ...spec, kind: readCovariate(judged, spec, setting).covariate.kind };
      found.push(readCovariate(column, own, setting));
      specs.push(own);
    } catch (error) {
      if (!(error instanceof ConcordError)) throw error;
      if (biologyOf(name) !== undefined) {
        const message = `column "${name}" is not taken as a covariate: ${error.problem}`;
        unread.push(
          makeIssue('unread-covariate', message, { file: participantsFile, column: name }, error.remedy),
        );
        continue;
      }
      unused.push(`"${name}" (${error.problem})`);
      advice ??= error.remedy;
    }
  }
  const issues = [...covariateDoubts(found, specs, participantsFile), ...unread];
  if (unused.length > 0) {
    const message = `not taken as covariates: ${unused.join(', ')}`;
    issues.push(makeIssue('unused-column', message, { file: participantsFile }, advice));
  }
  return { covariates: found.map(({ covariate }) => covariate), issues };
}

/** Whether images are of one participant, however many there are. */
function areOfOnePerson(images: readonly BidsImage[]): boolean {
  return new Set(images.map(({ name }) => name.entities.get('sub'))).size === 1;
}

/** What a column is judged by, besides its values for the images. */
interface JudgedBy {
  /** The values by which it is decided whether it can be a covariate. */
  readonly judged: TextColumn;
  /** Those of all participants of the dataset, with scans or without, where the table of participants has the column. */
  readonly everybody: TextColumn | undefined;
  /** Whether all images are of one person. */
  readonly alone: boolean;
  readonly reader: CellReader;
}

/** Why a column is no covariate, where it was not asked for. */
function unsuitable(
  column: TextColumn,
  spec: CovariateSpec,
  { judged, everybody, alone, reader }: JudgedBy,
): string | undefined {
  if (distinctTexts(column).length === 0) return 'no values';
  if (spec.kind !== undefined || spec.levels !== undefined) return undefined;
  const met = distinctTexts(judged);
  const numbers = met.filter((text) => reader.number(text) !== undefined);
  if (met.length === 1) {
    const varies = everybody !== undefined && distinctTexts(everybody).length > 1;
    if (varies) return 'the same for all of these scans';
    // Whose only participant is one could differ from others if there were any.
    return alone && (everybody?.texts.length ?? 1) === 1 ? undefined : 'the same for everyone';
  }
  // Mostly numbers: whether the rest is an error is for the reading of the covariate to say.
  if (numbers.length * 2 >= met.length) return undefined;
  return met.length > mostLevels ? `${met.length} different texts` : undefined;
}

/** The specification with what the JSON description adds to it. */
function completed(
  spec: CovariateSpec,
  column: TextColumn,
  { people, reader }: { readonly people: PeopleTable; readonly reader: CellReader },
): CovariateSpec {
  const described: ColumnDescription = people.descriptions.get(spec.name) ?? {};
  const met = distinctTexts(column);
  const allNumbers = met.every((text) => reader.number(text) !== undefined);
  const unit = spec.unit ?? described.unit;
  const withUnit = unit === undefined ? {} : { unit };
  if (spec.kind !== undefined || spec.levels !== undefined) {
    return { ...spec, ...(spec.kind === 'continuous' ? withUnit : {}) };
  }
  const { levels } = described;
  // Levels may describe the codes of missing values only, while all else is measured.
  if (levels !== undefined && (!allNumbers || met.every((text) => levels.includes(text)))) {
    const inUse = levels.filter((level) => met.includes(level));
    return { name: spec.name, levels: [...inUse, ...met.filter((text) => !levels.includes(text)).sort()] };
  }
  return unit !== undefined && allNumbers ? { name: spec.name, kind: 'continuous', unit } : spec;
}

function distinctTexts(column: TextColumn): readonly string[] {
  return [...new Set(column.texts)].filter((text): text is string => text !== null);
}

function unknownColumn(name: string, people: PeopleTable): ConcordError {
  const remedy =
    people.columns.length === 0
      ? 'there is no participants.tsv with columns'
      : suggestNames(name, people.columns);
  return new ConcordError(
    'unknown-column',
    `unknown covariate column: "${name}" is not in participants.tsv nor in the sessions files (${remedy})`,
    { where: { file: participantsFile, column: name } },
  );
}
