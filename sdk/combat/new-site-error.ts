import { requireCall } from '../data/calls/require-call';
import { oneOf } from '../data/one-of';
import { requireCount } from '../data/require-count';
import type { Random } from '../math/random';
import { makeRandom } from '../math/random';
import { mean, sampleVariance } from '../math/statistics/moments';
import type { CombatModel } from './combat-model';
import { meanAndSquares, medianAndMidvariance } from './scales/location-scale';
import type { SiteInput } from './frame/shrink-sites';
import type { NewSiteEffects } from './shrink-new-site';
import { newSiteShrinker } from './shrink-new-site';
import type { NewSiteEstimate } from './new-site-policy';
import { newSiteEstimates } from './new-site-policy';

/** Options of {@link newSiteError}. */
export interface NewSiteErrorOptions {
  /** How the effects of the site would be estimated, as `unseen` of `applyCombat`. */
  readonly unseen: NewSiteEstimate;
  /** How many of its scans there would be. */
  readonly scans: number;
  /**
   * Seed of the draws.
   *
   * @defaultValue 1
   */
  readonly seed?: number;
}

/** By how much the effects of a new site are missed: root mean squares over features. */
export interface NewSiteError {
  /** Of its shift, in pooled standard deviations. */
  readonly shift: number;
  /** Of its scale, as a share: 0.1 where its standard deviation is taken for 10 % more or less than it is. */
  readonly scale: number;
}

/** What was computed of each model, so that applying it again costs nothing. */
const known = new WeakMap<CombatModel, Map<string, Promise<NewSiteError>>>();

/** At most so many features of so many sites are looked at … */
const mostFeatures = 200;
const mostSites = 20;
/** … until so many effects were drawn, of so many values in all. */
const enough = 4000;
const mostValues = 2e6;

/**
 * Says how well the effects of a site that a model was not fitted on would be known from some scans. Scans of sites like the
 * model's own are drawn (their effects, less what chance adds to their spread, and normal residuals), the effects are estimated from them by the same code as in
 * `applyCombat`, and compared with those drawn from. How well sites stand for others, their number says: a new site that is
 * like none of them is missed by more.
 *
 * @example
 * ```ts
 * for (const scans of [2, 5, 10, 20, 50]) show(await combat.newSiteError(model, { unseen: 'creb', scans }));
 * ```
 *
 * @returns `NaN` where the model has no site but its reference
 * @throws ConcordError `invalid-option`.
 */
export async function newSiteError(model: CombatModel, options: NewSiteErrorOptions): Promise<NewSiteError> {
  requireCall('combat.newSiteError', { model, options });
  const { unseen, scans, seed = 1 } = options;
  oneOf('unseen', unseen, newSiteEstimates);
  requireCount('scans', scans);
  return repeatedSiteError(model, { unseen, scans, persons: scans, alike: 0, seed });
}

/** Of how many persons the scans of a new site are. */
export interface AlikeScans {
  readonly persons: number;
  /** Which share of the variance of scans at one site is that of persons: 1 where scans of one person are as one. */
  readonly alike: number;
}

/**
 * The same for scans of fewer persons, who are scanned about equally often. The method takes all scans for independent, and shrinks the
 * effects as little as those of so many persons, though the mean of few persons is what they are known from.
 */
export async function repeatedSiteError(
  model: CombatModel,
  { seed = 1, ...given }: NewSiteErrorOptions & AlikeScans,
): Promise<NewSiteError> {
  const { unseen, scans, persons, alike } = given;
  const ofModel = known.get(model) ?? new Map<string, Promise<NewSiteError>>();
  known.set(model, ofModel);
  const key = [unseen, scans, persons, alike, seed].join(' ');
  const found = ofModel.get(key) ?? drawnError(model, { ...given, seed });
  ofModel.set(key, found);
  return found;
}

async function drawnError(
  model: CombatModel,
  { unseen, scans, persons, alike, seed }: Required<NewSiteErrorOptions> & AlikeScans,
): Promise<NewSiteError> {
  const random = makeRandom(seed);
  const sites = siteTruths(model, scans);
  const drawn = sites.reduce((sum, { shift }) => sum + shift.length, 0);
  if (drawn === 0) return { shift: NaN, scale: NaN };
  const rounds = Math.max(1, Math.min(Math.ceil(enough / drawn), Math.floor(mostValues / (drawn * scans))));
  const sums = { count: 0, shift: 0, scale: 0 };
  const shrink = newSiteShrinker(model, { how: unseen, run: {} });
  for (let round = 0; round < rounds; round++) {
    for (const truth of sites) {
      const input = drawSite(truth, { scans, persons, alike, robust: model.settings.robust, random });
      addErrors(sums, truth, await shrink(input));
    }
  }
  return { shift: Math.sqrt(sums.shift / sums.count), scale: Math.sqrt(sums.scale / sums.count) };
}

