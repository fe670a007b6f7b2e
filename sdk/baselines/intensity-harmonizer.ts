import type { ImageCohort, VolumeCohort } from '../data/cohort';
import { makeVolumeCohort, requireOneSuffix, suffixesOf } from '../data/cohort';
import { digestOf } from '../data/digest';
import { contrastOf, contrastOfAll } from '../data/images/contrast';
import { chosenTarget, requireNoTarget } from '../data/harmonize-to';
import type { Harmonizer } from '../data/harmonizer';
import { oneOf } from '../data/one-of';
import { provenanceStep } from '../data/provenance';
import { keepMark } from '../math/images/scan-mark';
import { ConcordError } from '../errors';
import { advise, option } from '../remedy';
import type { RunOptions } from '../data/run-options';
import { breathe } from '../data/run-options';
import { normalizeImages } from '../intensity/normalize-images';
import { normalizeVolume } from '../intensity/normalize-volume';
import type { RegionOptions, RegionSettings } from '../intensity/region';
import { regionSettings } from '../intensity/region';
import type { IntensityFit } from './fit-intensity';
import { fitImages, fitVolumes } from './fit-intensity';
import type {
  IntensityMethod,
  IntensityMethodOptions,
  IntensityModel,
  IntensityTarget,
} from './intensity-model';
import type { AnyMethodOptions } from './learn-intensity';
import { intensityLearner, intensityMap } from './learn-intensity';
import { requireCall } from '../data/calls/require-call';
import { checkedHarmonizer } from '../data/calls/checked-harmonizer';

/** Options of {@link intensityHarmonizer}, besides those of the method itself. */
export interface IntensityHarmonizerOptions<Kind extends 'volumes' | 'images'> extends RegionOptions {
  /** What it harmonizes: volumes, lazily, or images, at once. */
  readonly kind: Kind;
  /**
   * Whether results go back to the intensities of the scans it was fitted on (those of the target site), so that errors
   * and structural similarity can be compared with those of raw scans and of other methods. Without it, results are in
   * the method's own unit: standard deviations, or the reference tissue at 1. Histogram matching is always in raw
   * units.
   *
   * @defaultValue `true`
   */
  readonly rescale?: boolean;
}

/**
 * An intensity normalization as a {@link Harmonizer}: the cheap baselines that image harmonization is compared with.
 * Each scan goes through one monotone map of its own, learned from its own brain; the cohort it is fitted on gives the
 * common scale, the standard histogram or the reference distribution, of every site and of all together at once: the target
 * is chosen when it is applied. Methods that look for a tissue take the contrast from the suffixes of the scans they are
 * fitted on (T1w where none is known), unless `contrast` is set.
 *
 * @param method - see `zScore`, `percentileScale`, `whiteStripe`, `kdeNormalize`, `fcmNormalize`, `fitNyul`,
 * `fitHistogramMatching` of the namespace `intensity`
 * @returns a harmonizer; its `fit` throws ConcordError `too-little-data` when no scan can be used, and a site without any
 * usable scan is no target, with an issue. Scans of a volume cohort that cannot be harmonized fail when they are
 * opened; of an image cohort they stay as they are, with an issue
 * @throws ConcordError `invalid-option` on an unknown method or an option out of range.
 *
 * @example
 * ```ts
 * const harmonizer = intensityHarmonizer('histogram-matching', { kind: 'volumes' });
 * const after = await harmonizer.apply(await harmonizer.fit(cohort), cohort, { target: 'HH' });
 * ```
 */
export function intensityHarmonizer<Method extends IntensityMethod, Kind extends 'volumes' | 'images'>(
  method: Method,
  options: IntensityHarmonizerOptions<Kind> & IntensityMethodOptions[Method],
): Harmonizer<IntensityModel, Kind>;
export function intensityHarmonizer(
  method: IntensityMethod,
  // From JavaScript, options are easily left out: that the kind is needed is said below.
  options = {} as IntensityHarmonizerOptions<'volumes' | 'images'> & AnyMethodOptions,
): Harmonizer<IntensityModel, 'volumes'> | Harmonizer<IntensityModel, 'images'> {
  requireNoTarget(options);
  requireCall('intensityHarmonizer', { method, options });
  const { kind, rescale = true, region, outside, ...own } = options;
  oneOf('kind', kind, ['volumes', 'images']);
  // Fails here rather than in fit when an option is wrong.
  intensityLearner(method, own, rescale);
  const settings = { name: intensityTitles[method], region: regionSettings({ region, outside }) };
  const fitOn = (cohort: VolumeCohort | ImageCohort): IntensityFit => ({
    ...settings,
    learner: intensityLearner(method, withContrast(method, own, cohort), rescale),
  });
  const targets = (model: IntensityModel): readonly string[] => model.targets.map(({ name }) => name);
  const shared = { name: settings.name, targets };
  const chosen = (
    model: IntensityModel,
    target: string | undefined,
    cohort: VolumeCohort | ImageCohort,
  ): Chosen => {
    requireSameContrast(settings.name, model, cohort);
    const name = chosenTarget(targets(model), target);
    const found = model.targets.find((one) => one.name === name) ?? model.targets[0];
    return { target: found, region: model.region };
  };
  const maker = { verb: 'intensityHarmonizer', modelType: 'IntensityModel', runType: 'StreamOptions' };
  if (kind === 'volumes') {
    const volumes: Harmonizer<IntensityModel, 'volumes'> = {
      ...shared,
      kind,
      fit: async (cohort, run = {}) => fitVolumes(cohort, fitOn(cohort), run),
      apply: async (model, cohort, { target, ...run } = {}) =>
        applyToVolumes(chosen(model, target, cohort), cohort, run),
    };
    return checkedHarmonizer(volumes, maker);
  }
  const images: Harmonizer<IntensityModel, 'images'> = {
    ...shared,
    kind,
    fit: async (cohort, run = {}) => fitImages(cohort, fitOn(cohort), run),
    apply: async (model, cohort, { target, ...run } = {}) =>
      applyToImages(chosen(model, target, cohort), cohort, run),
  };
  return checkedHarmonizer(images, maker);
}

