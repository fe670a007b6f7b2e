import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { ConcordError } from '../../errors';
import type { FederatedCovariate } from '../../federate/study';
import { makeFederatedStudy } from '../../federate/study';
import { keyFingerprint } from '../../federate/message';
import { isThere } from '../../io/files/write-file';
import { combatFitting, combatOptionsOf } from '../../methods/combat-fitting';
import type { CombatFitting } from '../../methods/combat-fitting';
import type { OptionTypes, ValuesOf } from '../../methods/method-option';
import { advise, option } from '../../remedy';
import { addMethodOptions, methodValues } from '../methods/method-options';
import { countOf, knotsOf, listOf } from '../option-values';
import type { CommandStreams } from '../streams';
import { unitsOf } from '../tables/folder-options';
import { disclosedLines, keysIn, messagePath, writeMessage } from './federated-files';

interface InitFlags {
  readonly hospitals: readonly string[];
  readonly categorical: readonly string[];
  readonly continuous: readonly string[];
  readonly unit: Readonly<Record<string, string>>;
  readonly minimum?: number;
  readonly knots: OptionTypes['knots'];
}

const { unseen: _, dropMissing: __, smoothingSeed: ___, knots: ____, ...options } = combatFitting;

/** Adds `concord federate init`: the coordinator begins a study. */
export function initCommand(federate: Command, streams: CommandStreams): void {
  const command = federate
    .command('init')
    .description('coordinator: begin a study; send study.json of its folder to the hospitals')
    .argument('<folder>', 'a new folder for the study; its private.key is not to be given away')
    .requiredOption('--hospitals <names>', 'the hospitals that take part', listOf)
    .option('--categorical <names>', 'covariates that are categorical whatever they look like', listOf, [])
    .option('--continuous <names>', 'covariates that are continuous whatever they look like', listOf, [])
    .option('--unit <units>', 'units of continuous covariates, for example age=years', unitsOf, {})
    .option(
      '--knots <ranges>',
      'the first and the last inner knot of each curve of --smooth, well within the range of scans, and how many B-splines if not 10: age=25:75, age=25:75:6',
      agreedKnotsOf,
      {},
    )
    .option('--minimum <count>', 'how few persons a number may be made of at least (default: 5)', countOf);
  addMethodOptions(command, [{ name: 'federate', options }]);
  command.action((folder: string, flags: InitFlags) => initStudy(folder, { flags, command, streams }));
}

/** Begins a study in a folder. */
export async function initStudy(
  folder: string,
  {
    flags,
    command,
    streams,
  }: { readonly flags: InitFlags; readonly command: Command; readonly streams: CommandStreams },
): Promise<void> {
  const path = messagePath(folder, 'study');
  if (await isThere(path)) {
    throw new ConcordError('file-exists', `file exists: ${path}: the folder has a study already`, {
      where: { file: path },
      remedy: ['send that to the hospitals, or begin another study in a new folder'],
    });
  }
  const { hospitals, minimum, knots } = flags;
  const values = { ...methodValues(command, options), knots, unseen: 'error', dropMissing: false };
  const { smooth, smoothing, ...fitting } = combatOptionsOf(values as unknown as ValuesOf<CombatFitting>);
  if (typeof smoothing === 'object' || smoothing === 'kfold') {
    throw new ConcordError('invalid-option', 'invalid smoothing: kfold draws scans, which nobody sees', {
      remedy: advise`choose ${option('smoothing', 'reml', 'gcv')}`,
    });
  }
  const keys = await keysIn(folder);
  const { preserve, eb, meanOnly, reference, robust, transform, basis, scaleCovariates, penalties } = fitting;
  const study = makeFederatedStudy(keys, {
    ...{ hospitals, minimum, preserve, eb, meanOnly, reference, robust, transform, basis, scaleCovariates },
    smoothing,
    penalties,
    smooth,
    covariates: kindsOf(flags),
  });
  streams.out(disclosedLines(study));
  await writeMessage(path, study);
  streams.out(
    `written: ${path}\nSend it to ${hospitals.join(', ')}, and tell them by telephone the fingerprint of your key:\n` +
      `  ${keyFingerprint(keys.publicKey)}\n`,
  );
}

/** What the options say of covariates. */
function kindsOf({ categorical, continuous, unit }: InitFlags): readonly FederatedCovariate[] {
  const amounts = [...new Set([...continuous, ...Object.keys(unit)])].filter(
    (name) => !categorical.includes(name),
  );
  return [
    ...categorical.map((name): FederatedCovariate => ({ name, kind: 'categorical' })),
    ...amounts.map((name): FederatedCovariate => ({ name, kind: 'continuous', unit: unit[name] })),
  ];
}

/** Knots are agreed on, since nobody sees the range of all scans. */
function agreedKnotsOf(text: string, previous: OptionTypes['knots']): OptionTypes['knots'] {
  const knots = knotsOf(text);
  if (Object.values(knots).some((own) => own.knots === undefined))
    throw new InvalidArgumentError(
      'NAME=FIRST:LAST is allowed, such as age=25:75, or NAME=FIRST:LAST:SPLINES',
    );
  return { ...previous, ...knots };
}
