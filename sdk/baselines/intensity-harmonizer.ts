import { ConcordError } from '../errors';
import type { ImageCohort, VolumeCohort } from '../data/cohort';
import { imageRanges, makeVolumeCohort, takeSubjects, requireOneSuffix } from '../data/cohort';
import { digestOf } from '../data/digest';
import type { Harmonizer } from '../data/harmonizer';
import type { Issue } from '../data/issue';
import { listNames } from '../data/list-names';
import { oneOf } from '../data/one-of';
import { siteNames } from '../data/participants';
import { provenanceStep } from '../data/provenance';
import type { RunOptions } from '../data/run-options';
import { breathe, progressReporter } from '../data/run-options';
import { unusableScan } from '../data/stream-volumes';
import { learnFromScans, noUsableScan } from '../intensity/learn-from-scans';
import { imageValues, normalizeImages } from '../intensity/normalize-images';
import { normalizeVolume } from '../intensity/normalize-volume';
import type { RegionOptions, RegionSettings } from '../intensity/region';
import { regionSettings } from '../intensity/region';
import type { IntensityMethod, IntensityMethodOptions, IntensityModel } from './intensity-model';
import type { AnyMethodOptions, IntensityLearner } from './learn-intensity';
import { intensityLearner, intensityMap } from './learn-intensity';

/** Options of {@link intensityHarmonizer}, besides those of the method itself. */
export interface IntensityHarmonizerOptions<Kind extends 'volumes' | 'images'> extends RegionOptions {
  /** What it harmonizes: volumes, lazily, or images, at once. */
  readonly kind: Kind;
  /**
   * Whose intensities scans are brought to: those of a site, by its name, or the average of all scans.
   *
   * @defaultValue `'average'`
   */
  readonly target?: string;
  /**
   * Whether results go back to the intensities of the scans it was fitted on (of the target site), so that errors and
   * structural similarity can be compared with those of raw scans and of other methods. Without it, results are in the
   * method's own unit: standard deviations, or the reference tissue at 1. Histogram matching is always in raw units.
   *
   * @defaultValue `true`
   */
  readonly rescale?: boolean;
}

/**
 * An intensity normalization as a {@link Harmonizer}: the cheap baselines that image harmonization is compared with.
 * Each scan goes through one monotone map of its own, learned from its own brain; the cohort it is fitted on gives the
 * common scale, the standard histogram or the reference distribution.
 *
 * @param method - see `zScore`, `percentileScale`, `whiteStripe`, `kdeNormalize`, `fcmNormalize`, `fitNyul`,
 * `fitHistogramMatching`
 * @returns a harmonizer; its `fit` throws ConcordError `unknown-site` when the target is not in the cohort and
 * `too-little-data` when no scan can be used. Scans of a volume cohort that cannot be harmonized fail when they are
 * opened; of an image cohort they stay as they are, with an issue
 * @throws ConcordError `invalid-option` on an unknown method or an option out of range.
 *
 * @example
 * ```ts
 * const harmonizer = intensityHarmonizer('histogram-matching', { kind: 'volumes', target: 'HH' });
 * const after = await harmonizer.apply(await harmonizer.fit(cohort), cohort);
 * ```
 */
export function intensityHarmonizer<Method extends IntensityMethod, Kind extends 'volumes' | 'images'>(
  method: Method,
  options: IntensityHarmonizerOptions<Kind> & IntensityMethodOptions[Method],
): Harmonizer<IntensityModel, Kind>;
export function intensityHarmonizer(
  method: IntensityMethod,
  options: IntensityHarmonizerOptions<'volumes' | 'images'> & AnyMethodOptions,
): Harmonizer<IntensityModel, 'volumes'> | Harmonizer<IntensityModel, 'images'> {
  const { kind, target = 'average', rescale = true, region, outside, ...own } = options;
  oneOf('kind', kind, ['volumes', 'images']);
  const start = (): IntensityLearner => intensityLearner(method, own, rescale);
  const fit = { name: names[method], start, target, region: regionSettings({ region, outside }) };
  // Fails here rather than in fit when an option is wrong.
  start();
  const shared = {
    name: target === 'average' ? names[method] : `${names[method]} to ${target}`,
    targets: (model: IntensityModel) => [model.target],
  };
  return kind === 'volumes'
    ? {
        ...shared,
        kind,
        fit: (cohort, run = {}) => fitVolumes(cohort, fit, run),
        apply: (model, cohort, run = {}) => applyToVolumes(model, cohort, run),
      }
    : {
        ...shared,
        kind,
        fit: (cohort, run = {}) => fitImages(cohort, fit, run),
        apply: (model, cohort, run = {}) => applyToImages(model, cohort, run),
      };
}

