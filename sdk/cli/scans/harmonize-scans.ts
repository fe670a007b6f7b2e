import type { Command } from 'commander';
import { basename, resolve } from 'node:path';
import type { Issue } from '../../data/issue';
import { distinctIssues } from '../../data/issue';
import { ConcordError } from '../../errors';
import { harmonizeVolumes } from '../../methods/harmonize-volumes';
import type { AnyModel, Method } from '../../methods/method';
import { learnedOf } from '../../methods/network-card';
import type { ScansCall } from '../../methods/method-command';
import { scansFound } from '../../io/bids/scans-found';
import type { BidsSelectionFlags } from './bids-selection';
import { addScanOptions, bidsSelection, givenSite, scanSelectionNames } from './bids-selection';
import type { ScansResult } from '../../report/scans-report';
import type { SavedReport, SavedScansReport } from './save-scans-report';
import type { FiguresFlags } from '../report-figures';
import { reportNeeded, requireFigures } from '../report-figures';
import type { ScansModel } from './scans-model';
import { addMachineOptions, machineOptionNames } from './machine-options';
import type { MachineShare } from './thread-count';
import type { ThreadTask } from './thread-task';
import type { BackendFlags } from '../methods/network-options';
import { addBackendOption } from '../methods/network-options';
import { issueLines } from '../print-issues';
import { startBackend } from '../start-backend';
import { progressLine } from '../progress-line';
import { requireAllDone, shareInWords } from '../exit-status';
import type { CommandStreams } from '../streams';

/** What the options of `concord harmonize` hold that go with scans, once parsed; those of methods apart. */
export interface HarmonizeScansFlags
  extends Omit<BidsSelectionFlags, 'site'>, BackendFlags, FiguresFlags, MachineShare {
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
  ...machineOptionNames,
];

/**
 * The options that go with the scans of a method: those that run no network choose nothing to run it on, and networks use all
 * cores for one scan.
 */
export function scanFlagsOf({ quick }: Method): readonly string[] {
  const stray = quick ? ['backend'] : machineOptionNames;
  return scanFlagNames.filter((name) => !stray.includes(name));
}

/** Adds the options that go with all scans. */
export function addHarmonizeScansOptions(command: Command): Command {
  return addAppliedScansOptions(
    command
      .option(
        '--model <folder>',
        'the model: a folder that concord train wrote, or the name under which one ships (shipped: that of the method); for a method that is fitted here, that of an earlier run',
      )
      .option('--no-report', 'write no report.html'),
  );
}

/** Adds the options that go with all scans, whatever the model. */
export function addAppliedScansOptions(command: Command): Command {
  const own = command
    .option('--no-pictures', 'draw no picture of each result')
    .option('--resume', 'keep what an earlier run completed, and continue', false)
    .option('--strict', 'stop at the first scan that cannot be used', false);
  return addBackendOption(addMachineOptions(addScanOptions(own)));
}

/** One call of `concord harmonize`, or `concord apply`, on scans. */
export interface HarmonizeScansRun {
  readonly method: Method;
  readonly call: ScansCall<AnyModel>;
  /** The values of which the call is made. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly flags: HarmonizeScansFlags;
  readonly command: Command;
  readonly streams: CommandStreams;
  /** The model, or what fits it; asked for before any scan is opened. */
  readonly model: () => Promise<ScansModel>;
  /** The command in whose words remedies are given. */
  readonly as: 'harmonize scans' | 'apply scans';
}