/** The effects of a site on some features. */
interface SiteTruth {
  readonly shift: Float64Array;
  /** Standard deviations, as shares of the pooled one. */
  readonly width: Float64Array;
}

/** The effects of the model's sites: of some features where there are many. */
function siteTruths(
  { sites, features, gammaHat, deltaHat }: CombatModel,
  scans: number,
): readonly SiteTruth[] {
  const own = [...sites.keys()].filter(
    (site) => sites[site].adjusts !== 'reference' && sites[site].subjects > 2,
  );
  const used = some(own, mostSites);
  const most = Math.max(2, Math.min(mostFeatures, Math.floor(mostValues / (used.length * scans))));
  return used.map((site) => {
    const row = site * features.length;
    const there = [...features.keys()].filter(
      (w) => Number.isFinite(gammaHat[row + w]) && deltaHat[row + w] > 0,
    );
    const chosen = some(there, most);
    const freedom = sites[site].subjects - 1;
    const variances = Float64Array.from(chosen, (w) => deltaHat[row + w]);
    const shift = withoutChance(
      Float64Array.from(chosen, (w) => gammaHat[row + w]),
      mean(variances) / (freedom + 1),
    );
    // Of log δ̂² chance makes the mean 1 / (n − 1) too small, and adds ψ′((n − 1) / 2) to the variance.
    const logs = withoutChance(
      variances.map(Math.log),
      2 / freedom + 2 / freedom ** 2 + 4 / (3 * freedom ** 3),
    );
    return { shift, width: logs.map((log) => Math.exp((log + 1 / freedom) / 2)) };
  });
}

/** Estimates drawn together until they vary as much as what they estimate (Louis 1984, JASA 79:393). */
function withoutChance(estimates: Float64Array, chance: number): Float64Array {
  const center = mean(estimates);
  const variance = sampleVariance(estimates);
  const share = variance > 0 ? Math.sqrt(Math.max(0, 1 - chance / variance)) : 1;
  return estimates.map((value) => center + share * (value - center));
}

/** Some of a list, at equal distances. */
function some<Item>(items: readonly Item[], most: number): readonly Item[] {
  if (items.length <= most) return items;
  return Array.from({ length: most }, (_, i) => items[Math.floor((i * items.length) / most)]);
}

function drawSite(
  { shift, width }: SiteTruth,
  {
    scans,
    persons,
    alike,
    robust,
    random,
  }: AlikeScans & { readonly scans: number; readonly robust: boolean; readonly random: Random },
): SiteInput {
  const measure = robust ? medianAndMidvariance : meanAndSquares;
  const values = Array.from(shift, (center, i) => {
    if (persons >= scans)
      return Float64Array.from({ length: scans }, () => center + width[i] * random.normal());
    const own = Float64Array.from({ length: persons }, () => Math.sqrt(alike) * random.normal());
    const rest = Math.sqrt(1 - alike);
    return Float64Array.from(
      { length: scans },
      (_, scan) => center + width[i] * (own[scan % persons] + rest * random.normal()),
    );
  });
  const measured = values.map(measure);
  return {
    name: 'drawn',
    subjects: scans,
    features: Int32Array.from(shift.keys()),
    location: Float64Array.from(measured, ({ location }) => location),
    squares: Float64Array.from(measured, ({ squares }) => squares),
    counts: new Float64Array(shift.length).fill(scans),
    values: robust ? values : undefined,
  };
}

function addErrors(
  sums: { count: number; shift: number; scale: number },
  truth: SiteTruth,
  { gammaStar, deltaStar }: NewSiteEffects,
): void {
  truth.shift.forEach((shift, i) => {
    sums.count++;
    sums.shift += (gammaStar[i] - shift) ** 2;
    sums.scale += Math.log(Math.sqrt(deltaStar[i]) / truth.width[i]) ** 2;
  });
}
