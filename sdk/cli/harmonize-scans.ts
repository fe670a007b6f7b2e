import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { distinctIssues } from '../data/issue';
import type { UnseenSite } from '../ddae/ddae-model';
import { ConcordError } from '../errors';
import { harmonizeVolumes } from '../harmonize-volumes';
import { loadBids } from '../io/bids/load-bids';
import { writeBids } from '../io/bids/write-bids';
import { loadModel } from '../models';
import { useBackend } from '../nn/backend/use-backend';
import type { BidsSelectionFlags } from './bids-selection';
import { addScanOptions, bidsSelection, siteSource } from './bids-selection';
import { inCommandWords } from './command-words';
import { drawScans } from './draw-scans';
import { requireChoice, wrongUsage } from './harmonize-flags';
import type { BackendFlags } from './network-options';
import { addBackendOption } from './network-options';
import { countOf, shareOf } from './option-values';
import { issueLines } from './print-issues';
import { progressLine } from './progress-line';
import type { CommandStreams } from './streams';

/** What the options of `concord harmonize --method ddae` hold once parsed. */
export interface HarmonizeScansFlags extends Omit<BidsSelectionFlags, 'site'>, BackendFlags {
  readonly out: string;
  readonly model?: string;
  readonly target: string;
  readonly keep: number;
  readonly until?: number;
  readonly samplingSteps: number;
  readonly batchSize: number;
  readonly site: string;
  readonly unseen: string;
  readonly seed: number;
  readonly pictures: boolean;
  readonly resume: boolean;
  readonly strict: boolean;
  readonly overwrite: boolean;
  readonly json: boolean;
}

/** Adds the options that only scans have. */
export function addHarmonizeScansOptions(command: Command): Command {
  const own = command
    .option('--model <folder>', 'the model: a folder that concord train wrote')
    .option('--target <site>', 'a site of the model, or average', 'average')
    .option('--keep <share>', 'how much of the traced noise stays: 1 all, 0 only the codes', shareOf, 1)
    .option('--until <time>', 'how far the noise is traced back (default: all the way)', countOf)
    .option('--sampling-steps <count>', 'how often the network is asked on each way', countOf, 20)
    .option('--batch-size <count>', 'slices at a time', countOf, 32)
    .option('--no-pictures', 'draw no picture of each result')
    .option('--resume', 'keep what an earlier run completed, and go on', false)
    .option('--strict', 'stop at the first scan that cannot be used', false);
  return addBackendOption(addScanOptions(own));
}

/** Harmonizes the scans of a BIDS dataset by a network, and writes them as a derivative. */
export async function harmonizeScans(
  source: string,
  { flags, command, streams }: { flags: HarmonizeScansFlags; command: Command; streams: CommandStreams },
): Promise<void> {
  const site = siteOf(flags, command);
  const unseen = requireChoice(command, '--unseen', ['error', 'average', 'nearest'] as const) ?? 'error';
  if (flags.model === undefined) {
    wrongUsage(command, `required option '--model <folder>' is not given (concord train makes one)`);
  }
  const { strict, resume, overwrite, out } = flags;
  const { clear, ...running } = progressLine(streams);
  try {
    await useBackend(flags.backend ?? 'auto');
    const model = await loadModel(flags.model, 'ddae');
    const known = model.known.map(({ name }) => name);
    const loaded = await loadBids(source, {
      ...{ ...bidsSelection({ ...flags, site }), strict, signal: running.signal },
      ...(known.length === 0 ? {} : { covariates: known }),
    });
    const harmonized = harmonizeVolumes(model, loaded, optionsOf(flags, unseen));
    const { cohort, kept, issues } = await writeBids(harmonized, out, {
      ...{ desc: 'ddae', strict, resume, overwrite, ...running },
    });
    const drawn = flags.pictures ? await drawScans(cohort, out, { ...running, overwrite }) : [];
    clear();
    const all = distinctIssues([...loaded.issues, ...issues, ...drawn]);
    if (flags.json) {
      streams.out(`${JSON.stringify({ scans: cohort.scans.length, kept: kept.length, issues: all })}\n`);
      return;
    }
    streams.out(inCommandWords(issueLines(all)));
    const scans = `${cohort.scans.length} scan${cohort.scans.length === 1 ? '' : 's'}`;
    const before = kept.length === 0 ? '' : ` (${kept.length} complete before)`;
    streams.out(`DDAE: ${scans} as of ${flags.target}, in ${out}${before}\n`);
  } catch (error) {
    clear();
    if (!(error instanceof ConcordError) || error.code !== 'aborted') throw error;
    const remedy = `what is done in ${out} is kept; the same command with --resume goes on`;
    throw new ConcordError('aborted', `${error.message} (${remedy})`, { cause: error });
  }
}

function siteOf({ site }: HarmonizeScansFlags, command: Command): BidsSelectionFlags['site'] {
  if (command.getOptionValueSource('site') !== 'cli') return undefined;
  try {
    return siteSource(site);
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    return wrongUsage(command, `option '--site' is ${JSON.stringify(site)} (${error.message})`);
  }
}

function optionsOf(
  { target, keep, until, samplingSteps: steps, batchSize, seed }: HarmonizeScansFlags,
  unseen: UnseenSite,
): Parameters<typeof harmonizeVolumes>[2] {
  return { target, keep, steps, batchSize, seed, unseen, ...(until === undefined ? {} : { until }) };
}
