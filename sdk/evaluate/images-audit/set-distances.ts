import type { ImageCohort } from '../../data/cohort';
import { takeSubjects } from '../../data/cohort';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listNames } from '../../data/list-names';
import { kinOf } from '../../data/people/families';
import { siteNames } from '../../data/people/participants';
import type { RunOptions } from '../../data/run-options';
import { deriveSeed, makeRandom, permutation } from '../../math/random';
import type { ImageFeatureModel } from '../probes/image-features';
import { compareImageSets } from '../probes/image-features';
import { intensityMoments, scaledBy } from './standardize';

/** How far sets of images are from each other. */
export interface ImageSetDistances {
  /** The mean Fréchet distance (FID) over sites, or pairs of sites. */
  readonly frechet: number;
  /** The mean kernel distance (KID). */
  readonly kernel: number;
}

/** Which scans are compared with which: equally many of every site, and no person on both sides. */
export interface ImageSetPlan {
  readonly sites: readonly string[];
  /** Two sets of rows of each site, which have no person in common. */
  readonly halves: ReadonlyMap<string, readonly [one: readonly number[], other: readonly number[]]>;
  /** Scans in each set. */
  readonly scans: number;
  readonly issues: readonly Issue[];
}

/** Sets of fewer scans are no distribution: halves of one site are as far apart as two sites. */
const fewestScans = 10;

/**
 * Splits the persons of every site into two halves, and takes equally many scans of each: the Fréchet distance depends
 * on how many images there are, so only sets of one size can be compared with each other and with their floor. A person
 * scanned at several sites is in the same half everywhere, and so are the persons of a family.
 *
 * @returns `undefined` where fewer than two sites have enough persons
 */
export function planImageSets(cohort: ImageCohort, seed: number): ImageSetPlan | undefined {
  const { sites } = cohort.participants;
  // A family is in one half too: siblings are alike whatever the scanner.
  const persons = kinOf(cohort.participants);
  const people = [...new Set(persons)];
  const order = permutation(people.length, makeRandom(deriveSeed(seed, 3000)));
  const all = siteNames(cohort.participants);
  const split = all.map((site) => {
    const here = Array.from(order, (i) => people[i]).filter((person) =>
      sites.some((own, row) => own === site && persons[row] === person),
    );
    return { site, here };
  });
  const kept = split.filter(({ here }) => here.length >= 2 * fewestScans);
  if (kept.length < 2) return undefined;
  // Dealt in one order over all sites, so that a traveler is in one half.
  const half = new Map<string, 0 | 1>();
  for (const { here } of kept) {
    let counts = [0, 1].map((part) => here.filter((person) => half.get(person) === part).length);
    for (const person of here) {
      if (half.has(person)) continue;
      const part = counts[0] <= counts[1] ? 0 : 1;
      half.set(person, part);
      counts = counts.map((count, at) => count + Number(at === part));
    }
  }
  const rowsOf = (site: string, part: 0 | 1): number[] =>
    Array.from(order, (i) => people[i])
      .filter((person) => half.get(person) === part)
      .flatMap((person) =>
        sites.flatMap((own, row) => (own === site && persons[row] === person ? [row] : [])),
      );
  const scans = Math.min(
    ...kept.flatMap(({ site }) => ([0, 1] as const).map((part) => rowsOf(site, part).length)),
  );
  if (scans < fewestScans) return undefined;
  const left = all.filter((site) => !kept.some((own) => own.site === site));
  return {
    sites: kept.map(({ site }) => site),
    halves: new Map(
      kept.map(({ site }) => [site, [rowsOf(site, 0).slice(0, scans), rowsOf(site, 1).slice(0, scans)]]),
    ),
    scans,
    issues: left.map((site) =>
      makeIssue(
        'too-few-subjects',
        `${listNames([site])} has too few persons to compare sets of images (${2 * fewestScans} are required)`,
        { site },
      ),
    ),
  };
}

/** What sets of images are compared by. */
export interface ImageSetRun extends RunOptions {
  readonly plan: ImageSetPlan;
  readonly features: ImageFeatureModel;
  /** The site that scans were harmonized to. */
  readonly target?: string;
}

/**
 * How far images are from the real ones of the target, mean over the other sites; without a target, how far they are
 * from each other, mean over pairs of sites. Each comparison is between one half of the persons of one site and the
 * other half of the other's.
 *
 * @param options - `features`: a network trained on raw scans after `standardizedScans`
 *
 * @throws ConcordError as {@link compareImageSets}.
 */
export async function imageSetDistances(
  cohort: ImageCohort,
  real: ImageCohort,
  options: ImageSetRun,
): Promise<ImageSetDistances> {
  const { plan, target } = options;
  const pairs =
    target === undefined
      ? plan.sites.flatMap((one, i) => plan.sites.slice(i + 1).map((other) => [one, other] as const))
      : plan.sites.filter((site) => site !== target).map((site) => [site, target] as const);
  return meanOver(
    pairs.map(([one, other]) => [
      halfOf(cohort, plan, [one, 0]),
      halfOf(target === undefined ? cohort : real, plan, [other, 1]),
    ]),
    options,
  );
}

/** How far two halves of the real images of one site are apart: of the target, or the mean over sites. */
export async function imageSetFloor(real: ImageCohort, options: ImageSetRun): Promise<ImageSetDistances> {
  const { plan, target } = options;
  const sites = target === undefined ? plan.sites : [target];
  return meanOver(
    sites.map((site) => [halfOf(real, plan, [site, 0]), halfOf(real, plan, [site, 1])]),
    options,
  );
}

function halfOf(
  cohort: ImageCohort,
  plan: ImageSetPlan,
  [site, part]: readonly [string, 0 | 1],
): ImageCohort {
  return takeSubjects(cohort, plan.halves.get(site)?.[part] ?? []);
}

async function meanOver(
  pairs: readonly (readonly [ImageCohort, ImageCohort])[],
  { features, signal }: RunOptions & { readonly features: ImageFeatureModel },
): Promise<ImageSetDistances> {
  let frechet = 0;
  let kernel = 0;
  for (const [one, other] of pairs) {
    // The network learned from scans at one brightness and contrast: those of the second set are brought there, and the
    // first by the same measure, so that a difference in brightness counts.
    const moments = intensityMoments(other.images);
    const found = await compareImageSets(scaledBy(one, moments), scaledBy(other, moments), {
      features,
      signal,
    });
    frechet += found.frechet / pairs.length;
    kernel += found.kernel / pairs.length;
  }
  return { frechet, kernel };
}
