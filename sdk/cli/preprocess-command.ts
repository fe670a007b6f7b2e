import type { Command } from 'commander';
import { Argument } from 'commander';
import { join } from 'node:path';
import type { VolumeCohort } from '../data/cohort';
import { distinctIssues } from '../data/issue';
import type { Issue } from '../data/issue';
import { loadBids } from '../io/bids/load-bids';
import { writeBids } from '../io/bids/write-bids';
import { saveImages } from '../io/images/save-images';
import { readVolume } from '../io/volumes/read-volume';
import { requireAbsent } from '../io/write-file';
import { preprocess } from '../preprocess/preprocess';
import { toImages } from '../preprocess/to-images';
import { inCommandWords } from './command-words';
import { drawScans } from './draw-scans';
import type { PreprocessFlags } from './preprocess-flags';
import { addPreprocessOptions } from './preprocess-flags';
import { preprocessPlan, requireOneOfEach, slicesPlan } from './preprocess-plan';
import { issueLines } from './print-issues';
import { progressLine } from './progress-line';
import type { CommandStreams } from './streams';

/** What the preprocessed images are called in their names. */
const desc = 'preproc';

/** Adds `concord preprocess`, a BIDS App. */
export function preprocessCommand(program: Command, streams: CommandStreams): void {
  const command = program
    .command('preprocess')
    .description(
      'bring the scans of a BIDS dataset to clean, comparable volumes and slices: reoriented, masked, ' +
        'bias-corrected, aligned, normalized',
    )
    .argument('<bids_dir>', 'a BIDS dataset, raw or derivative')
    .argument('<output_dir>', 'where to write the derivative')
    .addArgument(new Argument('<level>', 'each scan by itself').choices(['participant']));
  addPreprocessOptions(command).action(
    (source: string, target: string, _level: string, flags: PreprocessFlags) =>
      run(source, target, { flags, streams }),
  );
}

async function run(
  source: string,
  target: string,
  { flags, streams }: { readonly flags: PreprocessFlags; readonly streams: CommandStreams },
): Promise<void> {
  requireOneOfEach(flags);
  const template = flags.template === undefined ? undefined : await readVolume(flags.template);
  const plan = preprocessPlan(flags, template);
  const at = slicesPlan(flags);
  const slicesFolder = join(target, 'slices');
  if (flags.slices !== undefined && !flags.overwrite && !flags.resume) await requireAbsent(slicesFolder);
  const progress = progressLine(streams);
  const { strict, resume, overwrite } = flags;
  const loaded = await loadBids(source, { ...selection(flags), strict, signal: progress.signal });
  const written = await writeBids(preprocess(loaded, plan), target, {
    ...{ desc, strict, resume, overwrite, signal: progress.signal, onProgress: progress.onProgress },
    ...(template === undefined ? {} : { space: 'template' }),
  });
  const issues: Issue[] = [...loaded.issues, ...written.issues];
  if (flags.pictures) issues.push(...(await drawScans(written.cohort, target, { ...progress, overwrite })));
  if (flags.slices !== undefined) {
    const images = await toImages(
      written.cohort,
      { plane: flags.slices, size: flags.size, ...(at === undefined ? {} : { at }), strict },
      progress,
    );
    await saveImages(images, slicesFolder, { overwrite: overwrite || resume });
  }
  progress.clear();
  report(written.cohort, issues, { target, kept: written.kept.length, flags, streams });
}

function selection(flags: PreprocessFlags): Parameters<typeof loadBids>[1] {
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

function report(
  cohort: VolumeCohort,
  issues: readonly Issue[],
  done: {
    readonly target: string;
    readonly kept: number;
    readonly flags: PreprocessFlags;
    readonly streams: CommandStreams;
  },
): void {
  const { target, kept, flags, streams } = done;
  streams.out(inCommandWords(issueLines(distinctIssues(issues))));
  const scans = `${cohort.scans.length} scan${cohort.scans.length === 1 ? '' : 's'}`;
  const before = kept === 0 ? '' : ` (${kept} complete before)`;
  const slices = flags.slices === undefined ? '' : `, slices in ${join(target, 'slices')}`;
  streams.out(`${scans} in ${target}${before}${slices}\n`);
}
