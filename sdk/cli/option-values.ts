import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import { suggestName } from '../data/nearest-names';
import { isMarkList } from '../io/cells/missing-marks';
import type { OptionTypes } from '../methods/method-option';

/** Ends the command: it was used wrongly. */
export function wrongUsage(command: Command, problem: string): never {
  return command.error(`error: ${problem}`, { exitCode: 2, code: 'concord.wrongUsage' });
}

/** Parses `a,b,c` into its parts. */
export function listOf(text: string): readonly string[] {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (parts.length === 0) throw new InvalidArgumentError('names separated by commas are allowed');
  return parts;
}

/**
 * Parses the texts that mark a missing value: `NA,-9` in every column, `sex=9,99` in one, `only:NA` or `sex=only:NA` in place
 * of the known ones; `-9,sex=9` says both.
 */
export function missingMarks(text: string): readonly string[] {
  const parts = text.split(',').map((part) => part.trim());
  const own = parts.findIndex(isMarkList);
  if (own === -1) return parts;
  return [...parts.slice(0, own), parts.slice(own).join(',')];
}

/** Parses a whole number from 1. */
export function countOf(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('a whole number from 1 is allowed');
  return value;
}

/** Parses a whole number. */
export function integerOf(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value))
    throw new InvalidArgumentError('a whole number is allowed');
  return value;
}

/** An option with a fixed choice of values. */
export function choice(flags: string, description: string, values: readonly string[]): Option {
  return withChoices(new Option(flags, description), values);
}

/** Lets an option have these values only. */
export function withChoices(option: Option, values: readonly string[]): Option {
  return option.choices([...values]).argParser((text: string) => {
    if (values.includes(text)) return text;
    throw new InvalidArgumentError(suggestName(text, values, `Allowed choices are ${values.join(', ')}.`));
  });
}

/** Parses a number above 0. */
export function positiveOf(text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError('a number above 0 is allowed');
  return value;
}

/** Parses a number from 0 to 1. */
export function fractionOf(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1)) {
    throw new InvalidArgumentError('a number from 0 to 1 is allowed');
  }
  return value;
}

/** Parses a score by which curves are smoothed, or the penalty itself, or one for each curve: `age=0.3,volume=5`. */
export function smoothingOf(text: string): OptionTypes['smoothing'] {
  const score = (['reml', 'gcv', 'kfold'] as const).find((name) => name === text);
  if (score !== undefined) return score;
  if (text.includes('=')) {
    const parts = namedTextsOf(text, 'NAME=PENALTY,NAME=PENALTY … is allowed');
    return Object.fromEntries(parts.map(([name, own]) => [name, positiveOf(own)]));
  }
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError(
    suggestName(
      text,
      ['reml', 'gcv', 'kfold'],
      'reml, gcv, kfold, numbers above 0, and NAME=NUMBER for each curve are allowed',
    ),
  );
}

/** Parses numbers above 0, separated by commas. */
export function positivesOf(text: string): readonly number[] {
  return listOf(text).map(positiveOf);
}

/**
 * Parses `name=text` parts, separated by commas.
 *
 * @param allowed - what is allowed, for the message
 */
export function namedTextsOf(
  text: string,
  allowed: string,
): readonly (readonly [name: string, text: string])[] {
  return listOf(text).map((part) => {
    const at = part.indexOf('=');
    const [name, own] = [part.slice(0, at).trim(), part.slice(at + 1).trim()];
    if (at < 1 || name === '' || own === '') throw new InvalidArgumentError(allowed);
    return [name, own] as const;
  });
}

/**
 * Parses where the knots of curves are: `age=25:75`, the first and the last inner knot; `age=25:75:6`, and of how many B-splines;
 * `age=6`, of how many only.
 */
export function knotsOf(text: string): OptionTypes['knots'] {
  const each = listOf(text).map((part) => {
    const at = part.lastIndexOf('=');
    const numbers = part
      .slice(at + 1)
      .split(':')
      .map((number) => (number.trim() === '' ? NaN : Number(number)));
    if (at < 1 || numbers.length > 3 || !numbers.every(Number.isFinite))
      throw new InvalidArgumentError(
        'NAME=FIRST:LAST is allowed, such as age=25:75, NAME=FIRST:LAST:SPLINES, or NAME=SPLINES',
      );
    const [first, last, splines] = numbers;
    const own: OptionTypes['knots'][string] =
      last === undefined ? { splines: first } : { knots: [first, last], splines };
    return [part.slice(0, at).trim(), own] as const;
  });
  return Object.fromEntries(each);
}
