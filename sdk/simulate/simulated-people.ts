import { categorical, continuous } from '../data/people/covariate';
import type { Participants } from '../data/people/participants';
import { makeParticipants } from '../data/people/participants';
import type { Random } from '../math/random';
import type { SimulatedSite, SimulationSettings } from './simulation-options';

/** Sizes of sites by number when nothing else is said, in subjects. */
const smallestSite = 40;
const largestSite = 160;

/** The persons of a simulated cohort, in the order of their sites. */
export interface SimulatedPeople {
  readonly participants: Participants;
  readonly sites: readonly Required<SimulatedSite>[];
  /** Years, one per subject. */
  readonly ages: Float64Array;
  /** 1 for a man, 0 for a woman, one per subject. */
  readonly male: Uint8Array;
}

/**
 * Draws sites and their persons. Where the ages of sites are not given they differ mildly, so that age and site are
 * confounded a little, as they are in every real study.
 */
export function simulatePeople(settings: SimulationSettings, random: Random): SimulatedPeople {
  const sites = completeSites(settings, random);
  const count = sites.reduce((sum, site) => sum + site.subjects, 0);
  const ages = new Float64Array(count);
  const male = new Uint8Array(count);
  const siteOf: string[] = [];
  for (const site of sites) {
    for (let i = 0; i < site.subjects; i++) {
      ages[siteOf.length] = drawAge(site, settings.ageRange, random);
      male[siteOf.length] = random.uniform() < site.femaleShare ? 0 : 1;
      siteOf.push(site.name);
    }
  }
  const digits = Math.max(3, String(count).length);
  const ids = siteOf.map((_, row) => `sub-${String(row + 1).padStart(digits, '0')}`);
  const sexes = Array.from(male, (isMale) => (isMale === 1 ? 'M' : 'F'));
  const participants = makeParticipants(ids, siteOf, [
    continuous('age', ages, 'years'),
    categorical('sex', sexes, ['F', 'M']),
  ]);
  return { participants, sites, ages, male };
}

/** The sites as given or counted, what was left open drawn at random. */
function completeSites(settings: SimulationSettings, random: Random): Required<SimulatedSite>[] {
  const [youngest, oldest] = settings.ageRange;
  const width = oldest - youngest;
  return sitesToFill(settings, random).map((site) => {
    // Always the same number of draws, so that giving one site's age does not change the others.
    const ageMean = youngest + width * (0.5 + 0.1 * clip(random.normal(), 2));
    const ageSd = width * (0.12 + 0.08 * random.uniform());
    const femaleShare = 0.4 + 0.2 * random.uniform();
    return {
      name: site.name,
      subjects: site.subjects,
      ageMean: site.ageMean ?? ageMean,
      ageSd: site.ageSd ?? ageSd,
      femaleShare: site.femaleShare ?? femaleShare,
    };
  });
}

function sitesToFill({ sites, subjects }: SimulationSettings, random: Random): readonly SimulatedSite[] {
  if (typeof sites !== 'number') return sites;
  const digits = Math.max(2, String(sites).length);
  const sizes = Array.from(
    { length: sites },
    () => smallestSite + random.integer(largestSite - smallestSite + 1),
  );
  const fitted = subjects === undefined ? sizes : shareOut(subjects, sizes);
  return fitted.map((size, site) => ({
    name: `site-${String(site + 1).padStart(digits, '0')}`,
    subjects: size,
  }));
}

/** Splits `total` in proportion to `weights`, every share whole and at least 2, by the largest remainders. */
function shareOut(total: number, weights: readonly number[]): number[] {
  const spare = total - 2 * weights.length;
  const sum = weights.reduce((a, b) => a + b, 0);
  const exact = weights.map((weight) => (spare * weight) / sum);
  const shares = exact.map((share) => 2 + Math.floor(share));
  const left = total - shares.reduce((a, b) => a + b, 0);
  const byRemainder = weights.map((_, i) => i).sort((i, j) => (exact[j] % 1) - (exact[i] % 1) || i - j);
  for (const site of byRemainder.slice(0, left)) shares[site]++;
  return shares;
}

/** An age from the site's normal distribution cut to the range, to a tenth of a year as tables have it. */
function drawAge(site: Required<SimulatedSite>, range: readonly [number, number], random: Random): number {
  if (site.ageSd === 0) return site.ageMean;
  for (;;) {
    const age = site.ageMean + site.ageSd * random.normal();
    if (age < range[0] || age > range[1]) continue;
    return Math.min(range[1], Math.max(range[0], Math.round(age * 10) / 10));
  }
}

function clip(value: number, limit: number): number {
  return Math.max(-limit, Math.min(limit, value));
}
