import type { ContinuousCovariate, Covariate } from '../../data/people/covariate';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listFirst, quoteName, shortName } from '../../data/list-names';
import { rowsBy } from '../../data/group-by';
import type { Advice } from '../../remedy';
import { advise, either, option } from '../../remedy';
import { biologyOf } from '../columns/biology-of';
import type { DateOrder, VisitTime } from './visit-order';
import { dateOrder, visitTime } from './visit-order';

/** Scans of which some are of one person. */
export interface RepeatedScans {
  readonly file: string;
  readonly persons: readonly string[];
  readonly covariates: readonly Covariate[];
  /** What says when each scan was made, the best first: dates, names of visits; `null` where a scan has none. */
  readonly times?: readonly (readonly (string | null)[])[];
}

/** What does not change between scans of a person, by the name of the column. */
const lasting =
  /(^|[^a-z])(sex|gender|ptgender|hand|handedness|race|ethnicity|ancestry|apoe\d?|genotype|yob|birth|dob)([^a-z]|$)/;

/** Longer than this no study lasts. */
const LONGEST_YEARS = 15;
/** An age that is less by more than this was not rounded. */
const ROUNDED_YEARS = 0.1;
/** How far the years between two ages may be from those between two dates, and between two visits named by months. */
const APART_YEARS = { years: 1.5, 'nominal-years': 3 } as const;
/** From this many persons on, what is usual between two scans of one is known. */
const FEW_PERSONS = 8;
/** How many persons a message names. */
const SHOWN = 4;

/**
 * Warns of scans of one person with conflicting values: of sex and other things that last, and of diagnosis, where
 * they differ; of ages that go down from visit to visit, differ by more than a year and a half from the dates or by more
 * than three years from the months in the names of visits, or are further apart than a study lasts or than is usual
 * among the other persons.
 *
 * One warning per covariate, naming persons and values.
 */
export function contradictingScans(scans: RepeatedScans): readonly Issue[] {
  const repeated = [...rowsBy(scans.persons)].filter(([, own]) => own.length > 1);
  if (repeated.length === 0) return [];
  return scans.covariates.flatMap((covariate) => {
    if (covariate.kind === 'categorical') return labelIssue(covariate, repeated, scans);
    if (biologyOf(covariate.name) === 'age') return ageIssue(covariate, repeated, scans);
    return lasting.test(spacedWords(covariate.name)) ? labelIssue(covariate, repeated, scans) : [];
  });
}

type Repeated = readonly (readonly [person: string, rows: readonly number[]])[];

function spacedWords(name: string): string {
  return name.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}

/** A level per row; `undefined` where it is missing. */
function valueAt(covariate: Covariate, row: number): string | undefined {
  if (covariate.kind === 'categorical')
    return covariate.codes[row] < 0 ? undefined : covariate.levels[covariate.codes[row]];
  return Number.isNaN(covariate.values[row]) ? undefined : roundedText(covariate.values[row]);
}

function labelIssue(covariate: Covariate, repeated: Repeated, scans: RepeatedScans): readonly Issue[] {
  const { name } = covariate;
  const lasts = lasting.test(spacedWords(name));
  if (!lasts && biologyOf(name) !== 'diagnosis') return [];
  const found = repeated.flatMap(([person, own]) => {
    const values = own.map((row) => valueAt(covariate, row)).filter((value) => value !== undefined);
    const shown = [...new Set(values)].map((value) => shortName(value)).join(', ');
    return new Set(values).size > 1 ? [{ person, shown }] : [];
  });
  const advice = lasts ? undefined : advise`nothing to do where it changed; else ${remedy}`;
  return issueOf(covariate, found, { scans, repeated, advice });
}

interface Contradiction {
  readonly person: string;
  readonly shown: string;
}

const remedy: Advice = [
  either('correct the table', advise`name the column that says who was scanned with ${option('person')}`),
];

function issueOf(
  { name }: Covariate,
  found: readonly Contradiction[],
  {
    scans,
    repeated,
    advice,
  }: { readonly scans: RepeatedScans; readonly repeated: Repeated; readonly advice?: Advice },
): readonly Issue[] {
  if (found.length === 0) return [];
  const few = listFirst(found, ({ person, shown }) => `${quoteName(person)} (${shown})`, { most: SHOWN });
  const who = found.length === 1 ? '1 person has' : `${found.length} persons have`;
  const many =
    repeated.length >= 4 && found.length * 4 >= repeated.length
      ? `; these are so many of the ${repeated.length} persons with several scans that persons may be identified wrongly`
      : '';
  const message = `${who} conflicting values of "${name}": ${few}${many}`;
  return [
    makeIssue(
      'contradicting-scans',
      message,
      { file: scans.file, column: name, subject: found[0].person },
      advice,
    ),
  ];
}

/** How many years one of the unit is. */
function yearsOf(unit: string | undefined): number {
  const [letter] = (unit ?? 'years').toLowerCase();
  return { m: 1 / 12, w: 7 / 365.25, d: 1 / 365.25 }[letter] ?? 1;
}

