import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { distinctIssues } from '../data/issue';
import type { ImageCohort, VolumeCohort } from '../data/cohort';
import { takeSubjects } from '../data/cohort';
import { listNames } from '../data/list-names';
import type { RunOptions } from '../data/run-options';
import { ConcordError } from '../errors';
import { loadModel } from '../models';
import type { StyleChoice } from '../murd/style-choice';
import type { MurdModel } from '../murd/murd-model';
import type { BidsSelectionFlags } from './bids-selection';
import { addScanOptions, bidsSelection, siteSource } from './bids-selection';
import { requireChoice } from './harmonize-flags';
import type { BackendFlags } from './network-options';
import { addBackendOption } from './network-options';
import { countOf, integerOf, listOf, shareOf, wrongUsage } from './option-values';
import { issueLines } from './print-issues';
import { progressLine } from './progress-line';
import type { CommandStreams } from './streams';

/** What the options of `concord harmonize --method ddae` and `murd` hold once parsed. */
export interface HarmonizeScansFlags extends Omit<BidsSelectionFlags, 'site'>, BackendFlags {
  readonly method: 'ddae' | 'murd';
  readonly out: string;
  readonly model?: string;
  readonly target: string;
  readonly like?: readonly string[];
  readonly style?: number;
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
    .option('--target <site>', 'a site of the model, or with ddae average', 'average')
    .option('--like <scans>', 'murd: make all look like these scans of the dataset, by their ids', listOf)
    .option('--style <seed>', 'murd: draw one of the styles of the target (default: the middle)', integerOf)
    .option('--keep <share>', 'ddae: how much of the traced noise stays: 1 all, 0 only the codes', shareOf, 1)
    .option('--until <time>', 'ddae: how far the noise is traced back (default: all the way)', countOf)
    .option('--sampling-steps <count>', 'ddae: how often the network is asked on each way', countOf, 20)
    .option('--batch-size <count>', 'slices at a time', countOf, 32)
    .option('--no-pictures', 'draw no picture of each result')
    .option('--resume', 'keep what an earlier run completed, and go on', false)
    .option('--strict', 'stop at the first scan that cannot be used', false);
  return addBackendOption(addScanOptions(own));
}

/**
 * Harmonizes the scans of a BIDS dataset by a network, and writes them as a derivative. The networks, and TensorFlow.js
 * with them, are loaded here: no other way of the command waits for them.
 */
