import type { Command } from 'commander';
import { makeFederatedStudy } from '../../federate/study';
import { keyFingerprint } from '../../federate/message';
import { requireAbsent } from '../../io/files/write-file';
import { combatFitting, combatOptionsOf } from '../../methods/combat-fitting';
import type { CombatFitting } from '../../methods/combat-fitting';
import type { ValuesOf } from '../../methods/method-option';
import { addMethodOptions, methodValues } from '../methods/method-options';
import { countOf, listOf } from '../option-values';
import type { CommandStreams } from '../streams';
import { unitsOf } from '../tables/folder-options';
import { disclosedLines, keysIn, messagePath, writeMessage } from './federated-files';

interface InitFlags {
  readonly hospitals: readonly string[];
  readonly categorical: readonly string[];
  readonly continuous: readonly string[];
  readonly unit: Readonly<Record<string, string>>;
  readonly minimum?: number;
}

const { unseen: _, dropMissing: __, ...options } = combatFitting;

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
  await requireAbsent(path);
  const values = { ...methodValues(command, options), unseen: 'error', dropMissing: false };
  const { preserve, smooth, eb, meanOnly, reference, robust, transform } = combatOptionsOf(
    values as unknown as ValuesOf<CombatFitting>,
  );
  const { hospitals, categorical, continuous, unit, minimum } = flags;
  const keys = await keysIn(folder);
  const study = makeFederatedStudy(keys, {
    ...{ hospitals, minimum, smooth, eb, meanOnly, reference, robust, transform },
    preserve: (preserve ?? []).map((one) => {
      const name = typeof one === 'string' ? one : one.name;
      if (categorical.includes(name)) return { name, kind: 'categorical' };
      if (continuous.includes(name) || unit[name] !== undefined)
        return { name, kind: 'continuous', unit: unit[name] };
      return { name };
    }),
  });
  streams.out(disclosedLines(study));
  await writeMessage(path, study);
  streams.out(
    `written: ${path}\nSend it to ${hospitals.join(', ')}, and tell them by telephone the fingerprint of your key:\n` +
      `  ${keyFingerprint(keys.publicKey)}\n`,
  );
}
