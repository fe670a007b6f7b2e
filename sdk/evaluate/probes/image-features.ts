import type { ImageCohort } from '../../data/cohort';
import { imageRanges } from '../../data/cohort';
import type { RunOptions } from '../../data/run-options';
import { ConcordError } from '../../errors';
import type { FeaturePoints } from './frechet-distance';
import { frechetDistance } from './frechet-distance';
import { kernelDistance } from './kernel-distance';
import { probeFeatureCount, probeFeatures, probeNetworkName } from './probe-network';
import { probeTarget } from './probe-target';
import type { TrainedProbe } from './probe-model';
import { applyProbe, trainProbe } from './train-probe';
import { requireCall } from '../../data/calls/require-call';

/** A network that describes images, for distances between sets of them. Its name belongs to every such number. */
export interface ImageFeatureModel {
  readonly kind: 'image-features';
  readonly name: string;
  readonly probe: TrainedProbe;
  readonly imageShape: readonly number[];
}

/** Options of {@link fitImageFeatures}. */
export interface FitImageFeaturesOptions extends RunOptions {
  /** What the network learns to classify: the site, or a covariate with levels. @defaultValue `'site'` */
  readonly target?: string;
  /** Steps of training, 32 images each. @defaultValue 1000 */
  readonly steps?: number;
  /** @defaultValue 1 */
  readonly seed?: number;
}

/**
 * Trains a network whose features FID and KID are then measured in: by default one that classifies the sites of this
 * cohort, so that it sees what sites do to images. Use raw images, and the same network for all that is compared.
 *
 * @throws ConcordError `too-little-data`, `unknown-column`, `invalid-option`, `aborted`.
 */
export async function fitImageFeatures(
  cohort: ImageCohort,
  options: FitImageFeaturesOptions = {},
): Promise<ImageFeatureModel> {
  requireCall('metrics.fitImageFeatures', { cohort, options });
  const { target = 'site', steps = 1000, seed = 1 } = options;
  const { kind, classes, values } = probeTarget(cohort, target);
  if (kind === 'number') {
    throw new ConcordError(
      'invalid-option',
      `invalid target: ${target} (the site or a covariate with levels)`,
    );
  }
  const answers = new Float32Array(cohort.images.shape[0] * classes.length);
  const labels: string[] = [];
  imageRanges(cohort).forEach(([from, to], row) => {
    for (let image = from; image < to; image++) {
      answers[image * classes.length + values[row]] = 1;
      labels.push(classes[values[row]]);
    }
  });
  const lesson = { images: cohort.images, answers, labels };
  const probe = await trainProbe(lesson, { steps, seed, signal: options.signal });
  return {
    kind: 'image-features',
    name: `${probeFeatureCount} features of a ${probeNetworkName} trained to identify ${target}`,
    probe,
    imageShape: cohort.images.shape.slice(1),
  };
}

/**
 * Describes images by a network's features.
 *
 * @returns images × features
 * @throws ConcordError `invalid-option` when the images have another size than those the network learned from.
 */
export async function imageFeatures(
  model: ImageFeatureModel,
  cohort: ImageCohort,
  run: RunOptions = {},
): Promise<FeaturePoints> {
  requireCall('metrics.imageFeatures', { model, cohort, run });
  const { images } = cohort;
  const found = images.shape.slice(1);
  if (found.join() !== model.imageShape.join()) {
    throw new ConcordError(
      'invalid-option',
      `images of ${found.join(' × ')} do not fit the network, which was trained on ${model.imageShape.join(' × ')}`,
    );
  }
  const values = await applyProbe(model.probe, images, { compute: probeFeatures, signal: run.signal });
  return { values: Float64Array.from(values), rows: images.shape[0], columns: probeFeatureCount };
}

/** How far two sets of images are from each other. */
export interface ImageSetDistance {
  readonly kind: 'image-set-distance';
  /** The Fréchet distance of the features (FID). */
  readonly frechet: number;
  /** The kernel distance of the features (KID). */
  readonly kernel: number;
  /** The name of the network whose features these are. */
  readonly features: string;
}

/**
 * Compares two sets of images as sets, whoever is on them: harmonized images with real ones of the target site, or, for
 * the floor, real ones with real ones of other persons.
 *
 * @throws ConcordError as {@link imageFeatures} and {@link frechetDistance}.
 */
export async function compareImageSets(
  one: ImageCohort,
  other: ImageCohort,
  options: RunOptions & { readonly features: ImageFeatureModel },
): Promise<ImageSetDistance> {
  requireCall('metrics.compareImageSets', { one, other, options });
  const { features, ...run } = options;
  const a = await imageFeatures(features, one, run);
  const b = await imageFeatures(features, other, run);
  return {
    kind: 'image-set-distance',
    frechet: frechetDistance(a, b),
    kernel: kernelDistance(a, b),
    features: features.name,
  };
}