interface DatedAge {
  readonly row: number;
  readonly years: number;
  readonly time?: VisitTime;
}

function ageIssue(
  covariate: ContinuousCovariate,
  repeated: Repeated,
  scans: RepeatedScans,
): readonly Issue[] {
  const year = yearsOf(covariate.unit);
  const columns = (scans.times ?? []).map((texts) => ({ texts, order: dateOrder(texts) }));
  const people = repeated.flatMap(([person, own]) => {
    const known = own.filter((row) => !Number.isNaN(covariate.values[row]));
    const ages = inOrder(
      known.map((row) => ({ row, years: covariate.values[row] * year })),
      columns,
    );
    return ages.length > 1 ? [{ person, ages }] : [];
  });
  const usual = usualSpread(people.map(({ ages }) => spreadOf(ages)));
  const timed = people.filter(({ ages }) => steps(ages).some(isMistimed));
  // Ages at the first visit on all scans, or numbers of visits that are no months, are no slips.
  const believed = timed.length <= Math.max(1, people.length / 2);
  const found = people.flatMap(({ person, ages }) => {
    const apart = spreadOf(ages) > usual && ages[0].time?.kind !== 'years';
    const wrong = apart || steps(ages).some((step) => goesDown(step) || (believed && isMistimed(step)));
    const shown = ages.map(({ row }) => roundedText(covariate.values[row]) + whenOf(row, scans)).join(', ');
    return wrong ? [{ person, shown }] : [];
  });
  return issueOf(covariate, found, { scans, repeated });
}

function spreadOf(ages: readonly DatedAge[]): number {
  const years = ages.map((age) => age.years);
  return Math.max(...years) - Math.min(...years);
}

/**
 * How far the ages of one person may be apart, in years: with few persons, as long as a study lasts; else 5 years or 6
 * robust deviations above the median, whichever is more, and at least as long as a study lasts where more than one person
 * in twenty is beyond that.
 */
function usualSpread(spreads: readonly number[]): number {
  if (spreads.length < FEW_PERSONS) return LONGEST_YEARS;
  const middle = (values: readonly number[]): number =>
    [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
  const median = middle(spreads);
  const deviation = 1.4826 * middle(spreads.map((spread) => Math.abs(spread - median)));
  const usual = median + Math.max(5, 6 * deviation);
  const further = spreads.filter((spread) => spread > usual).length;
  return further > Math.max(1, 0.05 * spreads.length) ? Math.max(LONGEST_YEARS, usual) : usual;
}

/** A column that says when each scan was made. */
interface TimeColumn {
  readonly texts: readonly (string | null)[];
  readonly order: DateOrder | undefined;
}

/** The scans of a person by the best times that all of them have; as they are where there are none. */
function inOrder(ages: readonly DatedAge[], columns: readonly TimeColumn[]): readonly DatedAge[] {
  for (const { texts, order } of columns) {
    const dated = ages.map((age) => ({ ...age, time: visitTime(texts[age.row] ?? '', order) }));
    const counted = withOneKind(dated);
    if (counted !== undefined) return [...counted].sort((a, b) => (a.time?.at ?? 0) - (b.time?.at ?? 0));
  }
  return ages;
}

/** The same with times of one kind, a baseline being month 0 among months; `undefined` where they are of several. */
function withOneKind(ages: readonly DatedAge[]): readonly DatedAge[] | undefined {
  if (ages.some(({ time }) => time === undefined)) return undefined;
  const months = ages.some(({ time }) => time?.kind === 'nominal-years');
  const counted = ages.map((age) =>
    months && age.time?.kind === 'order' && age.time.at === 0
      ? { ...age, time: { kind: 'nominal-years', at: 0 } as const }
      : age,
  );
  return new Set(counted.map(({ time }) => time?.kind)).size === 1 ? counted : undefined;
}

/** Two scans of a person, one after the other. */
type Step = readonly [before: DatedAge, after: DatedAge];

function steps(ages: readonly DatedAge[]): readonly Step[] {
  return ages.slice(1).map((after, at) => [ages[at], after]);
}

function goesDown([before, after]: Step): boolean {
  if (before.time === undefined || after.time === undefined) return false;
  return after.time.at > before.time.at && after.years < before.years - ROUNDED_YEARS;
}

function isMistimed([before, after]: Step): boolean {
  const { time } = after;
  if (before.time === undefined || time === undefined || time.kind === 'order') return false;
  return Math.abs(after.years - before.years - (time.at - before.time.at)) > APART_YEARS[time.kind];
}

function whenOf(row: number, { times = [] }: RepeatedScans): string {
  const said = times.map((column) => column[row]).find((text) => text !== null);
  return said === undefined || said === null ? '' : ` at ${shortName(said.replace(/^[\s_\-.]+/, ''))}`;
}

function roundedText(value: number): string {
  return String(Number(value.toPrecision(6)));
}