/** Harmonizes the scans of a BIDS dataset, and writes them as a derivative. */
export async function harmonizeScans(
  source: string,
  { method, call, values, flags, command, streams, as, model: given }: HarmonizeScansRun,
): Promise<void> {
  const site = givenSite(flags, command);
  const { strict, resume, overwrite, out } = flags;
  await requireFigures({ ...flags, overwrite: true }, flags.report ? out : undefined, {
    command,
    needs: reportNeeded,
  });
  const { clear, ...running } = progressLine(streams);
  let noticed: readonly Issue[] = [];
  try {
    // What reads and writes scans is loaded here: tables do not wait for it.
    const { loadBids } = await import('../../io/bids/load-bids.js');
    const { writeDataset } = await import('../../io/bids/written/write-dataset.js');
    const { inThreads } = await import('./in-threads.js');
    const { threadCount } = await import('./thread-count.js');
    const { drawScans } = await import('./draw-scans.js');
    const { saveFitted } = await import('./scans-model.js');
    if (!method.quick) await startBackend(flags.backend, streams);
    const found = await given();
    const known = found.stored === undefined ? [] : call.covariates(found.stored);
    const load = {
      ...bidsSelection({ ...flags, site }),
      strict,
      ...(known.length === 0 ? {} : { covariates: known }),
    };
    const loaded = await loadBids(source, { ...load, signal: running.signal });
    noticed = loaded.issues;
    const model = found.stored ?? (await found.fit(loaded, { strict, ...running }));
    const harmonized =
      call.harmonize === undefined
        ? harmonizeVolumes(model, loaded, await call.options(model, loaded, running))
        : await call.harmonize(model, loaded, running);
    const results = { desc: descOf(method), strict };
    const pictures = flags.pictures ? { overwrite } : undefined;
    const task: ThreadTask = {
      source,
      load,
      make: { kind: 'harmonize', method: method.name, values, model },
      write: results,
      pictures,
      measured: flags.report,
    };
    const threads = call.harmonize === undefined ? 1 : await threadCount(loaded, flags);
    const { cohort, kept, issues } = await writeDataset(
      harmonized,
      out,
      { ...results, resume, overwrite, ...running },
      { write: inThreads(task, threads) },
    );
    const saved = found.stored === undefined ? await saveFitted(model, out) : undefined;
    const drawn = pictures === undefined ? [] : await drawScans(cohort, out, { ...pictures, ...running });
    const met = distinctIssues([...loaded.issues, ...model.issues, ...issues, ...drawn]);
    const reported = !flags.report
      ? undefined
      : await saveReport(
          { before: loaded, after: cohort, model, issues: met },
          {
            input: source,
            target: out,
            flags,
            command: as,
            ...running,
            method,
            call,
          },
        );
    clear();
    const all = reported?.issues ?? met;
    const share = { done: cohort.scans.length, of: scansFound(loaded) };
    if (flags.json) {
      const { done: scans, of } = share;
      streams.out(`${JSON.stringify({ scans, of, kept: kept.length, issues: all })}\n`);
      requireAllDone(share);
      return;
    }
    streams.out(issueLines(all, as, reported && 'the report'));
    const before = kept.length === 0 ? '' : ` (${kept.length} complete before)`;
    const report = reported === undefined ? '' : reported.inWords;
    if (!method.quick) streams.out(`the model learned from ${learnedOf(model)}\n`);
    const modelled = saved === undefined ? '' : `, the model in ${saved}`;
    streams.out(
      `${method.title}: ${shareInWords(share)} harmonized to ${call.target}, in ${out}${before}${report}${modelled}\n`,
    );
    requireAllDone(share);
  } catch (error) {
    clear();
    if (!(error instanceof ConcordError)) throw error;
    if (error.code !== 'aborted') throw error.after(noticed);
    const remedy = `what is done in ${out} is kept; the same command with --resume continues`;
    throw new ConcordError('aborted', `${error.problem} (${remedy})`, { cause: error });
  }
}

/** What the results are called in their names: BIDS allows letters and digits. */
export function descOf({ name }: Method): string {
  return name.replace(/[^A-Za-z0-9]/g, '');
}

/** Writes the report; what it needs is loaded here: tables do not wait for it. */
async function saveReport(
  result: ScansResult,
  {
    method,
    call,
    ...about
  }: SavedScansReport & {
    readonly method: Method;
    readonly call: ScansCall<AnyModel>;
  },
): Promise<SavedReport & { readonly inWords: string }> {
  const { saveScansReport, savedReportInWords } = await import('./save-scans-report.js');
  const title = `${method.title} on ${basename(resolve(about.input))}`;
  const facts = [{ label: 'Harmonized to', value: call.target }];
  const saved = await saveScansReport(result, { ...about, title, facts });
  return { ...saved, inWords: savedReportInWords(saved, about.target) };
}
