import type { Command } from 'commander';
import { join, relative, resolve, sep } from 'node:path';
import type { VolumeCohort } from '../../data/cohort';
import { distinctIssues } from '../../data/issue';
import type { Issue } from '../../data/issue';
import type { RunOptions } from '../../data/run-options';
import type { Volume } from '../../data/images/volume';
import { ConcordError } from '../../errors';
import { ignoreInBids } from '../../io/bids/ignored-files';
import { loadBids } from '../../io/bids/load-bids';
import { writeBids } from '../../io/bids/written/write-bids';
import type { WriteBidsOptions } from '../../io/bids/written/write-bids-options';
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
import type { PreprocessFlags } from './preprocess-flags';
import type { SliceChoice } from '../../plot/panels/montage-options';
import { preprocessPlan, requireOneOfEach, slicesPlan } from './preprocess-plan';
import { issueLines } from '../print-issues';
import { progressLine } from '../progress-line';
import { reportNeeded, requireFigures } from '../report-figures';
import { savedReportInWords, saveScansReport } from './save-scans-report';
import type { CommandStreams } from '../streams';

/** What the preprocessed images are called in their names. */
const desc = 'preproc';

/** What `concord preprocess` does, once its options are read. */
export async function preprocessScans(
  source: string,
  target: string,
  {
    flags,
    command,
    streams,
  }: { readonly flags: PreprocessFlags; readonly command: Command; readonly streams: CommandStreams },
): Promise<void> {
  requireOneOfEach(flags);
  await requireFigures({ ...flags, overwrite: true }, flags.report ? target : undefined, {
    command,
    needs: reportNeeded,
  });
  const template = flags.template === undefined ? undefined : await readVolume(flags.template);
  const plan = preprocessPlan(flags, template);
  if (flags.slices !== undefined && !flags.overwrite && !flags.resume) await requireAbsent(slicesIn(target));
  const { clear, ...running } = progressLine(streams);
  try {
    const { strict } = flags;
    const loaded = await loadBids(source, { ...bidsSelection(flags), strict, signal: running.signal });
    const work = { source, plan, template, flags, running };
    const written = await write(loaded, target, work).catch((error: unknown) => {
      throw error instanceof ConcordError ? error.after(loaded.issues) : error;
    });
    clear();
    const share = { done: written.cohort.scans.length, of: scansFound(loaded) };
    report(share, [...loaded.issues, ...(template?.issues ?? []), ...written.issues], {
      target,
      kept: written.kept,
      reported: written.reported,
      flags,
      streams,
    });
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
    readonly source: string;
    readonly plan: readonly VolumeStep[];
    readonly template: Volume | undefined;
    readonly flags: PreprocessFlags;
    readonly running: RunOptions;
  },
): Promise<Written> {
  const { source, plan, flags, running } = work;
  const { strict, resume, overwrite } = flags;
  try {
    const { cohort, kept, issues } = await writeBids(preprocess(loaded, plan), target, {
      desc,
      strict,
      resume,
      overwrite,
      ...running,
      ...spaceOf(flags.template, target),
    });
    const drawn = flags.pictures
      ? await drawScans(cohort, target, { ...running, overwrite, shown: slicesShown(flags) })
      : [];
    if (flags.slices !== undefined && cohort.scans.length > 0)
      await writeSlices(cohort, target, { flags, running });
    const met = [...issues, ...drawn];
    if (!flags.report) return { cohort, kept: kept.length, issues: met };
    const saved = await saveScansReport(
      { before: loaded, after: cohort, issues: met },
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

/** The space that scans are brought to, with the image that defines it, as the derivative can name it. */
function spaceOf(template: string | undefined, target: string): WriteBidsOptions {
  if (template === undefined) return {};
  const reference = relative(resolve(target), resolve(template)).split(sep).join('/');
  return { space: 'template', spatialReference: encodeURI(reference) };
}

/** Where some slices are cut, the pictures show those. */
function slicesShown(flags: PreprocessFlags): SliceChoice | undefined {
  const { slices: plane } = flags;
  const at = slicesPlan(flags);
  return plane === undefined || at === undefined ? undefined : { plane, at };
}

async function writeSlices(
  cohort: VolumeCohort,
  target: string,
  { flags, running }: { readonly flags: PreprocessFlags; readonly running: RunOptions },
): Promise<void> {
  const { slices: plane, size, strict, overwrite, resume } = flags;
  const at = slicesPlan(flags);
  const images = await toImages(cohort, {
    plane,
    size,
    strict,
    ...running,
    ...(at === undefined ? {} : { at }),
  });
  await ignoreInBids(target, ['slices']);
  await saveImages(images, slicesIn(target), { overwrite: overwrite || resume });
}

function slicesIn(target: string): string {
  return join(target, 'slices');
}

function report(
  share: Share,
  issues: readonly Issue[],
  done: {
    readonly target: string;
    readonly kept: number;
    readonly reported: string | undefined;
    readonly flags: PreprocessFlags;
    readonly streams: CommandStreams;
  },
): void {
  const { target, kept, reported, flags, streams } = done;
  streams.out(issueLines(distinctIssues(issues), 'preprocess'));
  const before = kept === 0 ? '' : ` (${kept} complete before)`;
  const slices = flags.slices === undefined ? '' : `, slices in ${slicesIn(target)}`;
  streams.out(`${shareInWords(share)} in ${target}${before}${slices}${reported ?? ''}\n`);
}
