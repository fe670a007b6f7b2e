import type { Issue } from '../../../data/issue';
import { makeIssue } from '../../../data/issue';
import type { ColumnSetAside } from '../../../data/table-reading';
import { groupBy } from '../../../data/group-by';
import { advise, option } from '../../../remedy';
import { eachColumn, profileOf } from '../column-profile';
import type { ColumnProfile } from '../column-profile';
import type { RowContext } from '../column-suspicion';
import { looksLikeScore, looksLikeSteps, valuesSpeakAgainst } from '../column-suspicion';
import { invalidNumber } from '../../cells/cell';
import type { CollectedRows } from '../../rows/collect-rows';
import { withoutDoubtful } from '../doubtful-values';
import { featureFamilies, shown } from './feature-families';
import { nameSpeaksAgainst, speaksOfBrain } from './feature-names';
import { featureScales } from './feature-scales';
import { isWholeHead } from '../../free-surfer/free-surfer-table';
import type { TableCell } from '../../text/row-source';
import type { TableColumns } from '../table-columns';
import type { UsedColumns } from '../uk-biobank-table';
import { ukBiobankReasons } from '../uk-biobank-table';

/** A column that was not taken, and whether its values and not only its name or kind speak against it. */
interface Refused extends ColumnSetAside {
  readonly doubtful: boolean;
}

/**
 * The columns that may be features: those without another meaning whose names do not speak against it. Which of them are
 * is decided by {@link chooseFeatures}, once all rows are read.
 *
 * @param used.taken - names that already have a meaning
 */
export function featureCandidates(
  table: TableColumns,
  { taken, ...used }: UsedColumns & { readonly taken: ReadonlyMap<string, string> },
): { readonly columns: readonly number[]; readonly refused: readonly ColumnSetAside[] } {
  const columns: number[] = [];
  const refused: ColumnSetAside[] = [];
  const fields = new Map(
    [...ukBiobankReasons(table.names, used), ...synthSegReasons(table.names)].map(({ name, reason }) => [
      name,
      reason,
    ]),
  );
  table.names.forEach((name, column) => {
    if (taken.has(name)) return;
    const reason = reasonAgainst(table, column) ?? fields.get(name);
    if (reason === undefined) columns.push(column);
    else refused.push({ name, reason });
  });
  return { columns, refused };
}

function reasonAgainst(table: TableColumns, column: number): string | undefined {
  if (table.unnamed.has(column)) return 'it has no name';
  if (table.repeats.some((repeat) => repeat.column === column)) return 'it repeats another column';
  if (isWholeHead(table.source.header, column)) return 'it describes the whole head, not a region';
  return nameSpeaksAgainst(table.names[column]);
}

/**
 * The scores that SynthSeg gives its own segmentation (`--qc`), by the names in its table: that of the thalamus is no volume,
 * though `left thalamus` beside it is. Names that nothing else is called by have to be there for the others to count.
 */
function synthSegReasons(names: readonly string[]): readonly ColumnSetAside[] {
  const own = /^(general (white matter|gr[ae]y matter|csf)|putamen pallidum|hippocampus amygdala)$/;
  const beside = /^(cerebellum|brainstem|thalamus)$/;
  const plain = (name: string): string =>
    name
      .toLowerCase()
      .replaceAll(/[^a-z]+/g, ' ')
      .trim();
  if (names.filter((name) => own.test(plain(name))).length < 3) return [];
  return names
    .filter((name) => own.test(plain(name)) || beside.test(plain(name)))
    .map((name) => ({ name, reason: 'SynthSeg gives it as the score of its segmentation' }));
}

/** Counts that are measures of the brain: of lesions, microbleeds, voxels, vertices. */
const countsInBrain = /lesion|bleed|voxel|vert(ex|ices)?([^a-z]|$)|count/i;

/** Which candidates were taken for features, as positions among the columns collected. */
export interface ChosenFeatures {
  readonly kept: readonly number[];
  /** The scale of each of these, see {@link featureScales}. */
  readonly scales: readonly number[];
  readonly setAside: readonly ColumnSetAside[];
  readonly issues: readonly Issue[];
}