/** The options of a method that looks for a tissue: in the contrast of the scans, unless it is told one. */
function withContrast(
  method: IntensityMethod,
  options: AnyMethodOptions,
  cohort: VolumeCohort | ImageCohort,
): AnyMethodOptions {
  if (!byTissue.has(method) || options.contrast !== undefined) return options;
  requireOneSuffix(intensityTitles[method], cohort);
  const contrast = contrastOfAll(suffixesOf(cohort));
  return contrast === undefined ? options : { ...options, contrast };
}

const byTissue: ReadonlySet<IntensityMethod> = new Set(['white-stripe', 'kde-mode', 'fcm']);

/** Intensities of another contrast mean something else: a map learned from one makes nonsense of the other. */
function requireSameContrast(
  name: string,
  { suffix: learned }: IntensityModel,
  cohort: VolumeCohort | ImageCohort,
): void {
  if (learned === undefined) return;
  const nameOf = (suffix: string): string => contrastOf(suffix) ?? suffix.toLowerCase();
  const other = suffixesOf(cohort).find((suffix) => nameOf(suffix) !== nameOf(learned));
  if (other === undefined) return;
  throw new ConcordError(
    'invalid-option',
    `${name} was fitted on ${learned} scans and cannot be applied to ${other} scans: their intensities mean different things`,
    {
      remedy: advise`fit it on scans of that contrast, or load the others with ${option('suffix', learned)}`,
    },
  );
}

/** The names of the methods, in text. */
export const intensityTitles: Readonly<Record<IntensityMethod, string>> = {
  'z-score': 'z-score',
  percentile: 'percentile scaling',
  'white-stripe': 'WhiteStripe',
  'kde-mode': 'KDE mode',
  fcm: 'FCM tissue mean',
  nyul: 'Nyúl',
  'histogram-matching': 'histogram matching',
};

/** A target of a model. */
interface Chosen {
  readonly target: IntensityTarget;
  readonly region: RegionSettings;
}

async function applyToVolumes(
  { target, region }: Chosen,
  cohort: VolumeCohort,
  run: RunOptions,
): Promise<VolumeCohort> {
  await breathe(run.signal);
  const step = { name: 'intensityHarmonizer', region, options: record({ target, region }) };
  const scans = cohort.scans.map((scan) => ({
    ...scan,
    open: async (opening: RunOptions = {}) => {
      await breathe(opening.signal);
      const volume = await scan.open(opening);
      return keepMark(
        volume,
        normalizeVolume(volume, step, (values) => intensityMap(target, values)),
      );
    },
  }));
  return makeVolumeCohort(cohort.participants, scans, {
    provenance: [...cohort.provenance, provenanceStep(step.name, { ...step.region, ...step.options })],
    issues: cohort.issues,
  });
}

function applyToImages(
  { target, region }: Chosen,
  cohort: ImageCohort,
  run: RunOptions,
): Promise<ImageCohort> {
  const step = { name: 'intensityHarmonizer', region, options: record({ target, region }), run };
  return normalizeImages(cohort, step, (values) => intensityMap(target, values));
}

/** What the provenance says of a target: all but long lists, of which a digest distinguishes one model from another. */
function record({ target, region }: Chosen): Readonly<Record<string, unknown>> {
  const { fitted, calibration, name, scans } = target;
  const { method } = fitted;
  const settings = 'settings' in fitted ? { settings: fitted.settings } : {};
  return {
    method,
    ...settings,
    calibration,
    target: name,
    scans,
    model: digestOf({ fitted, calibration, region }),
  };
}
