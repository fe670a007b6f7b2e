import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import { suggestName } from '../../data/nearest-names';
import type { MethodOption, MethodOptions } from '../../methods/method-option';
import { allMethods } from '../../methods/methods';
import {
  countOf,
  integerOf,
  listOf,
  positiveOf,
  positivesOf,
  fractionOf,
  knotsOf,
  smoothingOf,
  withChoices,
  wrongUsage,
} from '../option-values';

/** How a text on the command line becomes a value, by the type of the option. */
const parsers: Readonly<Record<string, (text: string) => unknown>> = {
  list: listOf,
  count: countOf,
  integer: integerOf,
  share: fractionOf,
  positive: positiveOf,
  positives: positivesOf,
  knots: knotsOf,
  smoothing: smoothingOf,
};

/** A method's options on one command. */
export interface OwnOptions {
  /** The name of the method. */
  readonly name: string;
  readonly options: MethodOptions;
}

/**
 * Adds the options of all methods to a command. Several methods may have one of the same name; which one is meant, and what
 * it allows, is known when the method is.
 */
export function addMethodOptions(command: Command, methods: readonly OwnOptions[]): Command {
  const added = new Set(command.options.map((own) => own.attributeName()));
  command.optionsGroup('Options of the method:');
  for (const { options } of methods) {
    for (const [name, own] of Object.entries(options)) {
      if (!added.has(name)) command.addOption(commanderOption(own, sameNamed(methods, name)));
      added.add(name);
    }
  }
  return command;
}

function sameNamed(methods: readonly OwnOptions[], name: string): readonly MethodOption[] {
  return methods.flatMap(({ options }) => (Object.hasOwn(options, name) ? [options[name]] : []));
}

/** The option as commander knows it: without a default, so that it is known whether it was given. */
function commanderOption(own: MethodOption, alike: readonly MethodOption[]): Option {
  const { flags, description, type, alone } = own;
  const made = new Option(flags, description);
  if (alone !== undefined) made.preset(alone);
  if (typeof type !== 'string') {
    const values = alike.flatMap((other) => (typeof other.type === 'string' ? [] : other.type));
    return withChoices(made, [...new Set(values)]);
  }
  const parse = parsers[type];
  return parse === undefined ? made : made.argParser(parse);
}

/**
 * The value of an option that was written as a text; of a switch `true` or `false`.
 *
 * @throws InvalidArgumentError when it is not of the option's type.
 */
export function parsedValue({ type }: MethodOption, text: string): unknown {
  const allowed = type === 'switch' ? ['true', 'false'] : typeof type === 'string' ? undefined : type;
  if (allowed?.includes(text) === false) {
    throw new InvalidArgumentError(`it is ${JSON.stringify(text)}: ${allowed.join(', ')} are allowed`);
  }
  if (type === 'switch') return text === 'true';
  return typeof type === 'string' && Object.hasOwn(parsers, type) ? parsers[type](text) : text;
}

/**
 * The option as one method describes it, with what is taken where it is not given.
 *
 * @param options - whether its choices are named, which commander does too where it writes the description
 */
export function describeOption(
  { description, initial, type }: MethodOption,
  { choices: named = true }: { readonly choices?: boolean } = {},
): string {
  const choices = typeof type === 'string' || !named ? '' : `choices: ${type.join(', ')}`;
  const silent =
    initial === undefined || initial === false || (Array.isArray(initial) && initial.length === 0);
  const otherwise = silent
    ? ''
    : `default: ${typeof initial === 'string' ? initial : JSON.stringify(initial)}`;
  const notes = [choices, otherwise].filter((note) => note !== '').join('; ');
  return notes === '' ? description : `${description} (${notes})`;
}

/** Values of a method's options, defaults filled in; wrong usage where one is not among those that the method allows. */
export function methodValues(command: Command, options: MethodOptions): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(options).map(([name, own]) => {
      if (command.getOptionValueSource(name) !== 'cli') return [name, own.initial];
      const given: unknown = command.getOptionValue(name);
      const allowed = typeof own.type === 'string' ? undefined : own.type;
      if (allowed?.includes(String(given)) === false) {
        const flag = own.flags.split(' ')[0];
        wrongUsage(
          command,
          `option '${flag}' is "${String(given)}" (${suggestName(String(given), allowed, `allowed: ${allowed.join(', ')}`)})`,
        );
      }
      return [name, given];
    }),
  );
}

/**
 * Refuses, as wrong usage, options that the method does not know: nothing would come of them.
 *
 * @param having - in what case there are only those allowed, as `--method murd`
 */
export function requireOptionsOf(command: Command, having: string, allowed: ReadonlySet<string>): void {
  const stray = command.options.find(
    (own) => command.getOptionValueSource(own.attributeName()) === 'cli' && !allowed.has(own.attributeName()),
  );
  if (stray === undefined) return;
  wrongUsage(command, `option '${stray.long ?? stray.flags}' is not one of ${having}`);
}

/**
 * The words of a command line with the values spelled out that options have when they are given alone: `--mean-only t.csv`
 * becomes `--mean-only=published t.csv`, so that the table is not taken for the value.
 */
export function withLoneValues(
  words: readonly string[],
  options: readonly MethodOption[],
): readonly string[] {
  return words.map((word, at) => {
    const own = options.find(({ flags, alone }) => alone !== undefined && flags.split(' ')[0] === word);
    if (own?.alone === undefined || own.type.includes(words[at + 1])) return word;
    return `${word}=${own.alone}`;
  });
}

/** The options of all methods on all commands. */
export function optionsOfMethods(): readonly MethodOption[] {
  return allMethods().flatMap(({ command: { tables, scans, apply, train } = { examples: [] } }) =>
    [tables, scans, apply, train].flatMap((part) => Object.values(part?.options ?? {})),
  );
}

/** The values of options that were not given. */
export function initialValues(options: MethodOptions): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(options).map(([name, { initial }]) => [name, initial]));
}