export async function harmonizeScans(
  source: string,
  { flags, command, streams }: { flags: HarmonizeScansFlags; command: Command; streams: CommandStreams },
): Promise<void> {
  const site = siteOf(flags, command);
  const { model: folder, method, strict, resume, overwrite, out } = flags;
  if (folder === undefined) {
    wrongUsage(command, `required option '--model <folder>' is not given (concord train makes one)`);
  }
  const prepare = method === 'ddae' ? byDdae(folder, flags, command) : byMurd(folder, flags, command);
  const { clear, ...running } = progressLine(streams);
  try {
    const { useBackend } = await import('../nn/backend/use-backend.js');
    const { loadBids } = await import('../io/bids/load-bids.js');
    const { writeBids } = await import('../io/bids/write-bids.js');
    const { drawScans } = await import('./draw-scans.js');
    await useBackend(flags.backend ?? 'auto');
    const { known, target, apply } = await prepare();
    const loaded = await loadBids(source, {
      ...{ ...bidsSelection({ ...flags, site }), strict, signal: running.signal },
      ...(known.length === 0 ? {} : { covariates: known }),
    });
    const harmonized = await apply(loaded, running);
    const { cohort, kept, issues } = await writeBids(harmonized, out, {
      ...{ desc: method, strict, resume, overwrite, ...running },
    });
    const drawn = flags.pictures ? await drawScans(cohort, out, { ...running, overwrite }) : [];
    clear();
    const all = distinctIssues([...loaded.issues, ...issues, ...drawn]);
    if (flags.json) {
      streams.out(`${JSON.stringify({ scans: cohort.scans.length, kept: kept.length, issues: all })}\n`);
      return;
    }
    streams.out(issueLines(all, 'harmonize scans'));
    const scans = `${cohort.scans.length} scan${cohort.scans.length === 1 ? '' : 's'}`;
    const before = kept.length === 0 ? '' : ` (${kept.length} complete before)`;
    streams.out(`${method.toUpperCase()}: ${scans} as of ${target}, in ${out}${before}\n`);
  } catch (error) {
    clear();
    if (!(error instanceof ConcordError) || error.code !== 'aborted') throw error;
    const remedy = `what is done in ${out} is kept; the same command with --resume goes on`;
    throw new ConcordError('aborted', `${error.problem} (${remedy})`, { cause: error });
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

/** A model once loaded: what it must know of people, what scans become like, and how. */
interface Prepared {
  readonly known: readonly string[];
  readonly target: string;
  readonly apply: (cohort: VolumeCohort, run: RunOptions) => Promise<VolumeCohort>;
}

function byDdae(folder: string, flags: HarmonizeScansFlags, command: Command): () => Promise<Prepared> {
  const unseen = requireChoice(command, '--unseen', ['error', 'average', 'nearest'] as const) ?? 'error';
  const { target, keep, until, samplingSteps: steps, batchSize, seed } = flags;
  const options = { target, keep, steps, batchSize, seed, unseen, ...(until === undefined ? {} : { until }) };
  return async () => {
    const { harmonizeVolumes } = await import('../harmonize-volumes.js');
    const model = await loadModel(folder, 'ddae');
    return {
      known: model.known.map(({ name }) => name),
      target,
      apply: (cohort) => Promise.resolve(harmonizeVolumes(model, cohort, options)),
    };
  };
}

function byMurd(folder: string, flags: HarmonizeScansFlags, command: Command): () => Promise<Prepared> {
  const { target, like, style, batchSize } = flags;
  const named = command.getOptionValueSource('target') === 'cli';
  if (named === (like !== undefined)) {
    wrongUsage(
      command,
      `one of the options '--target <site>' and '--like <scans>' is needed with --method murd`,
    );
  }
  if (like !== undefined && style !== undefined) {
    wrongUsage(command, `option '--style' goes with '--target': a scan has the style it has`);
  }
  return async () => {
    const { harmonizeVolumes } = await import('../harmonize-volumes.js');
    const model = await loadModel(folder, 'murd');
    return {
      known: [],
      target: like === undefined ? target : like.join(', '),
      apply: async (cohort, run) => {
        const choice: StyleChoice =
          like === undefined
            ? { site: target, ...(style === undefined ? {} : { styleSeed: style }) }
            : { reference: await cutReference(model, scansNamed(cohort, like), run) };
        return harmonizeVolumes(model, cohort, { ...choice, batchSize });
      },
    };
  };
}

function scansNamed(cohort: VolumeCohort, ids: readonly string[]): VolumeCohort {
  const rows = ids.map((id) => {
    const row = cohort.scans.findIndex((scan) => scan.id === id);
    if (row >= 0) return row;
    throw new ConcordError(
      'invalid-option',
      `unknown scan: "${id}" (there are ${listNames(cohort.participants.ids, 8)})`,
      { where: { subject: id } },
    );
  });
  return takeSubjects(cohort, rows);
}

/** Scans cut as the model sees them. */
async function cutReference(
  { geometry, architecture }: MurdModel,
  scans: VolumeCohort,
  { signal }: RunOptions,
): Promise<ImageCohort> {
  const { brainSteps } = await import('../preprocess/brain-steps.js');
  const { preprocess } = await import('../preprocess/preprocess.js');
  const { toImages } = await import('../preprocess/to-images.js');
  const { plane, pixelSize } = geometry;
  const [height, width, channels] = architecture.imageShape;
  return toImages(preprocess(scans, brainSteps(geometry)), {
    ...{ plane, size: [height, width], center: 'mask', fill: 0, channels: channels === 3 ? 3 : 1 },
    ...{ at: { every: Math.max(...pixelSize) }, strict: true, signal },
  });
}
