import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { LoadBidsOptions, SiteSource } from '../io/bids/load-bids-options';
import { listOf } from './option-values';

/** Which scans of a BIDS dataset the user asked for. */
export interface BidsSelectionFlags {
  readonly participantLabel?: readonly string[];
  readonly sessionLabel?: readonly string[];
  readonly suffix: string;
  readonly derivative?: string;
  readonly space?: string;
  readonly desc?: string;
  readonly site?: SiteSource;
}

/** Adds the options that choose scans of a BIDS dataset, and tell their sites. */
export function addSelectionOptions(command: Command): Command {
  return addScanOptions(command).option(
    '--site <source>',
    'where the site of a scan stands: column:NAME of participants.tsv, session, or sidecar:FIELD,FIELD … (default: found)',
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
    .option('--space <label>', 'which space of a derivative')
    .option('--desc <label>', 'which description of a derivative');
}

/** Parses where the site of a scan stands. */
export function siteSource(text: string): SiteSource {
  if (text === 'session') return { session: true };
  const [, kind, names = ''] = /^(column|sidecar):(.+)$/.exec(text) ?? [];
  if (kind === 'column') return { column: names.trim() };
  if (kind === 'sidecar') return { sidecar: listOf(names) };
  throw new InvalidArgumentError('column:NAME, session, or sidecar:FIELD,FIELD is allowed');
}

/** The flags as options of `loadBids`. */
export function bidsSelection(flags: BidsSelectionFlags): LoadBidsOptions {
  const { participantLabel, sessionLabel, suffix, derivative, space, desc: described, site } = flags;
  return {
    suffix,
    ...(participantLabel === undefined ? {} : { subjects: participantLabel }),
    ...(sessionLabel === undefined ? {} : { sessions: sessionLabel }),
    ...(derivative === undefined ? {} : { derivative }),
    ...(space === undefined ? {} : { space }),
    ...(described === undefined ? {} : { desc: described }),
    ...(site === undefined ? {} : { site }),
  };
}
