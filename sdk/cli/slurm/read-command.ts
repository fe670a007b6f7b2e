import { Command } from 'commander';
import type { AnyModel, Method } from '../../methods/method';
import type { ScansCall } from '../../methods/method-command';
import type { ApplyFlags } from '../apply-command';
import { applyCommand, applyOutputs, requireApplication } from '../apply-command';
import { ownWords } from '../bids-app-words';
import { harmonizeCommand, requireHarmonizing } from '../harmonize-command';
import type { HarmonizeMapsFlags } from '../maps/harmonize-maps';
import { requireHarmonizingMaps } from '../maps/harmonize-maps';
import { mapsCommand } from '../maps-command';
import { wrongUsage } from '../option-values';
import { preprocessCommand } from '../preprocess-command';
import type { BidsSelectionFlags } from '../scans/bids-selection';
import { givenSite } from '../scans/bids-selection';
import type { HarmonizeScansFlags } from '../scans/harmonize-scans';
import type { PreprocessFlags } from '../scans/preprocess-flags';
import { requireOneOfEach } from '../scans/preprocess-plan';
import type { CommandStreams } from '../streams';
import type { HarmonizeFlags } from '../tables/harmonize-flags';
import { harmonizeOutputs } from '../tables/save-harmonized';
import type { TrainFlags } from '../train-command';
import { requireTraining, trainCommand } from '../train-command';
import type { CommandParts } from './command-parts';
import { partsOf } from './command-parts';

/** The command that jobs run, with its words in parts. */
export type JobCommand = {
  readonly parts: CommandParts;
  /** What is read: a dataset, or a table. */
  readonly source: string;
} & (
  | { readonly work: 'preprocess'; readonly name: 'preprocess'; readonly flags: PreprocessFlags }
  | { readonly work: 'training'; readonly name: 'train'; readonly flags: TrainFlags }
  | ScansJob
  | TableJob
  | MapsJob
);

/** Scans that are harmonized: each by itself, by a model that is there, or all of them together. */
export interface ScansJob {
  readonly work: 'each scan' | 'all scans';
  readonly name: 'harmonize' | 'apply';
  readonly flags: Omit<BidsSelectionFlags, 'site'> &
    Pick<HarmonizeScansFlags, 'out' | 'overwrite' | 'resume'>;
  /** The model, where one is given. */
  readonly model: string | undefined;
  /** Where the sites are. */
  readonly site: BidsSelectionFlags['site'];
  readonly method: Method;
  readonly call: ScansCall<AnyModel>;
}

/** A table that is harmonized. */
export interface TableJob {
  readonly work: 'table';
  readonly name: 'harmonize' | 'apply';
  readonly flags: Pick<HarmonizeFlags, 'out' | 'overwrite' | 'participants'>;
  /** The names of the files that it writes. */
  readonly outputs: readonly string[];
}

/** Maps that are harmonized, out of core. */
export interface MapsJob {
  readonly work: 'maps';
  readonly name: 'maps';
  readonly part: 'harmonize' | 'apply';
  readonly flags: Pick<HarmonizeMapsFlags, 'out' | 'overwrite' | 'root' | 'workDir'>;
}

/** The commands that jobs are written for. */
const known = ['preprocess', 'train', 'harmonize', 'apply', 'maps'] as const;

type KnownName = (typeof known)[number];

const adding: Readonly<Record<KnownName, (program: Command, streams: CommandStreams) => void>> = {
  preprocess: preprocessCommand,
  train: trainCommand,
  harmonize: harmonizeCommand,
  apply: applyCommand,
  maps: mapsCommand,
};

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
      `jobs are written for ${known.slice(0, -1).join(', ')} and ${known.at(-1)}, not for "${words[0]}": submit that by a script of your own`,
    );
  }
  const program = new Command('concord')
    .exitOverride()
    .configureOutput({ writeOut: streams.out, writeErr: streams.err });
  adding[name](program, streams);
  const [first] = program.commands;
  const own = first.commands.length === 0 ? first : partOf(first, words[1], command);
  let flags: unknown;
  // In place of the work of the command: commander has checked its words by then.
  own.action((...given: unknown[]) => {
    flags = given[given.length - 2];
  });
  const rest = ownWords(words.slice(own === first ? 1 : 2), own);
  await own.parseAsync(rest, { from: 'user' });
  const parts = partsOf(own, rest);
  const read = await readers[name]({ own, flags, parts, command });
  if (read.source === '-' || ('participants' in read.flags && read.flags.participants === '-'))
    wrongUsage(command, 'a job has no standard input: give the table as a file in the place of -');
  return read;
}

