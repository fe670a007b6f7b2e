import type { ImageCohort } from '../../data/cohort';
import { takeSubjects } from '../../data/cohort';
import type { RunOptions } from '../../data/run-options';
import { splitPeople } from '../../nn/train/split-people';
import { frechetDistance } from '../probes/frechet-distance';
import type { ImageFeatureModel } from '../probes/image-features';
import { imageFeatures } from '../probes/image-features';
import type { KernelDistance } from './kernel-distance';
import { kernelDistance } from './kernel-distance';

/** How far two sets of images are from each other. */
export interface DistributionDistance {
  /** The Fréchet distance of the features. It falls with the number of images: compare it only at like numbers. */
  readonly fid: number;
  /** The kernel distance of the features, which does not. */
  readonly kid: KernelDistance;
  /** How many images stood on each side. */
  readonly images: readonly [number, number];
}

/** What {@link compareDistributions} found. Plain JSON. */
export interface DistributionComparison extends DistributionDistance {
  readonly kind: 'distribution-comparison';
  /** Whose features: without this name the numbers mean nothing. */
  readonly features: string;
  /**
   * The distance between two halves of the real images, of different people: what cannot be told from real. Not there
   * when the real images show one person only.
   */
  readonly floor?: DistributionDistance;
}

/** Options of {@link compareDistributions}. */
export interface CompareDistributionsOptions extends RunOptions {
  /** The network that describes images; the same one for all that is compared. */
  readonly features: ImageFeatureModel;
  /** Deals the people of the real images into halves. @defaultValue 1 */
  readonly seed?: number;
}

/**
 * Compares harmonized images with real ones of the target site as sets, whoever is on them: FID and KID of a network's
 * features, beside the floor that real images of other people reach.
 *
 * @throws ConcordError `invalid-option` when images have another size than those the network learnt from;
 * `too-little-data` with fewer than two images on a side; `aborted`.
 * @example
 * ```ts
 * const features = await fitImageFeatures(raw);
 * const { fid, kid, floor } = await compareDistributions(harmonized, ofTarget, { features });
 * ```
 */
export async function compareDistributions(
  harmonized: ImageCohort,
  real: ImageCohort,
  options: CompareDistributionsOptions,
): Promise<DistributionComparison> {
  const { features, seed = 1 } = options;
  const distance = async (one: ImageCohort, other: ImageCohort): Promise<DistributionDistance> => {
    const a = await imageFeatures(features, one, options);
    const b = await imageFeatures(features, other, options);
    return { fid: frechetDistance(a, b), kid: kernelDistance(a, b), images: [a.rows, b.rows] };
  };
  const found = await distance(harmonized, real);
  const halves = halvesByPerson(real, seed);
  return {
    kind: 'distribution-comparison',
    ...found,
    features: features.name,
    ...(halves === undefined ? {} : { floor: await distance(...halves) }),
  };
}

/** Two halves of a cohort, everyone in one of them; none where there is one person, or too few images for a half. */
function halvesByPerson(cohort: ImageCohort, seed: number): readonly [ImageCohort, ImageCohort] | undefined {
  const { subjects } = cohort;
  if (new Set(subjects).size < 2) return undefined;
  const first = splitPeople(subjects, { share: 0.5, seed });
  const rows = [...subjects.keys()];
  const part = (inside: boolean): ImageCohort =>
    takeSubjects(
      cohort,
      rows.filter((row) => first.has(subjects[row]) === inside),
    );
  const halves = [part(true), part(false)] as const;
  return halves.every(({ images }) => images.shape[0] >= 2) ? halves : undefined;
}
