import type { Command } from 'commander';
import { wrongUsage } from './option-values';

/**
 * Refuses, as wrong usage, options of the other kind of data: nothing would come of them.
 *
 * @param names - the attributes of the options that are for `kind` only
 * @param given - what is there instead, for the message: `a table is given`
 */
export function refuseStrayOptions(
  command: Command,
  names: readonly string[],
  { kind, given }: { readonly kind: 'tables' | 'scans'; readonly given: string },
): void {
  const stray = command.options.find(
    (option) =>
      names.includes(option.attributeName()) &&
      command.getOptionValueSource(option.attributeName()) === 'cli',
  );
  if (stray === undefined) return;
  wrongUsage(command, `option '${stray.long ?? stray.flags}' is for ${kind}, but ${given}`);
}
