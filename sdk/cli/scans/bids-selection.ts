import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { LoadBidsOptions, SiteSource } from '../../io/bids/load-bids-options';
import type { SameLabels } from '../../io/tables/table-options';
import { choice, listOf, wrongUsage } from '../option-values';
import { addPeopleFlags } from '../tables/table-flags';

/** What a name must have of an entity: one of these labels, `null` for names without the entity. */
type Labels = readonly (string | null)[];

/** The entities that have an option of their own, with what each is about; `--entity` chooses any. */
const entityFlags = {
  acq: 'which acquisition, by its label',
  ce: 'which contrast agent',
  rec: 'which reconstruction',
  dir: 'which direction of phase encoding',
  run: 'which run',
  echo: 'which echo',
  inv: 'which inversion time',
  part: 'which part of complex images: mag, phase, real or imag (default: magnitudes)',
  res: 'which resolution of a derivative',
} as const;

type EntityFlag = keyof typeof entityFlags;

/** Which scans of a BIDS dataset the user asked for. */
export interface BidsSelectionFlags extends Readonly<Partial<Record<EntityFlag, Labels>>> {
  readonly participantLabel?: readonly string[];
  readonly sessionLabel?: readonly string[];
  readonly suffix: string;
  readonly derivative?: string;
  readonly space?: Labels;
  readonly desc?: Labels;
  readonly entity?: Readonly<Record<string, Labels>>;
  readonly frame?: number;
  readonly nonFinite: 'error' | 'zero';
  readonly site?: SiteSource;
  readonly person?: string;
  readonly family?: readonly string[];
  readonly sameSite?: SameLabels;
  readonly sameLevel?: Readonly<Record<string, SameLabels>>;
  readonly ageCap?: number;
}

const entityNames = Object.keys(entityFlags) as readonly EntityFlag[];

/** The names of the options of {@link addScanOptions}, for commands that list what they know. */
export const scanSelectionNames: readonly (keyof BidsSelectionFlags)[] = [
  ...(['participantLabel', 'sessionLabel', 'suffix', 'derivative', 'space', 'desc', 'entity'] as const),
  ...entityNames,
  ...(['frame', 'nonFinite'] as const),
];

/** Adds the options that choose scans of a BIDS dataset, and their sites. */
export function addSelectionOptions(command: Command): Command {
  const own = addScanOptions(command).option(
    '--site <source>',
    'where the site of a scan is found: column:NAME of participants.tsv, session, sidecar:FIELD,FIELD …, or name:SITE for all (default: found)',
    siteSource,
  );
  return addPeopleFlags(own);
}

/** Adds the options that choose scans of a BIDS dataset. */
export function addScanOptions(command: Command): Command {
  const own = command
    .option('--participant-label <labels>', 'only these subjects, for example 01,02', listOf)
    .option('--session-label <labels>', 'only these sessions', listOf)
    .option('--suffix <suffix>', 'which images: T1w, T2w, FLAIR, PDw …', 'T1w')
    .option(
      '--derivative <name>',
      'read the derivative of this name in the folder derivatives of the dataset',
    )
    .option('--space <labels>', 'which space of a derivative (none or null: names without one)', labelsOf)
    .option(
      '--desc <labels>',
      'which description of a derivative (none or null: names without one)',
      labelsOf,
    );
  for (const name of entityNames) own.option(`--${name} <labels>`, entityFlags[name], labelsOf);
  return own
    .option(
      '--entity <pairs>',
      'any entities of the names, for example res=2,acq=mprage,acq=none',
      entitiesOf,
    )
    .option('--frame <number>', 'which volume of a series, from 0 (default: the first)', frameOf)
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
  const [, kind, names = ''] = /^(column|sidecar|name):(.+)$/.exec(text) ?? [];
  if (kind === 'column') return { column: names.trim() };
  if (kind === 'name') return { name: names.trim() };
  if (kind === 'sidecar') return { sidecar: listOf(names) };
  throw new InvalidArgumentError('column:NAME, session, sidecar:FIELD,FIELD, or name:SITE is allowed');
}

/**
 * Where the site of a scan is found, by `--site`; `undefined` where it is not given. Other text is wrong usage.
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

/** Parses entities of names: `res=2,acq=none`; an entity may be there several times. */
export function entitiesOf(text: string): Readonly<Record<string, Labels>> {
  const entities: Record<string, Labels> = {};
  for (const pair of listOf(text)) {
    const [, key, label] = /^([a-z]+)=(.+)$/i.exec(pair) ?? [];
    if (key === undefined) throw new InvalidArgumentError('KEY=LABEL,KEY=LABEL … is allowed');
    const name = key.toLowerCase();
    entities[name] = [...(entities[name] ?? []), labelOf(label)];
  }
  return entities;
}

/** Parses labels: `MNI152NLin6Asym,none`. */
export function labelsOf(text: string): Labels {
  return listOf(text).map(labelOf);
}

/** A label that is asked for; `none` and `null` ask for names without the entity. */
function labelOf(text: string): string | null {
  return text === 'none' || text === 'null' ? null : text;
}

function frameOf(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError('a whole number from 0 is allowed');
}

/** The flags as options of `loadBids`. */
export function bidsSelection(flags: BidsSelectionFlags): LoadBidsOptions {
  const { participantLabel: subjects, sessionLabel: sessions, suffix, derivative, space, desc } = flags;
  const { entity, frame, nonFinite, site, person, family, sameSite, sameLevel, ageCap } = flags;
  const named = entityNames.flatMap((name) => (flags[name] === undefined ? [] : [[name, flags[name]]]));
  return {
    suffix,
    subjects,
    sessions,
    derivative,
    space,
    desc,
    entities: { ...entity, ...(Object.fromEntries(named) as Readonly<Record<string, Labels>>) },
    frame,
    nonFinite,
    site,
    person,
    family,
    sameSite,
    sameLevel,
    ageCap,
  };
}
