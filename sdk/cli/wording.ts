import type { RemedyValue } from '../remedy';

/**
 * What an option or function of the SDK is on the command line: a flag with what follows it, in capitals where that is
 * the user's (`--site COLUMN`), or other words. A function makes them of the value; `undefined` where there is nothing.
 * An option whose name ends in a name of the user's, as `sameLevel.sex`, is there as `sameLevel.*`, and the function is
 * given that name.
 */
export type Wording = string | ((value?: RemedyValue, name?: string) => string | undefined);

/** The wordings of a command, by the names of options and functions. */
export type Vocabulary = Readonly<Record<string, Wording>>;

/** Words with the value in the place of what is the user's; without one, `--site COLUMN` is shortened to `--site`. */
export function worded(wording: Wording, value?: RemedyValue, own?: string): string | undefined {
  if (typeof wording === 'function') return wording(value, own);
  if (value === undefined) return wording.replace(/ [A-Z]+$/, '');
  return wording.replace(/[A-Z]+(=[A-Z]+)?$/, () => (value === null ? 'none' : shellWord(String(value))));
}

/** A text as one word of a shell, quoted where the shell would not take it for one, or a reader for a part of it. */
export function shellWord(value: string): string {
  return /^[\w@%+=:,./-]*\w$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}

/** Words with another command before them, where there are words. */
export function prefixed(command: string, words: string | undefined): string | undefined {
  return words === undefined ? undefined : `${command} ${words}`;
}
