import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { suggestNames } from '../../data/nearest-names';
import type { HarmonizerOptions, Method } from '../../methods/method';
import type { MethodOption } from '../../methods/method-option';
import { wrongUsage } from '../option-values';
import { parsedValue } from './method-options';

/** Values of options of methods as the user wrote them: by the name of the method, then of the option. */
export type NamedOptions = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Parses `METHOD.NAME=VALUE`, one more of them. */
export function namedOptionOf(text: string, before: NamedOptions): NamedOptions {
  const [, method, name, value] = /^([^.=]+)\.([^=]+)=(.*)$/s.exec(text) ?? [];
  if (method === undefined) throw new InvalidArgumentError('METHOD.NAME=VALUE is allowed');
  const own = Object.hasOwn(before, method) ? before[method] : {};
  if (Object.hasOwn(own, name)) throw new InvalidArgumentError(`${method}.${name} has a value already`);
  return { ...before, [method]: { ...own, [name]: value } };
}

/**
 * The options to make a method's harmonizer with, from those that the user named: they are named as on
 * `concord harmonize`, without the dashes.
 *
 * @param stored - whether the model is stored, so that what decides what is fitted has no effect
 */
export function namedHarmonizerOptions(
  method: Method,
  given: NamedOptions,
  { command, stored }: { readonly command: Command; readonly stored: boolean },
): Pick<HarmonizerOptions, 'fit' | 'apply'> {
  const { name } = method;
  const named = Object.hasOwn(given, name) ? Object.entries(given[name]) : [];
  if (named.length === 0) return {};
  const part = method.command?.scans;
  if (part === undefined)
    wrongUsage(command, `option '--option' has ${name}.${named[0][0]}, and ${name} has none`);
  const { chosen = [], fitted = [] } = part;
  const values: Record<string, unknown> = Object.fromEntries(
    Object.entries(part.options).map(([own, { initial }]) => [own, initial]),
  );
  for (const [flag, text] of named) {
    const own = Object.entries(part.options).find(([, option]) => flagOf(option) === flag);
    const written = `option '--option' has ${name}.${flag}`;
    if (own === undefined) {
      const flags = Object.entries(part.options).filter(([other]) => !chosen.includes(other));
      const hint = suggestNames(
        flag,
        flags.map(([, option]) => flagOf(option)),
      ).replace('the columns are', 'there are');
      wrongUsage(command, `${written}, which is no option of ${method.title} (${hint})`);
    }
    if (chosen.includes(own[0])) wrongUsage(command, `${written}: what all harmonize to is said by --target`);
    if (stored && fitted.includes(own[0])) wrongUsage(command, `${written}, which its model has decided`);
    values[own[0]] = parsedOr(command, written, () => parsedValue(own[1], text));
  }
  // The target is an option of the comparison itself.
  const problem = part.problem({ ...values, target: values['target'] ?? 'average' });
  if (problem !== undefined) wrongUsage(command, problem);
  const { harmonizer } = part.read(values);
  if (harmonizer !== undefined) return harmonizer;
  return wrongUsage(command, `option '--option' has options of ${name}, which takes none in a comparison`);
}

function flagOf({ flags }: MethodOption): string {
  return flags.split(' ')[0].replace(/^--/, '');
}

function parsedOr(command: Command, written: string, parse: () => unknown): unknown {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    return wrongUsage(command, `${written} (${error.message})`);
  }
}
