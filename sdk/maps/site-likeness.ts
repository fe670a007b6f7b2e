import type { Issue } from '../data/issue';
import { makeIssue } from '../data/issue';
import { listNames } from '../data/list-names';
import type { MapsRun } from './maps-run';
import { vertexStatus } from './maps-model';

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
 */
export async function siteLikeness({ arrays, layout, prepared }: MapsRun): Promise<readonly Issue[]> {
  const { vertices } = layout;
  const { sites, mean } = prepared;
  const sizes = mean.design.siteSizes;
  const issues: Issue[] = [];
  let first = 0;
  for (const { name, vertices: own } of layout.parts) {
    const step = Math.max(1, Math.floor(own / enough));
    const pick = async (array: string, row = 0): Promise<Float64Array> => {
      const all = await arrays.read(array, row * vertices + first, own);
      return Float64Array.from({ length: Math.ceil(own / step) }, (_, k) => all[k * step]);
    };
    const status = await pick('status');
    const grand = await pick('grandMean');
    const deviations = await pick('pooledSd');
    const means: SiteMean[] = [];
    for (const [row, site] of sites.names.entries()) {
      const shifts = await pick('gammaHat', row);
      const numbers = grand.map((number, k) =>
        status[k] === vertexStatus.harmonized ? number + shifts[k] * deviations[k] : NaN,
      );
      means.push({ site, scans: sizes[row], numbers });
    }
    issues.push(...unlikeSites(name, means, deviations));
    first += own;
  }
  return issues;
}

function unlikeSites(part: string, means: readonly SiteMean[], deviations: Float64Array): readonly Issue[] {
  const groups: SiteMean[][] = [];
  for (const one of means) {
    if (!isReliable(one, deviations)) continue;
    const alike = groups.filter((group) =>
      group.some((other) => correlation(one.numbers, other.numbers) >= noCorrelation),
    );
    const rest = groups.filter((group) => !alike.includes(group));
    groups.splice(0, groups.length, ...rest, [...alike.flat(), one]);
  }
  const [main, ...others] = groups.sort((a, b) => scansOf(b) - scansOf(a));
  return others.map((group) => {
    const all = group.flatMap((one) => main.map((other) => correlation(one.numbers, other.numbers)));
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
  let [count, sum, square, noise] = [0, 0, 0, 0];
  numbers.forEach((number, k) => {
    if (Number.isNaN(number)) return;
    count++;
    sum += number;
    square += number * number;
    noise += deviations[k] ** 2 / scans;
  });
  const variance = square - (sum * sum) / count;
  return count > 2 && variance - noise >= reliable * variance;
}

/** Where both have values. */
function correlation(one: Float64Array, other: Float64Array): number {
  let [count, sumOne, sumOther, squareOne, squareOther, both] = [0, 0, 0, 0, 0, 0];
  for (let k = 0; k < one.length; k++) {
    const [x, y] = [one[k], other[k]];
    if (x !== x || y !== y) continue;
    count++;
    sumOne += x;
    sumOther += y;
    squareOne += x * x;
    squareOther += y * y;
    both += x * y;
  }
  const covariance = both - (sumOne * sumOther) / count;
  return covariance / Math.sqrt((squareOne - sumOne ** 2 / count) * (squareOther - sumOther ** 2 / count));
}
