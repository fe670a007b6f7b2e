import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { LoadBidsOptions, SiteSource } from '../../io/bids/load-bids-options';
import { choice, listOf, wrongUsage } from '../option-values';

/** Which scans of a BIDS dataset the user asked for. */
export interface BidsSelectionFlags {
  readonly participantLabel?: readonly string[];
  readonly sessionLabel?: readonly string[];
  readonly suffix: string;
  readonly derivative?: string;
  readonly space?: string;
  readonly desc?: string;
  readonly entity?: Readonly<Record<string, string | null>>;
  readonly nonFinite: 'error' | 'zero';
  readonly site?: SiteSource;
}

/** The names of the options of {@link addScanOptions}, for commands that list what they know. */
export const scanSelectionNames: readonly (keyof BidsSelectionFlags)[] = [
  ...(['participantLabel', 'sessionLabel', 'suffix', 'derivative', 'space', 'desc', 'entity'] as const),
  'nonFinite',
];

/** Adds the options that choose scans of a BIDS dataset, and their sites. */
export function addSelectionOptions(command: Command): Command {
  return addScanOptions(command).option(
    '--site <source>',
    'where the site of a scan is recorded: column:NAME of participants.tsv, session, or sidecar:FIELD,FIELD … (default: found in the dataset)',
    siteSource,
  );
}

/** Adds the options that choose scans of a BIDS dataset. */
export function addScanOptions(command: Command): Command {
  return command
    .option('--participant-label <labels>', 'only these subjects, for example 01,02', listOf)
    .option('--session-label <labels>', 'only these sessions', listOf)
    .option('--suffix <suffix>', 'which images: T1w, T2w …', 'T1w')
    .option(
      '--derivative <name>',
      'read the derivative of this name in the folder derivatives of the dataset',
    )
    .option('--space <label>', 'which space of a derivative (none: names without one)')
    .option('--desc <label>', 'which description of a derivative (none: names without one)')
    .option('--entity <pairs>', 'other entities of the names, for example res=2,acq=mprage', entitiesOf)
    .addOption(
      choice('--non-finite <policy>', 'what to do with voxels that are not numbers', [
        'error',
        'zero',
      ]).default('error'),
    );
}

/** Parses where the site of a scan is. */
export function siteSource(text: string): SiteSource {
  if (text === 'session') return { session: true };
  const [, kind, names = ''] = /^(column|sidecar):(.+)$/.exec(text) ?? [];
  if (kind === 'column') return { column: names.trim() };
  if (kind === 'sidecar') return { sidecar: listOf(names) };
  throw new InvalidArgumentError('column:NAME, session, or sidecar:FIELD,FIELD is allowed');
}

/**
 * Where the site of a scan is, as the user says it; `undefined` where nothing was said. Other text is wrong usage.
 */
export function givenSite({ site }: { readonly site: string }, command: Command): SiteSource | undefined {
  if (command.getOptionValueSource('site') !== 'cli') return undefined;
  try {
    return siteSource(site);
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    return wrongUsage(command, `option '--site' is ${JSON.stringify(site)} (${error.message})`);
  }
}

/** Parses entities of names: `res=2,acq=none`. */
export function entitiesOf(text: string): Readonly<Record<string, string | null>> {
  return Object.fromEntries(
    listOf(text).map((pair) => {
      const [, key, label] = /^([a-z]+)=(.+)$/i.exec(pair) ?? [];
      if (key === undefined) throw new InvalidArgumentError('KEY=LABEL,KEY=LABEL … is allowed');
      return [key, labelOf(label)];
    }),
  );
}

/** A label that is asked for; `none` asks for names without the entity. */
function labelOf(text: string): string | null {
  return text === 'none' ? null : text;
}

/** The flags as options of `loadBids`. */
export function bidsSelection(flags: BidsSelectionFlags): LoadBidsOptions {
  const { participantLabel, sessionLabel, suffix, derivative, space, desc: described, site } = flags;
  const { entity, nonFinite } = flags;
  return {
    suffix,
    nonFinite,
    ...(entity === undefined ? {} : { entities: entity }),
    ...(participantLabel === undefined ? {} : { subjects: participantLabel }),
    ...(sessionLabel === undefined ? {} : { sessions: sessionLabel }),
    ...(derivative === undefined ? {} : { derivative }),
    ...(space === undefined ? {} : { space: labelOf(space) }),
    ...(described === undefined ? {} : { desc: labelOf(described) }),
    ...(site === undefined ? {} : { site }),
  };
}
