import type { Issue } from '../../../data/issue';
import { makeIssue } from '../../../data/issue';
import { codeOf, shortName } from '../../../data/list-names';
import { ConcordError } from '../../../errors';
import type { Advice } from '../../../remedy';
import type { TextColumn } from '../build-covariate';
import { withLatinLetters } from '../../cells/confusable-letters';
import { withOneMaker } from '../../cells/manufacturer-names';
import type { SameLabels } from '../../tables/table-options';

/**
 * The folded spelling of a label, which labels share that differ in spelling only: Unicode's compatibility form NFKC
 * without case, blanks, invisible characters (format characters: zero width, byte order mark, soft hyphen), leading zeros
 * and the `.0` of a whole number.
 */
export function foldLabel(label: string): string {
  const text = label
    .normalize('NFKC')
    .replaceAll(/[\p{Cf}\p{Cc}\p{Z}\s]/gu, '')
    .toLowerCase()
    // Again, since lower case may come apart from its marks.
    .normalize('NFKC');
  const whole = /^([+-]?\d+)\.0*$/.exec(text);
  return (whole?.[1] ?? text).replaceAll(/(?<![\d.])0+(?=\d)/g, '');
}

/** Hyphens, dashes and the minus sign. */
const dashes = /[\u2010-\u2015\u2212\u2043\ufe58\ufe63\uff0d]/g;

/**
 * Two folded spellings of a label; labels that share one of them are taken to mean the same. The first is as in
 * {@link foldLabel}; the second has every run of blanks, dashes, underscores and points (but for those of numbers) as one
 * separator, which is never left out. In both, letters that look like Latin ones are those, dashes are alike, and points,
 * underscores, commas and quotes around the label do not count; signs do: `APOE+`, `-1`. The maker of a scanner has one name,
 * unless only the spelling is asked for.
 */
