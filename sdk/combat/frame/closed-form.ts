import type { CombatModel, CombatSite } from '../combat-model';
import type { SiteEffects, SiteInput } from './shrink-sites';

/**
 * One prior over all sites and features together: δ² ~ inverse gamma(shape, scale) and, given it, γ ~ N(0, δ² / strength). Both
 * posterior means then have closed forms, in which a new site needs nothing but its own means and sums of squares.
 */
export interface JointPrior {
  /** κ₀: as how many scans at no shift the prior counts; `Infinity` where sites do not shift beyond chance. */
  readonly strength: number;
  /** a₀; `Infinity` where scales do not differ beyond chance. */
  readonly shape: number;
  /** The mean of δ². */
  readonly meanScale: number;
}

/**
 * Fits the joint prior to the effects of a model's sites by moments, less what chance adds to them: γ̂ varies by δ²/n about γ,
 * and δ̂² by 2δ⁴/(n − 1) about δ², for which 2δ̂⁴/(n + 1) is unbiased.
 *
 * @returns `undefined` where the model has no site but its reference with two subjects
 */
export function jointPrior({ sites, features, gammaHat, deltaHat }: CombatModel): JointPrior | undefined {
  const width = features.length;
  const moments = jointMoments();
  sites.forEach((site, row) => {
    const of = (values: Float64Array): Float64Array => values.subarray(row * width, (row + 1) * width);
    moments.add(site, of(gammaHat), of(deltaHat));
  });
  return moments.prior();
}

/** The sums that a joint prior is fitted by, site after site. */
export interface JointMoments {
  /** Adds the effects of a site of the model. */
  add(site: CombatSite, gammaHat: Float64Array, deltaHat: Float64Array): void;
  /** The prior of the sites that were added, as {@link jointPrior} gives it. */
  prior(): JointPrior | undefined;
}

/** Begins the sums of a {@link jointPrior}, for models whose sites are not in memory together. */
export function jointMoments(): JointMoments {
  let [count, shifts, scales, squares, chance] = [0, 0, 0, 0, 0];
  return {
    add({ adjusts, subjects }, gammaHat, deltaHat) {
      if (adjusts === 'reference' || subjects < 2) return;
      for (let at = 0; at < gammaHat.length; at++) {
        const scale = deltaHat[at];
        if (!Number.isFinite(gammaHat[at]) || !(scale > 0)) continue;
        count++;
        shifts += gammaHat[at] ** 2 - scale / subjects;
        scales += scale;
        squares += scale * scale;
        chance += (2 * scale * scale) / (subjects + 1);
      }
    },
    prior() {
      if (count === 0) return undefined;
      const meanScale = scales / count;
      const spread = count > 1 ? (squares - count * meanScale ** 2) / (count - 1) - chance / count : 0;
      return {
        strength: shifts > 0 ? scales / shifts : Infinity,
        shape: spread > 0 ? 2 + meanScale ** 2 / spread : Infinity,
        meanScale,
      };
    },
  };
}

/**
 * The posterior means of a site under the joint prior (the normal–inverse-gamma model, Gelman et al., "Bayesian Data Analysis",
 * §3.3; for new sites as CREB has it, Kharade et al. 2025): γ* = n γ̂ / (κ₀ + n), and
 * δ*² = (b₀ + ½ Σ(Z − γ̂)² + ½ n κ₀ γ̂² / (κ₀ + n)) / (a₀ + n/2 − 1). They need no iteration, and hold for a single scan.
 *
 * @param scaled - whether the scale is adjusted, or the location alone
 */
export function closedForm(
  { features, location, squares, counts }: SiteInput,
  { strength, shape, meanScale }: JointPrior,
  { scaled }: { readonly scaled: boolean },
): Pick<SiteEffects, 'features' | 'gammaStar' | 'deltaStar'> {
  const weight = (i: number): number => (strength === Infinity ? 0 : counts[i] / (strength + counts[i]));
  const scale = (i: number): number => {
    if (shape === Infinity) return meanScale;
    const distance = squares[i] + counts[i] * (1 - weight(i)) * location[i] ** 2;
    return (meanScale * (shape - 1) + distance / 2) / (shape + counts[i] / 2 - 1);
  };
  return {
    features,
    gammaStar: location.map((gamma, i) => weight(i) * gamma),
    deltaStar: location.map((_, i) => (scaled ? scale(i) : 1)),
  };
}