const names: Readonly<Record<IntensityMethod, string>> = {
  'z-score': 'z-score',
  percentile: 'percentile scaling',
  'white-stripe': 'WhiteStripe',
  'kde-mode': 'KDE mode',
  fcm: 'FCM tissue mean',
  nyul: 'Nyúl',
  'histogram-matching': 'histogram matching',
};

interface Fit {
  readonly name: string;
  readonly start: () => IntensityLearner;
  readonly target: string;
  readonly region: RegionSettings;
}

async function fitVolumes(cohort: VolumeCohort, fit: Fit, run: RunOptions): Promise<IntensityModel> {
  const { name, target, region } = fit;
  const learner = fit.start();
  let scans = 0;
  const issues = await learnFromScans(ofTarget(cohort, target), { name, region, run }, (values) => {
    learner.add(values);
    scans++;
  });
  return { kind: 'intensity', ...learner.finish(), target, scans, region, issues };
}

async function fitImages(cohort: ImageCohort, fit: Fit, run: RunOptions): Promise<IntensityModel> {
  const { name, target, region } = fit;
  const learner = fit.start();
  const own = ofTarget(cohort, target);
  requireOneSuffix(name, own);
  const ranges = imageRanges(own);
  const report = progressReporter(`fitting ${name}`, ranges.length, run);
  const issues: Issue[] = [];
  for (const [row, range] of ranges.entries()) {
    await breathe(run.signal);
    try {
      learner.add(imageValues(own.images, range, region));
    } catch (error) {
      if (!(error instanceof ConcordError)) throw error;
      const subject = own.participants.ids[row];
      issues.push(unusableScan({ id: subject }, error));
    }
    report(row + 1);
  }
  const scans = ranges.length - issues.length;
  if (scans === 0) throw noUsableScan(name, issues);
  return { kind: 'intensity', ...learner.finish(), target, scans, region, issues };
}

/** The scans of the target site; all of them for the average. */
function ofTarget<Some extends VolumeCohort | ImageCohort>(cohort: Some, target: string): Some {
  const { sites } = cohort.participants;
  if (target === 'average') return cohort;
  const rows = [...sites.keys()].filter((row) => sites[row] === target);
  if (rows.length > 0) return takeSubjects(cohort, rows);
  const known = listNames(['average', ...siteNames(cohort.participants)]);
  throw new ConcordError('unknown-site', `unknown target: "${target}" (allowed are ${known})`, {
    where: { site: target },
  });
}

async function applyToVolumes(
  model: IntensityModel,
  cohort: VolumeCohort,
  run: RunOptions,
): Promise<VolumeCohort> {
  await breathe(run.signal);
  const step = { name: 'intensityHarmonizer', region: model.region, options: record(model) };
  const scans = cohort.scans.map((scan) => ({
    ...scan,
    open: async (opening?: RunOptions) =>
      normalizeVolume(await scan.open(opening), step, (values) => intensityMap(model, values)),
  }));
  return makeVolumeCohort(cohort.participants, scans, {
    provenance: [...cohort.provenance, provenanceStep(step.name, { ...step.region, ...step.options })],
    issues: cohort.issues,
  });
}

function applyToImages(model: IntensityModel, cohort: ImageCohort, run: RunOptions): Promise<ImageCohort> {
  const step = { name: 'intensityHarmonizer', region: model.region, options: record(model), run };
  return normalizeImages(cohort, step, (values) => intensityMap(model, values));
}

/** What the provenance says of a model: all but long lists, of which a digest tells one model from another. */
function record(model: IntensityModel): Readonly<Record<string, unknown>> {
  const { fitted, calibration, target, scans, region } = model;
  const { method } = fitted;
  const settings = 'settings' in fitted ? { settings: fitted.settings } : {};
  return {
    method,
    ...settings,
    calibration,
    target,
    scans,
    model: digestOf({ fitted, calibration, region }),
  };
}
