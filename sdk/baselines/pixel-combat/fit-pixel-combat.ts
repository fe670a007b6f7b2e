import { fitCombat } from '../../combat/fit-combat';
import type { CombatOptions } from '../../combat/combat-options';
import type { FeatureCohort, ImageCohort } from '../../data/cohort';
import { makeFeatureCohort, requireOneSuffix } from '../../data/cohort';
import { requireNoInfinity } from '../../data/feature-matrix';
import { siteCodes, siteNames } from '../../data/people/participants';
import { provenanceStep } from '../../data/provenance';
import { shortJson } from '../../data/short-json';
import { ConcordError } from '../../errors';
import { advise, call, option } from '../../remedy';
import { version } from '../../version';
import type { BrainPixels } from './aligned-pixels';
import { brainPixels, commonGrid, gridSides, pixelName } from './aligned-pixels';
import type { PixelCombatModel } from './pixel-combat-model';
import { smoothEffects, unevenEffects } from './smooth-effects';
import { requireCall } from '../../data/calls/require-call';

/** Options of {@link fitPixelCombat}: those of ComBat on tables that make sense for pixels, and which pixels take part. */
export interface PixelCombatOptions extends Omit<CombatOptions, 'transform' | 'missingCovariates'> {
  /**
   * A pixel takes part where it is in the masks of at least this share of the scans of every site. With 1 the brain
   * shrinks to what all have in common, and its rim stays as it was; the smaller the share, the fewer scans the rim rests on.
   *
   * @defaultValue `0.5`
   */
  readonly share?: number;
  /**
   * The full width at half maximum, in mm, of a Gaussian over which the effects of each site are spread, once they are
   * estimated: a scanner's shading changes slowly, and what changes from pixel to pixel is noise, or anatomy that is not exactly
   * over each other. With 12 mm the edges of real brains stayed better than without (see the guide to methods compared). For scans
   * on one scale and of one contrast: where neighboring tissues have effects of their own, an issue of code `uneven-effects`
   * says so.
   *
   * @defaultValue `0`: each pixel has effects of its own, as in the papers
   */
  readonly effectFwhm?: number;
}

/**
 * Fits ComBat pixel by pixel on slices of registered scans: each pixel of the common brain is a feature (Fortin et al.
 * 2017, NeuroImage 161:149 for voxels; a comparator of the DDAE paper). A scan has no value where a pixel is not in its own
 * mask. Being pixelwise it knows nothing of anatomy: where brains are not exactly over each other, it takes folds for site
 * effects, which shows as holes and as a dark rim; `applyPixelCombat` counts them.
 *
 * @param cohort - slices of one channel, of scans on one grid; without masks, the brain is what is not 0
 * @throws ConcordError `invalid-option` for scans on different grids or of several contrasts, or a share outside of (0, 1];
 * `too-little-data` where no pixel is common to all sites, and what {@link fitCombat} throws.
 */
export async function fitPixelCombat(
  cohort: ImageCohort,
  options: PixelCombatOptions = {},
): Promise<PixelCombatModel> {
  requireCall('baselines.fitPixelCombat', { cohort, options });
  const { share = 0.5, effectFwhm = 0, ...own } = options;
  if (!(Number.isFinite(share) && share > 0 && share <= 1)) {
    throw new ConcordError(
      'invalid-option',
      `invalid share: ${shortJson(share)} (above 0 and at most 1 is allowed)`,
    );
  }
  if (!(Number.isFinite(effectFwhm) && effectFwhm >= 0)) {
    throw new ConcordError(
      'invalid-option',
      `invalid effectFwhm: ${shortJson(effectFwhm)} (0 mm or more is allowed)`,
    );
  }
  requireOneSuffix('ComBat by pixels', cohort);
  const { plane, grid } = commonGrid(cohort);
  const sides = gridSides({ plane, grid });
  const pixels = brainPixels(cohort, sides);
  const size = sides[0] * sides[1] * sides[2];
  const places = commonPlaces(cohort, pixels, { share, size });
  const features = places.map((place) => pixelName(place, sides));
  const table = pixelTable(cohort, pixels, { columns: columnOfPlace(places, size), features });
  const fitted = await fitCombat(table, own);
  const { preserve = [], smooth = [], signal } = own;
  const combat =
    effectFwhm === 0 ? fitted : await smoothEffects(fitted, { plane, grid, fwhm: effectFwhm, signal });
  const { settings } = combat;
  return {
    kind: 'pixel-combat',
    schema: 2,
    version,
    plane,
    grid,
    suffixes: [...new Set(cohort.suffixes)],
    share,
    ...(effectFwhm === 0 ? {} : { effectFwhm }),
    combat,
    issues: [...combat.issues, ...(combat === fitted ? [] : unevenEffects(fitted, combat))],
    provenance: [
      ...cohort.provenance,
      provenanceStep('fitPixelCombat', { ...settings, preserve, smooth, share, effectFwhm }),
    ],
  };
}

/** The places in the masks of enough scans of every site, in the order of the grid. */
function commonPlaces(
  { participants }: ImageCohort,
  pixels: readonly BrainPixels[],
  { share, size }: { readonly share: number; readonly size: number },
): readonly number[] {
  const names = siteNames(participants);
  const codes = siteCodes(participants, names);
  let common: Uint8Array | undefined;
  for (const code of names.keys()) {
    const own = pixels.filter((_, row) => codes[row] === code);
    const seen = new Uint32Array(size);
    for (const { places } of own) for (const place of places) seen[place]++;
    const least = Math.max(1, Math.ceil(share * own.length));
    const before = common;
    common = Uint8Array.from(seen, (count, place) => Number(count >= least && before?.[place] !== 0));
  }
  const places: number[] = [];
  common?.forEach((is, place) => {
    if (is === 1) places.push(place);
  });
  if (places.length > 0) return places;
  throw new ConcordError(
    'too-little-data',
    `no common pixel: none is in the masks of ${Math.round(100 * share)} % of the scans of every site`,
    {
      remedy: advise`register the scans with ${call('registrations.registerAffine')}, cut the same slices of all, or lower ${option('share')}`,
    },
  );
}

/** The table of pixels: a row for each scan, missing where a place is not in its mask. Names of pixels differ as their places do. */
export function pixelTable(
  cohort: ImageCohort,
  pixels: readonly BrainPixels[],
  { columns, features }: { readonly columns: Int32Array; readonly features: readonly string[] },
): FeatureCohort {
  const { participants, images, provenance } = cohort;
  const width = features.length;
  const values = new Float64Array(pixels.length * width).fill(NaN);
  pixels.forEach((scan, row) => {
    const { places, at } = scan;
    for (let i = 0; i < places.length; i++) {
      const column = columns[places[i]];
      if (column !== -1) values[row * width + column] = images.data[at[i]];
    }
  });
  const matrix = { values, subjects: participants.ids, features };
  requireNoInfinity(matrix);
  return makeFeatureCohort(participants, matrix, { provenance });
}

/**
 * The column of each place of a grid, −1 where it has none. Pixels are millions, and scans are harmonized one by one: an array
 * takes a tenth of the time of a map, and none of the memory that grows and is given back for every scan.
 *
 * @param size - how many places the grid has
 */
export function columnOfPlace(places: ArrayLike<number>, size: number): Int32Array {
  const columns = new Int32Array(size).fill(-1);
  for (let column = 0; column < places.length; column++) columns[places[column]] = column;
  return columns;
}
