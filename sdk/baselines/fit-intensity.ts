import { ConcordError } from '../errors';
import type { ImageCohort, VolumeCohort } from '../data/cohort';
import { imageRanges, requireOneSuffix, suffixesOf } from '../data/cohort';
import type { Issue } from '../data/issue';
import { makeIssue } from '../data/issue';
import { quoteName } from '../data/list-names';
import { siteNames } from '../data/people/participants';
import type { RunOptions } from '../data/run-options';
import { breathe, progressReporter, throwIfAborted } from '../data/run-options';
import { unusableScan } from '../data/images/unusable-scan';
import { learnFromScans, noUsableScan } from '../intensity/learn-from-scans';
import { imageValues } from '../intensity/normalize-images';
import type { RegionSettings } from '../intensity/region';
import { unlikeSlices } from '../math/images/unlike-scans';
import type { IntensityModel, IntensityTarget } from './intensity-model';
import type { IntensityLearner, ScanSummary } from './learn-intensity';

/** What is fitted. */
export interface IntensityFit {
  /** The method, for messages. */
  readonly name: string;
  readonly learner: IntensityLearner;
  readonly region: RegionSettings;
}

/** What is known of the scans that could be used, by their rows, and what was noticed. */
interface Seen {
  readonly scans: ReadonlyMap<number, ScanSummary>;
  readonly issues: readonly Issue[];
}

/** Learns the targets of a cohort of volumes, each opened once. */
export async function fitVolumes(
  cohort: VolumeCohort,
  fit: IntensityFit,
  run: RunOptions,
): Promise<IntensityModel> {
  const { name, region, learner } = fit;
  const scans = new Map<number, ScanSummary>();
  const issues = await learnFromScans(cohort, { name, region, run }, (values, row) => {
    scans.set(row, learner.summarize(values));
  });
  return modelOf(cohort, fit, { scans, issues });
}

/** Learns the targets of a cohort of images. */
export async function fitImages(
  cohort: ImageCohort,
  fit: IntensityFit,
  run: RunOptions,
): Promise<IntensityModel> {
  const { name, region, learner } = fit;
  requireOneSuffix(name, cohort);
  const ranges = imageRanges(cohort);
  const report = progressReporter(`fitting ${name}`, ranges.length, run);
  const scans = new Map<number, ScanSummary>();
  const issues: Issue[] = [];
  for (const [row, range] of ranges.entries()) {
    await breathe(run.signal);
    try {
      scans.set(row, learner.summarize(imageValues(cohort.images, range, region)));
    } catch (error) {
      if (!(error instanceof ConcordError)) throw error;
      issues.push(unusableScan({ id: cohort.participants.ids[row] }, error));
    }
    report(row + 1);
  }
  throwIfAborted(run.signal);
  if (scans.size === 0) throw noUsableScan(name, issues);
  return modelOf(cohort, fit, { scans, issues: [...issues, ...unlikeSlices(cohort)] });
}

/** The targets: the average of all usable scans, and every site that has some. */
function modelOf(
  cohort: VolumeCohort | ImageCohort,
  { learner, region }: IntensityFit,
  { scans, issues }: Seen,
): IntensityModel {
  const learned = (name: string, rows: readonly number[]): IntensityTarget => {
    const summaries = rows.flatMap((row) => {
      const summary = scans.get(row);
      return summary === undefined ? [] : [summary];
    });
    return { name, scans: rows.length, ...learner.finish(summaries) };
  };
  const usable = [...scans.keys()];
  const targets = [learned('average', usable)];
  const lost: Issue[] = [];
  const { participants } = cohort;
  for (const site of siteNames(participants)) {
    const own = usable.filter((row) => participants.sites[row] === site);
    const why = whyNoTarget(site, own.length);
    if (why === undefined) targets.push(learned(site, own));
    else lost.push(makeIssue('no-target', `${why}: scans cannot be harmonized to it`, { site }));
  }
  const [suffix] = suffixesOf(cohort);
  const known = suffix === undefined ? {} : { suffix };
  return { kind: 'intensity', targets, scans: usable.length, ...known, region, issues: [...issues, ...lost] };
}

function whyNoTarget(site: string, usable: number): string | undefined {
  if (site === 'average') return 'site "average" has the name reserved for the average of all scans';
  return usable === 0 ? `site ${quoteName(site)} has no usable scan` : undefined;
}
