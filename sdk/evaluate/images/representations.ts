import { counted } from '../../data/counted';
import type { ImageCohort } from '../../data/cohort';
import { imageRanges } from '../../data/cohort';
import type { ImageRepresentation } from '../../data/images/image-representation';
import { ConcordError } from '../../errors';
import { requireCall } from '../../data/calls/require-call';

/** How alike the representations of two scans are, over pairs of one kind: Pearson's correlation. */
export interface PairAgreement {
  readonly pairs: number;
  readonly mean: number;
  readonly lowest: number;
}

/** What {@link compareRepresentations} finds; a kind without pairs is left out. */
export interface RepresentationComparison {
  /** A person scanned again where they were scanned before: as alike as noise allows. */
  readonly samePersonSameSite?: PairAgreement;
  /** A person at two sites: as alike, when the representation knows no site. */
  readonly samePersonOtherSite?: PairAgreement;
  /** Two persons at one site: less alike, when the representation separates persons. */
  readonly otherPersonSameSite?: PairAgreement;
}

/**
 * Compares how much a representation reflects the person and how much the site: correlates those of scans, all images
 * of a scan together, by pairs that share the person, the site, or both. For content, pairs of a person at two sites
 * should agree nearly as well as two scans at one, and better than two persons.
 *
 * @throws ConcordError `invalid-option` when there is not one representation for each image, or scans have different
 * numbers of images.
 */
export function compareRepresentations(
  representation: ImageRepresentation,
  cohort: ImageCohort,
): RepresentationComparison {
  requireCall('murd.compareRepresentations', { representation, cohort });
  const size = requireOneEach(representation, cohort);
  const scans = imageRanges(cohort).map(([from, to]) =>
    unitLength(representation.values.subarray(from * size, to * size)),
  );
  if (scans.some(({ length }) => length !== scans[0].length)) {
    throw new ConcordError('invalid-option', 'scans have different numbers of images (cut them alike)');
  }
  const { subjects, participants } = cohort;
  const found: Record<keyof RepresentationComparison, number[]> = {
    samePersonSameSite: [],
    samePersonOtherSite: [],
    otherPersonSameSite: [],
  };
  for (let a = 0; a < scans.length; a++) {
    for (let b = a + 1; b < scans.length; b++) {
      const person = subjects[a] === subjects[b];
      const site = participants.sites[a] === participants.sites[b];
      if (!person && !site) continue;
      const kind = !person ? 'otherPersonSameSite' : site ? 'samePersonSameSite' : 'samePersonOtherSite';
      found[kind].push(product(scans[a], scans[b]));
    }
  }
  const filled = Object.entries(found).filter(([, values]) => values.length > 0);
  return Object.fromEntries(filled.map(([kind, values]) => [kind, summary(values)]));
}

function summary(values: readonly number[]): PairAgreement {
  return {
    pairs: values.length,
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    // As arguments of one call, the pairs of five hundred scans are too many.
    lowest: values.reduce((lowest, value) => Math.min(lowest, value)),
  };
}

/** Less its mean, and of length 1: products are then correlations. */
function unitLength(values: Float32Array): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const centered = Float64Array.from(values, (value) => value - mean);
  const length = Math.sqrt(product(centered, centered));
  return centered.map((value) => value / length);
}

function product(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/**
 * Measures how clearly representations of images separate by site: the mean silhouette (Rousseeuw 1987, "Silhouettes",
 * J. Comput. Appl. Math. 20:53), by Euclidean distance. 1 for sites far apart, 0 for no separation, negative where
 * images are nearer to those of another site.
 *
 * @throws ConcordError `invalid-option` when there is not one representation for each image; `too-little-data` with one
 * site only.
 */
export function siteSilhouette(representation: ImageRepresentation, cohort: ImageCohort): number {
  requireCall('murd.siteSilhouette', { representation, cohort });
  const size = requireOneEach(representation, cohort);
  const { values } = representation;
  const { participants } = cohort;
  const sites = imageRanges(cohort).flatMap(([from, to], row) =>
    Array.from({ length: to - from }, () => participants.sites[row]),
  );
  const counts = new Map<string, number>();
  for (const site of sites) counts.set(site, (counts.get(site) ?? 0) + 1);
  if (counts.size < 2) {
    throw new ConcordError(
      'too-little-data',
      'there is one site only (at least two are needed to separate them)',
    );
  }
  let total = 0;
  sites.forEach((own, a) => {
    const sums = new Map<string, number>();
    sites.forEach((site, b) => {
      let squares = 0;
      for (let i = 0; i < size; i++) squares += (values[a * size + i] - values[b * size + i]) ** 2;
      sums.set(site, (sums.get(site) ?? 0) + Math.sqrt(squares));
    });
    const others = (counts.get(own) ?? 0) - 1;
    // An image alone at its site has no silhouette: 0 by Rousseeuw's convention.
    if (others === 0) return;
    const within = (sums.get(own) ?? 0) / others;
    const means = [...sums].map(([site, sum]) => (site === own ? Infinity : sum / (counts.get(site) ?? NaN)));
    const nearest = Math.min(...means);
    const larger = Math.max(within, nearest);
    total += larger === 0 ? 0 : (nearest - within) / larger;
  });
  return total / sites.length;
}

function requireOneEach({ values, shape }: ImageRepresentation, { images }: ImageCohort): number {
  if (shape[0] === images.shape[0]) return values.length / shape[0];
  throw new ConcordError(
    'invalid-option',
    `invalid representation: ${counted(shape[0], 'image')} in it, ${images.shape[0]} in the cohort (use the representation of this cohort)`,
  );
}
