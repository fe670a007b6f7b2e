import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { listNames } from '../../data/list-names';
import { jointCorrelation, jointSpread } from '../../math/statistics/correlation';
import { sampleVariance } from '../../math/statistics/moments';
import type { KnownPart } from '../parts/known-parts';
import type { MapsRun } from '../maps-run';

/** About so many vertices of a part are looked at. */
const enough = 4_096;
/**
 * Mean maps of two sites that correlate by less have nothing in common. With some 200 patches that vary by themselves, chance is 0
 * with a standard deviation of 0.07. The thickness of fsaverage5 that nilearn 0.14.1 ships correlates with its area by −0.18, curvature
 * −0.45, depth of sulci −0.37, and the thickness of the other hemisphere −0.03; curvature with depth by 0.78, which is not noticed.
 */
const noCorrelation = 0.2;
/** Sites are compared whose mean map is at least so much more than the noise of its scans, as a share of its variance. */
const reliable = 0.5;

/** The mean map of a site at the vertices that are looked at; NaN where it has no values. */
interface SiteMean {
  readonly site: string;
  readonly scans: number;
  readonly numbers: Float64Array;
}

/**
 * Warns of sites whose mean map of a part has no likeness to those of other sites: their maps are of another measure or surface, or
 * have their vertices in another order. Single scans are held against the mean of all, in which a whole site has its share.
 *
 * @param known - what the run's model knows of its parts
 */
export async function siteLikeness(
  { arrays, layout, prepared }: MapsRun,
  known: readonly KnownPart[],
): Promise<readonly Issue[]> {
  const { sites, mean } = prepared;
  const sizes = mean.design.siteSizes;
  const issues: Issue[] = [];
  for (const { name, first, means: grand, deviations: all } of known) {
    const step = Math.max(1, Math.floor(grand.length / enough));
    const some = (numbers: Float64Array): Float64Array =>
      Float64Array.from({ length: Math.ceil(grand.length / step) }, (_, k) => numbers[k * step]);
    const [center, deviations] = [some(grand), some(all)];
    const means: SiteMean[] = [];
    for (const [row, site] of sites.names.entries()) {
      // A row is read whole: of 100 sites of fsaverage in 0.09 s, where the vertices looked at alone take twice as long or more.
      const shifts = some(await arrays.read('gammaHat', row * layout.vertices + first, grand.length));
      const numbers = center.map((number, k) => number + shifts[k] * deviations[k]);
      means.push({ site, scans: sizes[row], numbers });
    }
    issues.push(...unlikeSites(name, means, deviations));
  }
  return issues;
}

function unlikeSites(part: string, means: readonly SiteMean[], deviations: Float64Array): readonly Issue[] {
  const groups: SiteMean[][] = [];
  for (const one of means) {
    if (!isReliable(one, deviations)) continue;
    const alike = groups.filter((group) => group.some((other) => correlation(one, other) >= noCorrelation));
    const rest = groups.filter((group) => !alike.includes(group));
    groups.splice(0, groups.length, ...rest, [...alike.flat(), one]);
  }
  const [main, ...others] = groups.sort((a, b) => scansOf(b) - scansOf(a));
  return others.map((group) => {
    const all = group.flatMap((one) => main.map((other) => correlation(one, other)));
    const most = Math.max(...all);
    const message =
      `the mean ${group.length === 1 ? 'map' : 'maps'} of ${part} at ${sitesOf(group)} ${group.length === 1 ? 'has' : 'have'} no likeness to ` +
      `${main.length === 1 ? 'that' : 'those'} at ${sitesOf(main)} (correlation over vertices ${most.toFixed(2)}${all.length === 1 ? '' : ' at most'})`;
    return makeIssue('unlike-maps', message, { site: group[0].site });
  });
}

const scansOf = (group: readonly SiteMean[]): number => group.reduce((sum, { scans }) => sum + scans, 0);

const sitesOf = (group: readonly SiteMean[]): string =>
  listNames(
    group.map(({ site }) => site),
    5,
  );

/** Whether a mean map is more than the noise of so few scans. */
function isReliable({ numbers, scans }: SiteMean, deviations: Float64Array): boolean {
  const present = numbers.filter((number) => !Number.isNaN(number));
  const variance = (present.length - 1) * sampleVariance(present);
  let noise = 0;
  numbers.forEach((number, k) => {
    if (!Number.isNaN(number)) noise += deviations[k] ** 2 / scans;
  });
  return present.length > 2 && variance - noise >= reliable * variance;
}

function correlation(one: SiteMean, other: SiteMean): number {
  return jointCorrelation(jointSpread(one.numbers, other.numbers));
}
