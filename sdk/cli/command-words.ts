import type { Command } from 'commander';
import type { Issue } from '../data/issue';
import { allMethods } from '../methods/methods';
import type { Advice, Remedy, RemedyWording } from '../remedy';
import { wordAdvice } from '../remedy';
import { areDatasets } from './audited-paths';
import type { CommandName } from './vocabularies';
import { vocabularies } from './vocabularies';
import type { Vocabulary, Wording } from './wording';
import { worded } from './wording';

/** The words of a command for the remedies of the SDK. */
export function commandWords(command: CommandName): RemedyWording {
  const vocabulary = vocabularies[command];
  return (remedy: Remedy) => {
    const name = 'call' in remedy ? remedy.call : remedy.option;
    const [wording, own] = found(vocabulary, name);
    if (wording === undefined) return undefined;
    const values = 'call' in remedy ? [] : (remedy.values ?? []);
    if (values.length === 0) return worded(wording, undefined, own);
    const words = values.map((value) => worded(wording, value, own));
    return words.includes(undefined) ? undefined : [...new Set(words)].join(' or ');
  };
}

/** The wording of an option, and the end of its name where that is the user's. */
function found(vocabulary: Vocabulary, name: string): readonly [wording?: Wording, own?: string] {
  if (Object.hasOwn(vocabulary, name)) return [vocabulary[name]];
  const dot = name.indexOf('.') + 1;
  const any = `${name.slice(0, dot)}*`;
  return Object.hasOwn(vocabulary, any) ? [vocabulary[any], name.slice(dot)] : [];
}

/** The name under which a command that ran has its words; `undefined` for one that has none. */
export function commandName(command: Command): CommandName | undefined {
  const name = command.name();
  const above = command.parent?.name();
  if (above === 'federate' || above === 'maps' || above === 'slurm') return above;
  if (name === 'audit' && areDatasets(command.args)) return 'audit scans';
  if (name === 'compare' && areDatasets([command.args[0], command.args[0]])) return 'compare scans';
  if (name === 'apply' && areDatasets([command.args[1], command.args[1]])) return 'apply scans';
  if (name === 'harmonize') {
    const method = allMethods().find((one) => one.name === command.getOptionValue('method'));
    return method?.command?.tables === undefined ? 'harmonize scans' : 'harmonize tables';
  }
  return Object.keys(vocabularies).find((known): known is CommandName => known === name);
}

/** Advice in the words of a command. */
function inCommandWords(advice: Advice, command: CommandName): string {
  return wordAdvice(advice, commandWords(command));
}

/** Issues whose suggestions are in the words of a command, for its output and its reports. */
export function issuesInCommandWords(issues: readonly Issue[], command: CommandName): readonly Issue[] {
  return issues.map((issue) =>
    issue.remedy === undefined ? issue : { ...issue, suggestion: inCommandWords(issue.remedy, command) },
  );
}
