import { Command } from 'commander';
import { bidsAppWords } from '../bids-app-words';
import { wrongUsage } from '../option-values';
import { preprocessCommand } from '../preprocess-command';
import type { PreprocessFlags } from '../scans/preprocess-flags';
import { requireOneOfEach } from '../scans/preprocess-plan';
import type { CommandStreams } from '../streams';
import type { TrainFlags } from '../train-command';
import { requireTraining, trainCommand } from '../train-command';

/** The command that jobs run, with its words in parts. */
export type JobCommand =
  | { readonly name: 'preprocess'; readonly flags: PreprocessFlags; readonly parts: CommandParts }
  | { readonly name: 'train'; readonly flags: TrainFlags; readonly parts: CommandParts };

/** The words of a command: what it works on, and its options, each with its value. */
export interface CommandParts {
  readonly operands: readonly string[];
  /** By the name of the attribute that commander gives an option. */
  readonly options: readonly { readonly attribute: string; readonly words: readonly string[] }[];
}

/** The commands that jobs are written for. */
const known = ['preprocess', 'train'] as const;

/**
 * Reads the command that jobs are to run as it would read itself, without running it: what it would refuse is refused here.
 *
 * @param words - the words after `concord`
 */
export async function readCommand(
  words: readonly string[],
  { command, streams }: { readonly command: Command; readonly streams: CommandStreams },
): Promise<JobCommand> {
  const name = known.find((one) => one === words[0]);
  if (name === undefined) {
    wrongUsage(
      command,
      `jobs are written for ${known.join(' and ')}, not for "${words[0]}": submit that by a script of your own`,
    );
  }
  const program = new Command('concord')
    .exitOverride()
    .configureOutput({ writeOut: streams.out, writeErr: streams.err });
  (name === 'preprocess' ? preprocessCommand : trainCommand)(program, streams);
  const [own] = program.commands;
  let flags: unknown;
  // In place of the work of the command: commander has checked its words by then.
  own.action((...given: unknown[]) => {
    flags = given[given.length - 2];
  });
  const [, ...rest] = bidsAppWords(words);
  await own.parseAsync(rest, { from: 'user' });
  const parts = partsOf(own, rest);
  if (name === 'train') {
    requireTraining(own, flags as TrainFlags);
    return { name, flags: flags as TrainFlags, parts };
  }
  requireOneOfEach(flags as PreprocessFlags);
  if (parts.operands[2] !== 'participant')
    wrongUsage(command, 'the level of the command is "group" (give participant: the group level follows it)');
  return { name, flags: flags as PreprocessFlags, parts };
}

/** Divides the words of a command that has taken them. */
function partsOf({ options }: Command, words: readonly string[]): CommandParts {
  const operands: string[] = [];
  const found: { attribute: string; words: readonly string[] }[] = [];
  const end = words.indexOf('--');
  const upTo = end === -1 ? words.length : end;
  for (let at = 0; at < upTo; at++) {
    const word = words[at];
    const [flag] = word.split('=');
    const option = options.find(({ long, short }) => flag === long || word.slice(0, 2) === short);
    if (option === undefined) {
      operands.push(word);
      continue;
    }
    const alone = word === option.long || word === option.short;
    const apart = alone && (option.required || (option.optional && isValue(words[at + 1])));
    found.push({ attribute: option.attributeName(), words: words.slice(at, at + (apart ? 2 : 1)) });
    if (apart) at++;
  }
  return { operands: [...operands, ...words.slice(upTo + 1)], options: found };
}

function isValue(word: string | undefined): boolean {
  return word !== undefined && !word.startsWith('-');
}

/** The words of options, without some. */
export function optionWords(
  { options }: CommandParts,
  { without }: { readonly without: readonly string[] },
): readonly string[] {
  return options.filter(({ attribute }) => !without.includes(attribute)).flatMap(({ words }) => words);
}
