import type { Command } from 'commander';
import type { CombatEb, CombatMeanOnly } from '../combat/combat-model';
import type { UnseenSitePolicy } from '../combat/unseen-site';
import type { ReadingFlags } from './load-for-harmonize';
import { wrongUsage } from './option-values';

/** What the options of `concord harmonize` hold once parsed. */
export interface HarmonizeFlags extends ReadingFlags {
  readonly method: 'combat';
  readonly out: string;
  readonly dropMissing: boolean;
  readonly eb: CombatEb;
  readonly meanOnly: CombatMeanOnly;
  readonly reference?: string;
  readonly transform: 'none' | 'log';
  readonly unseen: UnseenSitePolicy;
  readonly audit: boolean;
  readonly seed: number;
  readonly seeds: number;
  readonly maxSubjects: number;
  readonly overwrite: boolean;
  readonly json: boolean;
}

/** Refuses, as wrong usage, a kind stated for what is no covariate, or two kinds for one: both would say nothing. */
export function requireKindsOfCovariates(
  flags: Pick<HarmonizeFlags, 'preserve' | 'categorical' | 'continuous' | 'unit'>,
  command: Command,
): void {
  const { preserve, categorical, continuous, unit } = flags;
  const allowed = preserve.length === 0 ? 'none: --preserve is not given' : preserve.join(', ');
  for (const [option, names] of [
    ['--categorical', categorical],
    ['--continuous', continuous],
    ['--unit', Object.keys(unit)],
  ] as const) {
    const stray = names.find((name) => !preserve.includes(name));
    if (stray !== undefined) {
      wrongUsage(
        command,
        `option '${option}' names "${stray}", which --preserve does not (allowed: ${allowed})`,
      );
    }
  }
  const measured = categorical.find((name) => unit[name] !== undefined);
  if (measured !== undefined) {
    wrongUsage(command, `option '--unit' names "${measured}", which '--categorical' says has no unit`);
  }
  const both = categorical.find((name) => continuous.includes(name));
  if (both === undefined) return;
  wrongUsage(
    command,
    `options '--categorical' and '--continuous' both name "${both}" (allowed: one of them)`,
  );
}

/**
 * The value of an option that allows other values with each method; `undefined` where the user gave none.
 */
export function requireChoice<Value extends string>(
  command: Command,
  option: string,
  allowed: readonly Value[],
): Value | undefined {
  const name = option.slice(2);
  if (command.getOptionValueSource(name) !== 'cli') return undefined;
  const given: unknown = command.getOptionValue(name);
  const found = allowed.find((value) => value === given);
  return (
    found ?? wrongUsage(command, `option '${option}' is "${String(given)}" (allowed: ${allowed.join(', ')})`)
  );
}

/** Refuses, as wrong usage, options that the method does not know: nothing would come of them. */
export function requireOptionsOf(command: Command, method: string, allowed: ReadonlySet<string>): void {
  const stray = command.options.find(
    (option) =>
      command.getOptionValueSource(option.attributeName()) === 'cli' && !allowed.has(option.attributeName()),
  );
  if (stray === undefined) return;
  wrongUsage(command, `option '${stray.long ?? stray.flags}' is not one of --method ${method}`);
}
