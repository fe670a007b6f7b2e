import type { Command } from 'commander';
import { optionsOfMethods, withLoneValues } from './methods/method-options';

/** The analysis levels of BIDS Apps: the last of the words that every call has. */
export const bidsAppLevels = ['participant', 'group'] as const;

/** Options that BIDS Apps follow with several words. */
const several: ReadonlySet<string> = new Set(['--participant-label', '--session-label']);

/**
 * The words of a call as the program reads them: those after the name of a command as {@link ownWords} has them.
 *
 * @param words - the words after the program's name
 */
export function calledWords(words: readonly string[], program: Command): readonly string[] {
  let command = program;
  let at = 0;
  for (;;) {
    const called = command.commands.find((one) => one.name() === words[at]);
    if (called === undefined) return [...words.slice(0, at), ...ownWords(words.slice(at), command)];
    command = called;
    at++;
  }
}

/**
 * Words after the name of a command, with the values spelled out that options have when they are given alone, and labels as this
 * command line has them where BIDS Apps have several words: `--participant_label 01 02` becomes `--participant-label 01,02`. Several
 * words are taken for labels where all other words that the command needs came before: only there no others can follow.
 */
export function ownWords(words: readonly string[], command: Command): readonly string[] {
  const takesLabels = command.options.some(({ long }) => long === '--participant-label');
  if (!takesLabels) return withLoneValues(words, optionsOfMethods());
  const known = withLoneValues(words.map(hyphenated), optionsOfMethods());
  const joined: string[] = [];
  let needed = command.registeredArguments.length;
  for (let at = 0; at < known.length; at++) {
    const word = known[at];
    joined.push(word);
    if (word === '-' || !word.startsWith('-')) needed--;
    else if (word === '--') return [...joined, ...known.slice(at + 1)];
    else if (several.has(word) && needed <= 0) {
      const labels = labelsAfter(known, at);
      if (labels.length > 0) joined.push(labels.join(','));
      at += labels.length;
    } else if (takesNext(command, word, known[at + 1])) joined.push(known[++at]);
  }
  return joined;
}

/**
 * How several labels are written, to be said where a call has too many words; `undefined` where it has no labels of several
 * words.
 */
export function labelsAdvice(words: readonly string[]): string | undefined {
  const known = words.map(hyphenated);
  const at = known.findIndex((word, place) => several.has(word) && labelsAfter(known, place).length > 1);
  if (at === -1) return undefined;
  return `(labels of ${known[at]} are joined by commas, as in 01,02, unless they come after all other words)`;
}

/**
 * How this command line is called as a BIDS App, to be said where a dataset is in the place of a command:
 * `concord bids_dir output_dir participant`; `undefined` where the words are others.
 */
export function bidsAppAdvice(words: readonly string[]): string | undefined {
  if (!bidsAppLevels.some((level) => words[2] === level)) return undefined;
  return `(the BIDS App of Concord is the command preprocess: concord preprocess DATASET OUTPUT ${words[2]})`;
}

/** The words up to the next option. */
function labelsAfter(words: readonly string[], at: number): readonly string[] {
  const end = words.findIndex((word, place) => place > at && word.startsWith('-'));
  return words.slice(at + 1, end === -1 ? words.length : end);
}

/** Whether an option of a command has the next word for its value. */
function takesNext({ options }: Command, word: string, next: string | undefined): boolean {
  const own = options.find(({ long, short }) => long === word || short === word);
  if (own === undefined || next === undefined) return false;
  return own.required || (own.optional && !next.startsWith('-'));
}

/** An option with hyphens: that of the specification of BIDS Apps is written with underscores. */
function hyphenated(word: string): string {
  return word.replace(/^--[a-z]+(_[a-z]+)+(?==|$)/, (name) => name.replaceAll('_', '-'));
}