function keysOf(label: string, spelling = false): readonly string[] {
  const plain = label
    .normalize('NFKC')
    .replaceAll(/[\p{Cf}\p{Cc}]/gu, (sign) => (/\s/.test(sign) ? ' ' : ''))
    .replaceAll(dashes, '-')
    .replaceAll(/^(?:[\s_,;:'"`]|\.(?!\d))+|[\s._,;:'"`]+$/gu, '');
  const letters = withLatinLetters(plain.toLowerCase());
  const latin = spelling ? letters : withOneMaker(letters);
  // A point before a digit is that of a number; a dash at an end is a sign.
  const parted = latin.replaceAll(
    /(?<=[\p{L}\p{N}])(?:[\s_-]|\.(?!\d)|(?<!\d)\.)+(?=[\p{L}\p{N}])/gu,
    '\u0001',
  );
  const key = (text: string): string => (text === '' ? label : text);
  return [`whole ${key(foldLabel(latin))}`, `parts ${key(parted.split('\u0001').map(foldLabel).join(' '))}`];
}

/** How often each label occurs. */
export function countLabels(labels: Iterable<string | null>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const label of labels) if (label !== null) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}

/** Labels that differ in spelling only, with how often each occurs: the commonest first. */
export type LabelGroup = readonly { readonly label: string; readonly count: number }[];

/** Finds the labels that differ in spelling, or in what the maker of a scanner is called, only. */
export function nearLabels(labels: Iterable<string | null>): readonly LabelGroup[] {
  const groups = new Map<string, { label: string; count: number }[]>();
  for (const [label, count] of countLabels(labels)) {
    const keys = keysOf(label);
    // Two groups may become one by a label that is like both.
    const group = [...new Set(keys.map((key) => groups.get(key) ?? []))].flat();
    group.push({ label, count });
    for (const one of group) for (const key of keysOf(one.label)) groups.set(key, group);
  }
  return [...new Set(groups.values())]
    .filter((group) => group.length > 1)
    .map((group) => group.sort((a, b) => b.count - a.count || (a.label < b.label ? -1 : 1)));
}

/** A label in quotes in which nothing is hidden: invisible and combining characters are shown by their code points. */
export function visibly(label: string): string {
  const hidden = /[\p{Cf}\p{M}\u00a0\u2000-\u200a\u202f\u3000]/gu;
  return JSON.stringify(shortName(label)).replaceAll(hidden, codeOf);
}

/** Letters that look like Latin ones are shown by their code points where another label of the group is without them. */
function amongLatin(label: string, group: LabelGroup): string {
  const alike = /[\p{Script=Cyrillic}\p{Script=Greek}]/gu;
  const mixed = group.some((other) => other.label.search(alike) === -1);
  return mixed ? visibly(label).replaceAll(alike, codeOf) : visibly(label);
}

/** Whether two labels of a group are not one by their spelling, but by the maker of a scanner. */
function isByMaker(group: LabelGroup): boolean {
  const spelled = new Set(keysOf(group[0].label, true));
  return group.some(({ label }) => !keysOf(label, true).some((key) => spelled.has(key)));
}

/** Warns of labels that differ in spelling, or in what the maker of a scanner is called, only. */
export function reportNearLabels(
  column: Pick<TextColumn, 'name' | 'file' | 'texts'>,
  what: string,
  advice: Advice,
): readonly Issue[] {
  const groups = nearLabels(column.texts);
  if (groups.length === 0) return [];
  const shown = groups
    .slice(0, 4)
    .map((group) => group.map(({ label, count }) => `${amongLatin(label, group)} (${count})`).join(', '));
  const more = groups.length > shown.length ? `; and ${groups.length - shown.length} more such groups` : '';
  const how = groups.some(isByMaker)
    ? 'how they are written, or what the maker of the scanner is called'
    : 'how they are written';
  const message = `${what} in column "${column.name}" of ${column.file} differ only in ${how}: ${shown.join('; ')}${more}`;
  return [makeIssue('near-equal-labels', message, { file: column.file, column: column.name }, advice)];
}

/** A column whose labels were merged, with its issues. */
export interface MergedLabels {
  readonly column: TextColumn;
  readonly issues: readonly Issue[];
}

/**
 * Merges the labels that the user says are the same. Labels that a model knows are what others are folded to.
 *
 * @throws ConcordError `invalid-option`.
 */
export function mergeLabels(
  column: TextColumn,
  same: SameLabels,
  { optionName, known }: { readonly optionName: string; readonly known?: readonly string[] },
): MergedLabels {
  const names = same === 'fold' ? foldedNames(column, known) : givenNames(same, optionName);
  const counts = new Map<string, number>();
  const texts = column.texts.map((text) => {
    const name = text === null ? undefined : names.get(text);
    if (text === null || name === undefined || name === text) return text;
    counts.set(text, (counts.get(text) ?? 0) + 1);
    return name;
  });
  // Labels of the model's own table need not be in another one.
  const all = same === 'fold' || known !== undefined;
  const absent = all ? [] : [...names.keys()].filter((label) => !column.texts.includes(label));
  if (counts.size === 0 && absent.length === 0) return { column, issues: [] };
  const list = [
    ...[...counts].map(
      ([label, count]) => `${visibly(label)} (${count}) as ${visibly(names.get(label) ?? '')}`,
    ),
    ...absent.map((label) => `${visibly(label)} is not there`),
  ];
  const message = `labels in column "${column.name}" of ${column.file} read as the same: ${list.join(', ')}`;
  const where = { file: column.file, column: column.name };
  return { column: { ...column, texts }, issues: [makeIssue('merged-labels', message, where)] };
}

/** A label that a model knows stays; another is folded to the one that the model knows, else to the commonest. */
function foldedNames({ texts }: TextColumn, known: readonly string[] = []): ReadonlyMap<string, string> {
  const names = new Map(
    nearLabels(texts).flatMap((group) => group.map(({ label }) => [label, group[0].label])),
  );
  const knownAs = new Map<string, readonly string[]>();
  for (const label of known) {
    for (const key of keysOf(label)) knownAs.set(key, [...(knownAs.get(key) ?? []), label]);
  }
  for (const label of new Set(texts)) {
    const alike = label === null ? [] : [...new Set(keysOf(label).flatMap((key) => knownAs.get(key) ?? []))];
    if (label === null || alike.length === 0) continue;
    // Where the model knows two that fold alike, which one a third is meant to be is not known.
    names.set(label, alike.length > 1 || alike.includes(label) ? label : alike[0]);
  }
  return names;
}

function givenNames(same: Readonly<Record<string, string>>, optionName: string): ReadonlyMap<string, string> {
  const given: unknown = same;
  const entries =
    typeof given === 'object' && given !== null ? Object.entries(given as Record<string, string>) : [];
  if (entries.length === 0 || entries.some(([, name]) => typeof name !== 'string' || name === '')) {
    throw new ConcordError(
      'invalid-option',
      `invalid ${optionName}: ${JSON.stringify(given)} ("fold", or new names by the old ones, are allowed)`,
    );
  }
  return new Map(entries);
}
