import { joinDoubles } from '../math/join-arrays';
import { withNumbers } from '../math/wasm/put-numbers';
import type { CombatModel } from './combat-model';

/** Sums of residuals and the number of cells summed: sites × features. */
interface ResidualSums {
  readonly sums: Float64Array;
  readonly counts: Float64Array;
}

/** How far the means of sites are from 0, from the model's effects, and these from 0, over the features that are used. */
export interface SiteDistances {
  readonly toZero: number;
  readonly toModel: number;
  readonly effects: number;
  readonly used: number;
}

/** What is summed of the features over sites. */
interface FeatureMeans {
  readonly weights: Float64Array;
  /** Of z̄, which becomes its mean. */
  readonly seen: Float64Array;
  /** Of γ*, the same. */
  readonly known: Float64Array;
  /** At how many sites; 0 for a feature that is not used. */
  readonly met: Float64Array;
}

/**
 * Adds up the distances over some sites, in WebAssembly where that runs, with the same bits.
 *
 * @param sites - their indices
 */
export function distancesOfSites(
  model: CombatModel,
  tally: ResidualSums,
  sites: readonly number[],
): SiteDistances {
  return distancesByKernel(model, tally, sites) ?? distancesPlainly(model, tally, sites);
}

function distancesByKernel(
  { status, gammaStar, pooledSd }: CombatModel,
  { sums, counts }: ResidualSums,
  sites: readonly number[],
): SiteDistances | undefined {
  const width = status.length;
  const used = new Float64Array(sums.length / width);
  for (const site of sites) used[site] = 1;
  const harmonized = Float64Array.from(status, (own) => Number(own === 'harmonized'));
  const features = joinDoubles([harmonized, pooledSd]);
  const made = [new Float64Array(4 * width), new Float64Array(4)];
  return withNumbers([sums, counts, gammaStar, used, features, ...made], 0, (room) => {
    room.run('siteDistances', [...room.places, width, used.length], { units: 1 });
    const [toZero, toModel, effects, over] = room.doubles(room.places[6], 4);
    return { toZero, toModel, effects, used: over };
  });
}

/**
 * In plain JavaScript: twice over the sites, row by row as they are in memory, for the means of each feature over sites, and for what
 * is about them. A call for each site: V8 makes a function fast between its calls.
 */
export function distancesPlainly(
  model: CombatModel,
  tally: ResidualSums,
  sites: readonly number[],
): SiteDistances {
  const { status } = model;
  const width = status.length;
  const zeros = (): Float64Array => new Float64Array(width);
  const means: FeatureMeans = { weights: zeros(), seen: zeros(), known: zeros(), met: zeros() };
  for (const site of sites) addMeans(model, tally, { site, means });
  let used = 0;
  for (let w = 0; w < width; w++) {
    if (status[w] !== 'harmonized' || means.met[w] < 2) means.met[w] = 0;
    else used++;
    means.seen[w] /= means.weights[w];
    means.known[w] /= means.weights[w];
  }
  const sums = new Float64Array(3);
  for (const site of sites) addDistances(model, tally, { site, means, sums });
  const [toZero, toModel, effects] = sums;
  return { toZero, toModel, effects, used };
}

function addMeans(
  { gammaStar, pooledSd }: CombatModel,
  { sums, counts }: ResidualSums,
  { site, means }: { readonly site: number; readonly means: FeatureMeans },
): void {
  const { weights, seen, known, met } = means;
  const width = met.length;
  for (let w = 0, at = site * width; w < width; w++, at++) {
    const n = counts[at];
    const effect = gammaStar[at];
    if (!(n > 0 && effect - effect === 0)) continue;
    weights[w] += n;
    seen[w] += sums[at] / pooledSd[w];
    known[w] += n * effect;
    met[w]++;
  }
}

/** @param about.sums - Σ n z̄², Σ n (z̄ − γ*)² and Σ n γ*², to be added to */
function addDistances(
  { gammaStar, pooledSd }: CombatModel,
  { sums: residuals, counts }: ResidualSums,
  { site, means, sums }: { readonly site: number; readonly means: FeatureMeans; readonly sums: Float64Array },
): void {
  const { seen, known, met } = means;
  const width = met.length;
  let [toZero, toModel, effects] = sums;
  for (let w = 0, at = site * width; w < width; w++, at++) {
    const n = counts[at];
    const own = gammaStar[at];
    if (met[w] === 0 || !(n > 0 && own - own === 0)) continue;
    const here = residuals[at] / n / pooledSd[w] - seen[w];
    const effect = own - known[w];
    toZero += n * (here * here);
    toModel += n * ((here - effect) * (here - effect));
    effects += n * (effect * effect);
  }
  sums.set([toZero, toModel, effects]);
}