/**
 * Takes for features the candidates in which at least half of the values, over all rows, are numbers, so that a misspelled
 * number in such a column is met as an error and not as a reason to leave the column out; and of these the ones whose
 * values do not speak against it (see {@link valuesSpeakAgainst}), that are not scores (whole numbers of a small range, or
 * very few values again and again, among measures with decimals), and that are not alone by what they measure (see {@link featureFamilies}).
 *
 * @param main - the candidates, collected without refusing what is no number
 * @throws ConcordError `invalid-number` for such a misspelled number.
 */
export function chooseFeatures(
  table: TableColumns,
  main: CollectedRows,
  known: Omit<RowContext, 'ids'> & { readonly refused: readonly ColumnSetAside[] },
): ChosenFeatures {
  const context = { ...known, ids: main.ids };
  const refused: Refused[] = known.refused.map((one) => ({ ...one, doubtful: false }));
  const nameOf = (at: number): string => table.names[main.features[at]];
  const refuse = (at: number, reason: string, doubtful: boolean): void =>
    void refused.push({ name: nameOf(at), reason, doubtful });
  const profiles = new Map<number, ColumnProfile>();
  const steps = new Set<number>();
  eachColumn(main.values, main.features.length, (at, all) => {
    const given = profileOf(all);
    const reason = notNumeric(table, main, { at, count: given.count });
    if (reason !== undefined) {
      const measure = measureAsText(nameOf(at), main.notNumbers.get(main.features[at])?.first.cell);
      return refuse(
        at,
        measure === undefined ? reason : `${reason}, such as "${measure}"`,
        measure !== undefined,
      );
    }
    // A code of groups is one even where −9999s are among it.
    const values = given.whole ? withoutDoubtful(all) : all;
    const profile = values === all ? given : profileOf(values);
    // A constant that is not one throughout is a column with a slip in it, to be met as an error.
    const slipped = profile.min === profile.max && main.notNumbers.has(main.features[at]);
    const doubt = slipped ? undefined : valuesSpeakAgainst(values, profile, context);
    if (doubt !== undefined) return refuse(at, doubt, true);
    profiles.set(at, profile);
    if (!speaksOfBrain(nameOf(at)) && looksLikeSteps(values, profile)) steps.add(at);
  });
  let kept = [...profiles.keys()];
  const withDecimals = kept.filter((at) => profiles.get(at)?.whole === false && !steps.has(at)).length;
  if (withDecimals * 3 >= kept.length * 2) {
    kept = kept.filter((at) => {
      const profile = profiles.get(at);
      if (steps.has(at)) {
        refuse(at, 'it holds the same few values again and again: a setting, a score or a code', true);
        return false;
      }
      if (profile === undefined || countsInBrain.test(nameOf(at)) || !looksLikeScore(profile)) return true;
      refuse(at, 'it holds few whole numbers among measures with decimals: a score, a count or a code', true);
      return false;
    });
  }
  const allScales = featureScales(main.values, main.features.length);
  kept = withoutStrays(kept, allScales, { nameOf, refuse });
  kept.forEach((at) => requireNumbers(table, main, at));
  return {
    kept,
    scales: kept.map((at) => allScales[at]),
    setAside: refused.map(({ name, reason }) => ({ name, reason })),
    issues: inferenceIssues(table.source.name, kept.map(nameOf), refused),
  };
}

/** The same rows with the features at `kept` only. The matrix is packed in place, which overwrites that of `main`. */
export function keepFeatures(main: CollectedRows, kept: readonly number[]): CollectedRows {
  const width = main.features.length;
  if (kept.length === width) return main;
  const { values } = main;
  let to = 0;
  for (let row = 0; row < main.ids.length; row++) {
    for (const at of kept) values[to++] = values[row * width + at];
  }
  const packed = to >= 0.75 * values.length ? values.subarray(0, to) : values.slice(0, to);
  return { ...main, features: kept.map((at) => main.features[at]), values: packed };
}

