import type { ApplyCombatOptions } from '../../combat/apply-combat';
import { applyCombat } from '../../combat/apply-combat';
import { estimatesNewSites } from '../../combat/new-site-policy';
import type { ImageCohort } from '../../data/cohort';
import { withImages } from '../../data/cohort';
import { provenanceStep } from '../../data/provenance';
import { ConcordError } from '../../errors';
import { advise, option } from '../../remedy';
import { requireSuffixes } from '../../nn/images/image-geometry';
import type { BrainPixels } from './aligned-pixels';
import { brainPixels, commonGrid, gridSides, placeNamed } from './aligned-pixels';
import { columnOfPlace, pixelTable } from './fit-pixel-combat';
import type { PixelCombatModel } from './pixel-combat-model';
import { pixelTroubles } from './pixel-troubles';
import { requireCall } from '../../data/calls/require-call';

/** Options of {@link applyPixelCombat}. */
export type ApplyPixelCombatOptions = Omit<ApplyCombatOptions, 'missingCovariates'>;

/**
 * Harmonizes slices pixel by pixel by a fitted model. Pixels in a scan's mask that the model does not know stay as they are,
 * which an issue counts: the rim of a brain that is larger than what all have in common. So are pixels that fell below 0
 * (holes), and bright ones that became dark (a black rim), by scan and by how many are at the rim.
 *
 * @throws ConcordError `invalid-option` for scans that are not on the model's grid, or of another contrast, and where a site that
 * it does not know is to be estimated for a model whose effects were spread (`effectFwhm`); what
 * {@link applyCombat} throws of sites and covariates.
 */
export async function applyPixelCombat(
  model: PixelCombatModel,
  cohort: ImageCohort,
  options: ApplyPixelCombatOptions = {},
): Promise<ImageCohort> {
  requireCall('baselines.applyPixelCombat', { model, cohort, options });
  requireSpreadable(model, options);
  requireSuffixes(model.suffixes, cohort.suffixes);
  const sides = gridSides(commonGrid(cohort, model));
  const pixels = brainPixels(cohort, sides);
  const { features } = model.combat;
  const columns = columnsOf(model, sides);
  const table = pixelTable(cohort, pixels, { columns, features });
  const harmonized = await applyCombat(model.combat, table, options);
  const data = putBack(cohort.images.data, pixels, {
    columns,
    values: harmonized.features.values,
    width: features.length,
  });
  const { unseen = 'error' } = options;
  const digest = harmonized.provenance.at(-1)?.options['digest'];
  const step = provenanceStep('applyPixelCombat', {
    unseen,
    target: model.combat.settings.reference ?? 'average',
    model: digest,
  });
  const noticed = harmonized.issues.filter(({ code }) => code !== 'negative-values');
  const troubles = pixelTroubles(cohort, data, { pixels, known: columns });
  return withImages(cohort, { ...cohort.images, data }, step, [...noticed, ...troubles]);
}

/** What is estimated for a site that the model does not know is of each pixel alone, which is not what the model is for. */
function requireSpreadable(
  { effectFwhm }: PixelCombatModel,
  { unseen = 'error' }: ApplyPixelCombatOptions,
): void {
  if (effectFwhm === undefined || !estimatesNewSites(unseen)) return;
  throw new ConcordError(
    'invalid-option',
    `unseen: "${unseen}" with effectFwhm ${effectFwhm} (the effects of an unknown site would not be spread)`,
    {
      remedy: advise`fit a model with the scans of that site too, or choose ${option('unseen', 'covariates')}`,
    },
  );
}

const kept = new WeakMap<PixelCombatModel, Int32Array>();

/** The column of each place of a model's grid: found once for each model, since names take longer to read than to harmonize. */
function columnsOf(model: PixelCombatModel, sides: readonly [number, number, number]): Int32Array {
  const known = kept.get(model);
  if (known !== undefined) return known;
  const { features } = model.combat;
  const places = Int32Array.from(features, (name) => placeNamed(name, sides));
  const columns = columnOfPlace(places, sides[0] * sides[1] * sides[2]);
  kept.set(model, columns);
  return columns;
}

/** The images with the values of a table in their places; what it does not have stays. */
function putBack(
  before: Float32Array,
  pixels: readonly BrainPixels[],
  {
    columns,
    values,
    width,
  }: { readonly columns: Int32Array; readonly values: Float64Array; readonly width: number },
): Float32Array {
  const data = before.slice();
  pixels.forEach((scan, row) => {
    const { places, at } = scan;
    for (let i = 0; i < places.length; i++) {
      const column = columns[places[i]];
      if (column === -1) continue;
      const value = values[row * width + column];
      if (!Number.isNaN(value)) data[at[i]] = value;
    }
  });
  return data;
}
