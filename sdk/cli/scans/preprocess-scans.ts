import type { Command } from 'commander';
import { basename, dirname, join } from 'node:path';
import type { VolumeCohort } from '../../data/cohort';
import { distinctIssues } from '../../data/issue';
import type { Issue } from '../../data/issue';
import type { RunOptions } from '../../data/run-options';
import { ConcordError } from '../../errors';
import { ignoreInBids } from '../../io/bids/ignored-files';
import { loadBids } from '../../io/bids/load-bids';
import { saveImages } from '../../io/images/save-images';
import { readVolume } from '../../io/volumes/read-volume';
import { requireAbsent } from '../../io/files/write-file';
import type { VolumeStep } from '../../preprocess/preprocess';
import { preprocess } from '../../preprocess/preprocess';
import { toImages } from '../../preprocess/to-images';
import { bidsSelection } from './bids-selection';
import { scansFound } from '../../io/bids/scans-found';
import type { Share } from '../exit-status';
import { requireAllDone, shareInWords } from '../exit-status';
import { drawScans } from './draw-scans';
import type { PreprocessFlags, PreprocessLevel } from './preprocess-flags';
import type { SliceChoice } from '../../plot/panels/montage-options';
import { fittedNormalization, preprocessPlan, requireOneOfEach, slicesPlan } from './preprocess-plan';
import { issueLines } from '../print-issues';
import { progressLine } from '../progress-line';
import { reportNeeded, requireFigures } from '../report-figures';
import { savedReportInWords, saveScansReport } from './save-scans-report';
import { selectionName } from './selection-name';
import { writePreprocessed } from './write-preprocessed';
import type { CommandStreams } from '../streams';

/** One call of `concord preprocess`. */
interface PreprocessRun {
  readonly level: PreprocessLevel;
  readonly flags: PreprocessFlags;
  readonly command: Command;
  readonly streams: CommandStreams;
}

/** What `concord preprocess` does, once its options are read. */
export async function preprocessScans(
  source: string,
  target: string,
  { level, flags, command, streams }: PreprocessRun,
): Promise<void> {
  requireOneOfEach(flags);
  await requireFigures({ ...flags, overwrite: true }, flags.report ? target : undefined, {
    command,
    needs: reportNeeded,
  });
  const template = flags.template === undefined ? undefined : await readVolume(flags.template);
  const plan = preprocessPlan(flags, template);
  const slices = slicesOf(target, level, flags);
  if (slices !== undefined && level === 'participant' && !flags.overwrite && !flags.resume)
    await requireAbsent(slices);
  const { clear, ...running } = progressLine(streams);
  try {
    const { strict } = flags;
    const loaded = await loadBids(source, { ...bidsSelection(flags), strict, signal: running.signal });
    const work = { level, source, plan, flags, slices, running };
    const written = await write(loaded, target, work).catch((error: unknown) => {
      throw error instanceof ConcordError ? error.after(loaded.issues) : error;
    });
    clear();
    const share = { done: written.cohort.scans.length, of: scansFound(loaded) };
    report(share, [...loaded.issues, ...(template?.issues ?? []), ...written.issues], {
      target,
      kept: written.kept,
      reported: written.reported,
      slices,
      streams,
    });
    if (level === 'participant' && fittedNormalization(flags) !== undefined) {
      streams.out(`${flags.normalize} is fitted on all scans: once they are done, run the group level\n`);
    }
    requireAllDone(share);
  } catch (error) {
    clear();
    throw error;
  }
}

interface Written {
  readonly cohort: VolumeCohort;
  /** How many scans were complete before. */
  readonly kept: number;
  /** Where the report is, in words, where there is one. */
  readonly reported?: string;
  readonly issues: readonly Issue[];
}

async function write(
  loaded: VolumeCohort,
  target: string,
  work: {
    readonly level: PreprocessLevel;
    readonly source: string;
    readonly plan: readonly VolumeStep[];
    readonly flags: PreprocessFlags;
    /** The folder of the slices, where some are cut. */
    readonly slices: string | undefined;
    readonly running: RunOptions;
  },
): Promise<Written> {
  const { level, source, plan, flags, slices, running } = work;
  const { overwrite } = flags;
  try {
    const pictures = flags.pictures ? { overwrite, shown: slicesShown(flags) } : undefined;
    const made = await writePreprocessed(preprocess(loaded, plan), target, {
      level,
      source,
      flags,
      pictures,
      running,
    });
    const { cohort, kept, model, issues } = made;
    const drawn = pictures === undefined ? [] : await drawScans(cohort, target, { ...pictures, ...running });
    if (slices !== undefined && cohort.scans.length > 0)
      await writeSlices(cohort, slices, { overwrite: level === 'group' || flags.resume, flags, running });
    const met = [...issues, ...drawn];
    if (!flags.report) return { cohort, kept: kept.length, issues: met };
    const saved = await saveScansReport(
      { before: loaded, after: cohort, model, issues: met },
      {
        input: source,
        target,
        flags,
        command: 'preprocess',
        title: 'Preprocessing report',
        ...running,
      },
    );
    return { cohort, kept: kept.length, reported: savedReportInWords(saved, target), issues: saved.issues };
  } catch (error) {
    if (!(error instanceof ConcordError) || error.code !== 'aborted') throw error;
    const remedy = `what is done in ${target} is kept; the same command with --resume continues`;
    throw new ConcordError('aborted', `${error.problem} (${remedy})`, { cause: error });
  }
}

/** Where some slices are cut, the pictures show those. */
function slicesShown(flags: PreprocessFlags): SliceChoice | undefined {
  const { slices: plane } = flags;
  const at = slicesPlan(flags);
  return plane === undefined || at === undefined ? undefined : { plane, at };
}

async function writeSlices(
  cohort: VolumeCohort,
  folder: string,
  {
    overwrite,
    flags,
    running,
  }: { readonly overwrite: boolean; readonly flags: PreprocessFlags; readonly running: RunOptions },
): Promise<void> {
  const { slices: plane, size, strict } = flags;
  const images = await toImages(cohort, { plane, size, strict, at: slicesPlan(flags), ...running });
  await ignoreInBids(dirname(folder), [basename(folder)]);
  await saveImages(images, folder, { overwrite: overwrite || flags.overwrite });
}

/**
 * Where slices are written: those of all scans in `slices`, those of some in a folder of their own. What is fitted on all scans
 * comes before the slices are cut.
 */
function slicesOf(target: string, level: PreprocessLevel, flags: PreprocessFlags): string | undefined {
  const early = level === 'participant' && fittedNormalization(flags) !== undefined;
  return flags.slices === undefined || early ? undefined : join(target, `slices${selectionName(flags)}`);
}

function report(
  share: Share,
  issues: readonly Issue[],
  done: {
    readonly target: string;
    readonly kept: number;
    readonly reported: string | undefined;
    readonly slices: string | undefined;
    readonly streams: CommandStreams;
  },
): void {
  const { target, kept, reported, slices, streams } = done;
  streams.out(issueLines(distinctIssues(issues), 'preprocess'));
  const before = kept === 0 ? '' : ` (${kept} complete before)`;
  const cut = slices === undefined ? '' : `, slices in ${slices}`;
  streams.out(`${shareInWords(share)} in ${target}${before}${cut}${reported ?? ''}\n`);
}
