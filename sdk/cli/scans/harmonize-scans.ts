import type { Command } from 'commander';
import { basename, join, resolve } from 'node:path';
import type { Issue } from '../../data/issue';
import { distinctIssues } from '../../data/issue';
import { ConcordError } from '../../errors';
import { harmonizeVolumes } from '../../methods/harmonize-volumes';
import type { AnyModel, Method } from '../../methods/method';
import type { TrainedNetwork } from '../../methods/network-card';
import { learntInWords } from '../../methods/network-card';
import type { ScansCall } from '../../methods/method-command';
import { loadModel } from '../../methods/save-model';
import { useBackend } from '../../nn/backend/use-backend';
import type { BidsSelectionFlags } from './bids-selection';
import { addScanOptions, bidsSelection, givenSite, scanSelectionNames } from './bids-selection';
import type { ScansResult } from '../../report/scans-report';
import type { SavedScansReport } from './save-scans-report';
import type { BackendFlags } from '../methods/network-options';
import { addBackendOption } from '../methods/network-options';
import { wrongUsage } from '../option-values';
import { issueLines } from '../print-issues';
import { progressLine } from '../progress-line';
import type { CommandStreams } from '../streams';

/** What the options of `concord harmonize` hold that go with scans, once parsed; those of methods apart. */
export interface HarmonizeScansFlags extends Omit<BidsSelectionFlags, 'site'>, BackendFlags {
  readonly out: string;
  readonly model?: string;
  readonly site: string;
  readonly pictures: boolean;
  readonly report: boolean;
  readonly resume: boolean;
  readonly strict: boolean;
  readonly overwrite: boolean;
  readonly json: boolean;
}

/** The names of the options that go with all scans. */
export const scanFlagNames: readonly string[] = [
  ...['model', 'pictures', 'report', 'resume', 'strict', 'backend'],
  ...scanSelectionNames,
];

/** Adds the options that go with all scans. */
export function addHarmonizeScansOptions(command: Command): Command {
  const own = command
    .option('--model <folder>', 'the model: a folder that concord train wrote')
    .option('--no-pictures', 'draw no picture of each result')
    .option('--no-report', 'write no report.html')
    .option('--resume', 'keep what an earlier run completed, and go on', false)
    .option('--strict', 'stop at the first scan that cannot be used', false);
  return addBackendOption(addScanOptions(own));
}

/** One call of `concord harmonize` on scans. */
export interface HarmonizeScansRun {
  readonly method: Method;
  readonly call: ScansCall<AnyModel>;
  readonly flags: HarmonizeScansFlags;
  readonly command: Command;
  readonly streams: CommandStreams;
}

/** Harmonizes the scans of a BIDS dataset by a network, and writes them as a derivative. */
export async function harmonizeScans(
  source: string,
  { method, call, flags, command, streams }: HarmonizeScansRun,
): Promise<void> {
  const site = givenSite(flags, command);
  const { model: folder, strict, resume, overwrite, out } = flags;
  if (folder === undefined) {
    wrongUsage(command, `required option '--model <folder>' is not given (concord train makes one)`);
  }
  const { clear, ...running } = progressLine(streams);
  try {
    // What reads and writes scans is loaded here: tables do not wait for it.
    const { loadBids } = await import('../../io/bids/load-bids.js');
    const { writeBids } = await import('../../io/bids/written/write-bids.js');
    const { drawScans } = await import('./draw-scans.js');
    await useBackend(flags.backend ?? 'auto');
    const model = await loadModel(folder, method.model.kind);
    const { learnt } = model as Pick<TrainedNetwork, 'learnt'>;
    const known = call.covariates(model);
    const loaded = await loadBids(source, {
      ...{ ...bidsSelection({ ...flags, site }), strict, signal: running.signal },
      ...(known.length === 0 ? {} : { covariates: known }),
    });
    const options = await call.options(model, loaded, running);
    const harmonized = harmonizeVolumes(model, loaded, options);
    const { cohort, kept, issues } = await writeBids(harmonized, out, {
      ...{ desc: method.name, strict, resume, overwrite, ...running },
    });
    const drawn = flags.pictures ? await drawScans(cohort, out, { ...running, overwrite }) : [];
    const met = distinctIssues([...loaded.issues, ...issues, ...drawn]);
    const reported = !flags.report
      ? undefined
      : await saveReport(
          { before: loaded, after: cohort, model, issues: met },
          {
            ...{ input: source, target: out, flags, command: 'harmonize scans', ...running },
            method,
            call,
            kept: kept.length,
          },
        );
    clear();
    const all = reported?.issues ?? met;
    if (flags.json) {
      streams.out(`${JSON.stringify({ scans: cohort.scans.length, kept: kept.length, issues: all })}\n`);
      return;
    }
    streams.out(issueLines(all, 'harmonize scans'));
    const scans = `${cohort.scans.length} scan${cohort.scans.length === 1 ? '' : 's'}`;
    const before = kept.length === 0 ? '' : ` (${kept.length} complete before)`;
    const report = reported === undefined ? '' : `, what was done in ${join(out, reported.name)}`;
    streams.out(
      `the model learnt from ${learnt === undefined ? 'what it does not say' : learntInWords(learnt)}\n`,
    );
    streams.out(`${method.title}: ${scans} as of ${call.target}, in ${out}${before}${report}\n`);
  } catch (error) {
    clear();
    if (!(error instanceof ConcordError) || error.code !== 'aborted') throw error;
    const remedy = `what is done in ${out} is kept; the same command with --resume goes on`;
    throw new ConcordError('aborted', `${error.problem} (${remedy})`, { cause: error });
  }
}

/** Writes the report; what it needs is loaded here: tables do not wait for it. */
async function saveReport(
  result: ScansResult,
  {
    method,
    call,
    kept,
    ...about
  }: SavedScansReport & {
    readonly method: Method;
    readonly call: ScansCall<AnyModel>;
    readonly kept: number;
  },
): Promise<{ readonly name: string; readonly issues: readonly Issue[] }> {
  const { keptFacts, saveScansReport } = await import('./save-scans-report.js');
  const title = `${method.title} on ${basename(resolve(about.input))}`;
  const facts = [{ label: 'Harmonized to', value: call.target }, ...keptFacts(kept)];
  return saveScansReport(result, { ...about, title, facts });
}
