import type { ImageCohort, VolumeCohort } from '../data/cohort';
import { imageRanges, makeImageCohort, makeVolumeCohort, takeSubjects } from '../data/cohort';
import { chosenTarget } from '../data/harmonize-to';
import type { Harmonizer } from '../data/harmonizer';
import { makeImageSet } from '../data/images/image-set';
import type { Issue } from '../data/issue';
import { distinctIssues } from '../data/issue';
import { listNames } from '../data/list-names';
import type { RunOptions } from '../data/run-options';
import { ConcordError } from '../errors';
import { alignImages } from '../evaluate/images-audit/align-images';
import type { AlikeSlicesOptions } from '../preprocess/slices/cut-alike';
import { cutAlike } from '../preprocess/slices/cut-alike';
import type { AnyHarmonizer } from './compared-harmonizer';
import { harmonizerFor, issuesOf, newIssues } from './compared-harmonizer';

/** The scans that methods are compared on. */
export interface ComparedScans {
  readonly images: ImageCohort;
  /** The whole scans that they were cut from, in the same order. */
  readonly volumes?: VolumeCohort;
  readonly slices?: AlikeSlicesOptions;
}

/** A part of the scans: what is learned from, and what is harmonized, by their rows. */
export interface ScansSplit {
  readonly train: readonly number[];
  readonly test: readonly number[];
}

/** Scans harmonized by one method. */
export interface HarmonizedSlices {
  /** The test scans of all splits together, in the order of `wanted`. */
  readonly images: ImageCohort;
  readonly target: string;
  /** The models of all splits. */
  readonly models: readonly unknown[];
  readonly issues: readonly Issue[];
}

/** What is harmonized, and to what. */
export interface HarmonizeSlicesOptions {
  readonly splits: readonly ScansSplit[];
  /** The raw scans that are wanted, in their order. */
  readonly wanted: ImageCohort;
  readonly target?: string;
  readonly run: RunOptions;
}

/**
 * Fits a method on the training scans of every split, and applies it to the test scans.
 *
 * @throws ConcordError what the method throws; `different-grids` and others where it returns other slices.
 */
export async function harmonizeSlices(
  harmonizer: AnyHarmonizer,
  scans: ComparedScans,
  options: HarmonizeSlicesOptions,
): Promise<HarmonizedSlices> {
  const ofSlices = harmonizerFor(harmonizer, 'images');
  if (ofSlices !== undefined) return ofImages(ofSlices, scans, options);
  const ofScans = harmonizerFor(harmonizer, 'volumes');
  if (ofScans !== undefined && scans.volumes !== undefined) {
    return ofVolumes(ofScans, scans.volumes, { ...options, slices: scans.slices });
  }
  throw new TypeError(`no scans for a harmonizer of ${harmonizer.kind}`);
}

async function ofImages(
  harmonizer: Harmonizer<unknown, 'images'>,
  { images }: ComparedScans,
  { splits, wanted, target, run }: HarmonizeSlicesOptions,
): Promise<HarmonizedSlices> {
  const models: unknown[] = [];
  const issues: Issue[] = [];
  const parts: ImageCohort[] = [];
  for (const { train, test } of splits) {
    const given = takeSubjects(images, test);
    const model = await harmonizer.fit(takeSubjects(images, train), run);
    const made = await harmonizer.apply(model, given, { target, ...run });
    models.push(model);
    issues.push(...issuesOf(model), ...newIssues(given, made));
    const aligned = alignImages(given, made);
    issues.push(...aligned.issues);
    parts.push(aligned.after);
  }
  return {
    images: gathered(wanted, parts),
    target: chosenTarget(harmonizer.targets(models[0]), target),
    models,
    issues: distinctIssues(issues),
  };
}

async function ofVolumes(
  harmonizer: Harmonizer<unknown, 'volumes'>,
  volumes: VolumeCohort,
  { splits, wanted, target, run, slices }: HarmonizeSlicesOptions & Pick<ComparedScans, 'slices'>,
): Promise<HarmonizedSlices> {
  const models: unknown[] = [];
  const issues: Issue[] = [];
  const made = new Map<string, VolumeCohort['scans'][number]>();
  for (const { train, test } of splits) {
    const given = takeSubjects(volumes, test);
    const model = await harmonizer.fit(takeSubjects(volumes, train), run);
    const after = await harmonizer.apply(model, given, { target, ...run });
    models.push(model);
    issues.push(...issuesOf(model), ...newIssues(given, after));
    after.participants.ids.forEach((id, row) => made.set(id, after.scans[row]));
  }
  // All of them, those that are not wanted too, so that the first scan decides for all as it did for the raw ones.
  const scans = volumes.participants.ids.map((id, row) => made.get(id) ?? volumes.scans[row]);
  const all = makeVolumeCohort(volumes.participants, scans);
  const { before, after } = await cutAlike(volumes, all, { ...slices, ...run });
  issues.push(...newIssues(volumes, before), ...alignImages(before, after).issues);
  return {
    images: gathered(wanted, [after]),
    target: chosenTarget(harmonizer.targets(models[0]), target),
    models,
    issues: distinctIssues(issues),
  };
}

/**
 * The scans of several cohorts in the order, with the participants and masks, of the raw ones.
 *
 * @throws ConcordError `too-little-data` where scans are missing: methods are compared on the same ones.
 */
function gathered(wanted: ImageCohort, parts: readonly ImageCohort[]): ImageCohort {
  const { shape, slices, mask } = wanted.images;
  const { ids } = wanted.participants;
  const size = shape[1] * shape[2] * shape[3];
  const made = new Map<string, Float32Array>();
  for (const part of parts) {
    imageRanges(part).forEach(([from, to], row) => {
      made.set(part.participants.ids[row], part.images.data.subarray(from * size, to * size));
    });
  }
  const missing = ids.filter((id) => !made.has(id));
  if (missing.length > 0) {
    throw new ConcordError(
      'too-little-data',
      `${missing.length} of ${ids.length} scans could not be harmonized: ${listNames(missing)}`,
      { remedy: ['leave them out of the cohort, so that all methods are compared on the same scans'] },
    );
  }
  const data = new Float32Array(wanted.images.data.length);
  imageRanges(wanted).forEach(([from], row) => data.set(made.get(ids[row]) ?? [], from * size));
  const images = makeImageSet(data, shape, { slices, mask });
  const { subjects, suffixes, participants } = wanted;
  return makeImageCohort(participants, images, { subjects, suffixes });
}