function withoutStrays(
  kept: readonly number[],
  allScales: Float64Array,
  {
    nameOf,
    refuse,
  }: { nameOf: (at: number) => string; refuse: (at: number, reason: string, d: boolean) => void },
): number[] {
  const scales = kept.map((at) => allScales[at]);
  const { families, strays } = featureFamilies(kept.map(nameOf), scales);
  const out = new Set<number>();
  for (const { kind, members } of strays) {
    for (const i of members) {
      const own = shown(scales[i]);
      const others = shown(families[0].scale);
      refuse(kept[i], `its values, about ${own} (${kind}), are far from the others', about ${others}`, true);
      out.add(kept[i]);
    }
  }
  return kept.filter((at) => !out.has(at));
}

/** A cell of text that holds an amount, where the column's name is of the brain or the text ends in a unit: `2.67 mm`. */
function measureAsText(name: string, cell: TableCell | undefined): string | undefined {
  if (typeof cell !== 'string' || !/\d/.test(cell)) return undefined;
  const unit = /^[-+]?[\d.,]+\s*(mm|ml|cm|[µμu]m|[µμ]l)[23²³]?$/i.test(cell.trim());
  return unit || speaksOfBrain(name) ? cell.trim().slice(0, 40) : undefined;
}

/** Why a column is not one of numbers; `undefined` where it is. */
function notNumeric(
  table: TableColumns,
  main: CollectedRows,
  { at, count }: { readonly at: number; readonly count: number },
): string | undefined {
  const column = main.features[at];
  const other = main.notNumbers.get(column);
  if (other === undefined) return count === 0 ? 'it has no value in any row' : undefined;
  // A column written with decimal commas throughout is one of numbers, all of them to be corrected.
  if (other.firstComma !== undefined && other.commas === other.count) {
    throw invalidNumber(other.firstComma.cell, placeIn(table, column, other.firstComma.line));
  }
  return count * 2 >= count + other.count ? undefined : 'it holds text';
}

function requireNumbers(table: TableColumns, main: CollectedRows, at: number): void {
  const other = main.notNumbers.get(main.features[at]);
  if (other !== undefined) {
    throw invalidNumber(other.first.cell, placeIn(table, main.features[at], other.first.line));
  }
}

function placeIn(
  table: TableColumns,
  column: number,
  row: number,
): { readonly file: string; readonly row: number; readonly column: string } {
  return { file: table.source.name, row, column: table.names[column] };
}

function inferenceIssues(
  file: string,
  names: readonly string[],
  refused: readonly Refused[],
): readonly Issue[] {
  const issues: Issue[] = [];
  if (names.length > 0) {
    const quoted = names.map((name) => `"${name}"`);
    const shownNames = names.length > 2 ? `${quoted[0]} … ${quoted[names.length - 1]}` : quoted.join(', ');
    const message = `${names.length} numeric columns taken for features: ${shownNames}`;
    issues.push(makeIssue('inferred-features', message, { file }));
  }
  for (const doubtful of [true, false]) {
    const own = refused.filter((one) => one.doubtful === doubtful);
    if (own.length === 0) continue;
    const where = own.length === 1 ? { file, column: own[0].name } : { file };
    const message = setAsideMessage(own);
    issues.push(
      doubtful
        ? makeIssue('set-aside-column', message, where, setAsideRemedy)
        : makeIssue('unused-column', message, where),
    );
  }
  return issues;
}

const setAsideRemedy = advise`their values stay as they are; name the columns you want harmonized with ${option('features')}`;

/** Every column with the reason, columns of one reason together. */
export function setAsideMessage(refused: readonly ColumnSetAside[]): string {
  if (refused.length === 1) return `column "${refused[0].name}" is not used: ${refused[0].reason}`;
  const byReason = groupBy(refused, ({ reason }) => reason);
  const parts = [...byReason].map(
    ([reason, columns]) => `${columns.map(({ name }) => `"${name}"`).join(', ')} (${reason})`,
  );
  return `${refused.length} columns are not used: ${parts.join('; ')}`;
}
