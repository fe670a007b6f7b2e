import type { Issue } from '../../../data/issue';
import { makeIssue } from '../../../data/issue';
import type { Advice } from '../../../remedy';
import { advise, option } from '../../../remedy';
import type { TextColumn } from '../build-covariate';
import { withLatinLetters } from '../../cells/confusable-letters';
import { countLabels, nearLabels, visibly } from './near-labels';

/** Two labels of which one may be the other misspelled, the commoner first. */
export type LabelPair = readonly [likely: string, misspelled: string];

/** From how many letters on a word may be another one misspelled; one fewer where an `s` at its end is all. */
const LONG = 5;

const MOST_LABELS = 2000;

/** How one word is made of another: a letter more, a letter less, another letter, or two letters changed round. */
interface Edit {
  readonly kind: 'more' | 'less' | 'other' | 'round';
  /** Where it is in the first word. */
  readonly at: number;
}

/**
 * Finds labels that differ by one letter of one word, or by two neighboring letters changed round: a distance of 1 after
 * Damerau (1964, Communications of the ACM 7:171), so that `Simens` is near `Siemens` and `HospitalsA` near `HospitalA`.
 *
 * What distinguishes labels on purpose is left alone: digits, Roman numerals, the first letter of a word (`typical`,
 * `atypical`), another last one (`siteA`, `siteB`; `UCLA`, `UCLB`), a letter that is not written for the other (`Iceland`,
 * `Ireland`), words of fewer than five letters, and a place in which three labels have a letter each.
 *
 * More than 2,000 labels are no sites or levels, and are not compared.
 */
export function misspelledLabels(labels: Iterable<string | null>): readonly LabelPair[] {
  const counts = countLabels(labels);
  if (counts.size > MOST_LABELS) return [];
  // Of labels that differ in how they are written one is enough.
  const others = new Set(nearLabels(labels).flatMap((group) => group.slice(1).map(({ label }) => label)));
  const all = [...counts.keys()]
    .filter((label) => !others.has(label))
    .sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0) || (a < b ? -1 : 1))
    .map((label) => ({ label, words: wordsOfLabel(label) }));
  return all.flatMap((one, at) =>
    all
      .slice(at + 1)
      .filter((other) => isSlip(one.words, other.words) && !isListed(one.words, other.words, all))
      .map((other): LabelPair => [one.label, other.label]),
  );
}

/** The words of a label, without case: its parts by separators, by digits, and by capitals after small letters. */
function wordsOfLabel(label: string): readonly string[] {
  const parted = withLatinLetters(label.normalize('NFKC')).replaceAll(
    /(?<=\p{Ll})(?=\p{Lu})|(?<=\p{L})(?=\p{N})|(?<=\p{N})(?=\p{L})/gu,
    ' ',
  );
  return parted
    .toLowerCase()
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .filter((word) => word !== '');
}

type Words = readonly string[];

/** The one word in which two labels differ; `undefined` where they differ in more. */
function differing(a: Words, b: Words): readonly [one: string, other: string, at: number] | undefined {
  if (a.length !== b.length) return undefined;
  const at = a.findIndex((word, place) => word !== b[place]);
  if (at === -1 || a.some((word, place) => place > at && word !== b[place])) return undefined;
  return [a[at], b[at], at];
}

function isSlip(a: Words, b: Words): boolean {
  const words = differing(a, b);
  return words !== undefined && isSlipOfWord(words[0], words[1]);
}

/** Whether a third label has another letter in the place in which two differ, as `scanner`, `scannera` and `scannerb` have. */
function isListed(a: Words, b: Words, all: readonly { readonly words: Words }[]): boolean {
  const [one = '', other = '', at = 0] = differing(a, b) ?? [];
  const edit = oneEdit(one, other);
  const longer = one.length < other.length ? b : a;
  if (edit === undefined || edit.kind === 'round' || longer[at] === `${one}s` || longer[at] === `${other}s`)
    return false;
  return all.some(({ words }) => {
    if (words === a || words === b) return false;
    const [here = '', there = '', place] = differing(longer, words) ?? [];
    const found = place === at ? oneEdit(here, there) : undefined;
    return found?.kind === 'other' && found.at === edit.at;
  });
}

/** Whether one word is likely to be the other misspelled. */
function isSlipOfWord(a: string, b: string): boolean {
  const edit = oneEdit(a, b);
  if (edit === undefined || /[^\p{L}\p{M}]/u.test(a + b) || (isRoman(a) && isRoman(b))) return false;
  const [shorter, longer] = a.length < b.length ? [a, b] : [b, a];
  if (longer === `${shorter}s`) return shorter.length >= LONG - 1;
  if (shorter.length < LONG) return false;
  if (edit.kind === 'round') return true;
  if (edit.kind !== 'other') return edit.at > 0;
  return edit.at > 0 && edit.at < a.length - 1 && soundsAlike(a[edit.at], b[edit.at]);
}

/** Letters of which one is written for the other; two others make another word: `Iceland`, `Ireland`. */
const alike: readonly string[] = ['aeiouy', 'ck', 'kq', 'sz', 'cs', 'fv', 'vw', 'ij'];

function soundsAlike(a: string, b: string): boolean {
  const [one, other] = [a, b].map((letter) => letter.normalize('NFD')[0]);
  return one === other || alike.some((letters) => letters.includes(one) && letters.includes(other));
}

function isRoman(word: string): boolean {
  return /^[ivxl]+$/.test(word);
}

/** The edit that makes `b` of `a`, where one does. */
function oneEdit(a: string, b: string): Edit | undefined {
  if (Math.abs(a.length - b.length) > 1) return undefined;
  let at = 0;
  while (at < a.length && at < b.length && a[at] === b[at]) at++;
  if (a.length < b.length) return a.slice(at) === b.slice(at + 1) ? { kind: 'more', at } : undefined;
  if (a.length > b.length) return a.slice(at + 1) === b.slice(at) ? { kind: 'less', at } : undefined;
  if (a.slice(at + 1) === b.slice(at + 1)) return { kind: 'other', at };
  const round = a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2);
  return round ? { kind: 'round', at } : undefined;
}

/**
 * Warns of labels of which one may be the other misspelled.
 *
 * @param merging - the option that makes labels the same: `sameSite`, or `sameLevel.` and the name of the covariate
 */
export function reportMisspelled(
  column: Pick<TextColumn, 'name' | 'file' | 'texts'>,
  what: 'sites' | 'levels',
  merging: string,
): readonly Issue[] {
  const pairs = misspelledLabels(column.texts);
  if (pairs.length === 0) return [];
  const counts = countLabels(column.texts);
  const shown = pairs
    .slice(0, 4)
    .map((pair) => pair.map((label) => `${visibly(label)} (${counts.get(label)})`).join(' and '));
  const more = pairs.length > shown.length ? `; and ${pairs.length - shown.length} more such pairs` : '';
  const message = `${what} in column "${column.name}" of ${column.file} differ by one letter or two exchanged letters: ${shown.join('; ')}${more}`;
  const where = { file: column.file, column: column.name };
  return [makeIssue('near-equal-labels', message, where, adviceFor(pairs[0], merging))];
}

function adviceFor([likely, misspelled]: LabelPair, merging: string): Advice {
  // The command has a label before a "=", and several between commas; in the SDK it ends the name of an option.
  const oneLabel = `${merging}.${misspelled}`;
  const merged = /[.,=:]/.test(misspelled + likely) ? option(merging) : option(oneLabel, likely);
  return advise`each counts separately; if one is a misspelling of the other, correct the table or merge them with ${merged}`;
}