/** The part of a command that is meant. */
function partOf({ commands }: Command, name: string | undefined, command: Command): Command {
  const parts = commands.filter((one) => mapsParts.some((part) => part === one.name()));
  return (
    parts.find((one) => one.name() === name) ??
    wrongUsage(command, `jobs of maps are written for ${mapsParts.join(' and ')}, not for "${name ?? ''}"`)
  );
}

const mapsParts = ['harmonize', 'apply'] as const;

/** A command that has taken its words. */
interface Parsed {
  readonly own: Command;
  /** The options as the command knows them, with the defaults of all that have one. */
  readonly flags: unknown;
  readonly parts: CommandParts;
  /** The command whose words hold those of the other. */
  readonly command: Command;
}

const readers: Readonly<Record<KnownName, (parsed: Parsed) => JobCommand | Promise<JobCommand>>> = {
  preprocess: readPreprocess,
  train: readTraining,
  harmonize: readHarmonize,
  apply: readApply,
  maps: readMaps,
};

function readPreprocess({ flags, parts, command }: Parsed): JobCommand {
  requireOneOfEach(flags as PreprocessFlags);
  const [source, , level] = parts.operands;
  if (level !== 'participant')
    wrongUsage(command, 'the level of the command is "group" (give participant: the group level follows it)');
  return { work: 'preprocess', name: 'preprocess', source, flags: flags as PreprocessFlags, parts };
}

function readTraining({ own, flags, parts }: Parsed): JobCommand {
  requireTraining(own, flags as TrainFlags);
  return { work: 'training', name: 'train', source: parts.operands[0], flags: flags as TrainFlags, parts };
}

function readHarmonize({ own, flags: given, parts }: Parsed): JobCommand {
  const flags = given as HarmonizeFlags & HarmonizeScansFlags;
  const asked = requireHarmonizing(own, flags);
  const [source] = parts.operands;
  if (asked.scans === undefined)
    return { work: 'table', name: 'harmonize', source, parts, flags, outputs: harmonizeOutputs };
  const { method, scans: call } = asked;
  const work = flags.model === undefined || namesOthers(method, parts) ? 'all scans' : 'each scan';
  const site = givenSite(flags, own);
  return { work, name: 'harmonize', source, parts, flags, model: flags.model, method, call, site };
}

async function readApply({ own, flags: given, parts }: Parsed): Promise<JobCommand> {
  const flags = given as ApplyFlags & HarmonizeScansFlags;
  const [model, source] = parts.operands;
  const scans = await requireApplication(own, { model, input: source, flags });
  if (scans === undefined)
    return { work: 'table', name: 'apply', source, parts, flags, outputs: applyOutputs };
  const { method, call } = scans;
  const work = namesOthers(method, parts) ? 'all scans' : 'each scan';
  return { work, name: 'apply', source, parts, flags, model, method, call, site: givenSite(flags, own) };
}

function readMaps({ own, flags: given, parts }: Parsed): JobCommand {
  const flags = given as HarmonizeMapsFlags;
  const part = own.name() === 'harmonize' ? 'harmonize' : 'apply';
  if (part === 'harmonize') requireHarmonizingMaps(own, flags);
  const source = parts.operands[part === 'harmonize' ? 0 : 1];
  return { work: 'maps', name: 'maps', part, source, parts, flags };
}

/** Whether the words name scans of the dataset that all others need. */
function namesOthers({ command }: Method, { options }: CommandParts): boolean {
  return options.some(({ attribute }) => command?.scans?.together?.includes(attribute));
}
