import type { CombatModel } from '../../combat/combat-model';
import { affineSpacing } from '../../data/images/affine';
import type { Triple } from '../../data/images/affine';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { quoteName } from '../../data/list-names';
import { sliceAxes } from '../../data/images/image-set';
import type { RunOptions } from '../../data/run-options';
import { breathe } from '../../data/run-options';
import { gaussianFilter, sigmaOfFwhm } from '../../math/images/gaussian-filter';
import type { PixelGrid } from './aligned-pixels';
import { gridSides, placeNamed } from './aligned-pixels';

/**
 * Spreads the effects of each site over neighboring pixels: the shift in intensities, and the logarithm of the ratio of variances,
 * are the means over the harmonized pixels around, weighted by a Gaussian. What a scanner does changes slowly from place to
 * place, as its coils' sensitivity does; what changes from pixel to pixel is noise of the estimate, or folds of the cortex that
 * are not exactly over each other. Where a site has one value of a pixel, or the same in all scans, there is no ratio to spread.
 *
 * @param fwhm - full width at half maximum of the Gaussian, in mm
 * @throws ConcordError `aborted`.
 */
export async function smoothEffects(
  combat: CombatModel,
  { plane, grid, fwhm, signal }: PixelGrid & { readonly fwhm: number } & Pick<RunOptions, 'signal'>,
): Promise<CombatModel> {
  const sides = gridSides({ plane, grid });
  const [slices, rows, columns] = sides;
  const { features, sites, pooledSd, status } = combat;
  const places = Int32Array.from(features, (name, feature) =>
    status[feature] === 'harmonized' ? placeNamed(name, sides) : -1,
  );
  const spread = spreader(places, [columns, rows, slices], sigmas({ plane, grid }, fwhm));
  const gammaStar = combat.gammaStar.slice();
  const deltaStar = combat.deltaStar.slice();
  for (const [site, { adjusts }] of sites.entries()) {
    if (adjusts === 'reference') continue;
    const from = site * features.length;
    await breathe(signal);
    const shift = spread((feature) => gammaStar[from + feature] * pooledSd[feature]);
    places.forEach((place, feature) => {
      if (place < 0 || Number.isNaN(gammaStar[from + feature])) return;
      gammaStar[from + feature] = shift(place) / pooledSd[feature];
    });
    if (adjusts === 'location') continue;
    await breathe(signal);
    const logRatio = (feature: number): number =>
      hasScale(combat, from + feature) ? Math.log(combat.deltaStar[from + feature]) : NaN;
    const ratio = spread(logRatio);
    places.forEach((place, feature) => {
      if (place < 0 || Number.isNaN(logRatio(feature))) return;
      deltaStar[from + feature] = Math.exp(ratio(place));
    });
  }
  return { ...combat, gammaStar, deltaStar };
}

/** Whether a ratio of variances was estimated: where it could not be, it is 1 to the bit, before shrinking too. */
function hasScale({ deltaHat, deltaStar }: CombatModel, at: number): boolean {
  return !(deltaHat[at] === 1 && deltaStar[at] === 1);
}

/** Where as much as this is left of a site's effects, in pooled standard deviations, they were none of shading. */
const uneven = 1;

/**
 * Names the sites whose effects are not alike in neighboring pixels: where scales of intensity or contrasts differ, tissues next
 * to each other have effects of their own, and what is left of them after spreading stays in the scans, or turns them around. It
 * is measured as it is in the harmonized scans, rescaled with them, over all pixels together: with few scans some pixels hardly
 * vary by chance, and in their own standard deviations anything would be large.
 *
 * @param before - the model as fitted
 * @param after - the same with the effects spread
 */
export function unevenEffects(before: CombatModel, after: CombatModel): readonly Issue[] {
  const { features, sites, pooledSd } = before;
  return sites.flatMap(({ name, adjusts }, site) => {
    if (adjusts === 'reference') return [];
    const from = site * features.length;
    let left = 0;
    let pooled = 0;
    for (let feature = 0; feature < features.length; feature++) {
      const at = from + feature;
      if (Number.isNaN(before.gammaStar[at])) continue;
      const difference = (before.gammaStar[at] - after.gammaStar[at]) * pooledSd[feature];
      left += difference ** 2 / after.deltaStar[at];
      pooled += pooledSd[feature] ** 2;
    }
    const size = Math.sqrt(left / pooled);
    if (!(size > uneven)) return [];
    const message =
      `the effects of ${quoteName(name)} differ from pixel to pixel from what they were spread to: that is no shading, and ` +
      `${size.toFixed(1)} pooled standard deviations of it stay in the scans`;
    return [makeIssue('uneven-effects', message, { site: name })];
  });
}

/** Takes the weighted mean around each place of what is known at some. */
function spreader(
  places: Int32Array,
  shape: Triple,
  sigma: Triple,
): (value: (feature: number) => number) => (place: number) => number {
  const size = shape[0] * shape[1] * shape[2];
  return (value) => {
    const sum = new Float32Array(size);
    const weight = new Float32Array(size);
    places.forEach((place, feature) => {
      const own = place < 0 ? NaN : value(feature);
      if (Number.isNaN(own)) return;
      sum[place] = own;
      weight[place] = 1;
    });
    const [sums, weights] = [sum, weight].map((data) => gaussianFilter(data, shape, sigma));
    return (place) => sums[place] / weights[place];
  };
}

/** The standard deviation along columns, rows and slices, in voxels: the order of a place's numbers, fastest first. */
function sigmas({ plane, grid }: PixelGrid, fwhm: number): Triple {
  const [rows, columns] = sliceAxes[plane];
  const spacing = affineSpacing(grid.affine);
  const [a, b, c] = [columns, rows, 3 - rows - columns].map((axis) => sigmaOfFwhm(fwhm) / spacing[axis]);
  return [a, b, c];
}
