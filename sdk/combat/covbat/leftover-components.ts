import type { ComponentCount, ExactComponents } from '../../math/linear/exact-components';
import { componentsOfRows, gramAxes } from '../../math/linear/exact-components';
import { productsByKernel, weightRowsByKernel } from '../../math/linear/products-by-kernels';
import type { ScansToCorrect } from '../corrected-scans';
import type { CombatModel } from '../combat-model';
import { correctedSites } from '../frame/corrected-sites';
import type { CovbatSettings, LeftoverUnits } from './covbat-model';
import { leftoverWork, scoresByKernels } from './leftovers-by-kernels';

/** Fewer multiplications are done before a module is compiled. */
const worthKernels = 1e6;

/** How components are found. */
export interface ComponentSteps {
  readonly settings: CovbatSettings;
  readonly wanted: ComponentCount;
}

/** Components of leftovers in their own units. */
export interface LeftoverComponents extends ExactComponents {
  /** Scans × components. */
  readonly scores: Float64Array;
  readonly units: LeftoverUnits;
  /** How many cells of harmonized features are missing. */
  readonly cells: number;
}

/**
 * The components of what ComBat leaves of scans, where there are more features than scans: band by band of features, scans are
 * corrected, what is expected is taken away, and products are made of what is left, while the band is in the processor's cache. It is
 * done twice, for the products of scans with each other and for the directions, and a table of leftovers never is in memory.
 *
 * @returns `undefined` where the table is small, or of another shape, or there is no memory for WebAssembly
 */
export function leftoverComponents(
  model: CombatModel,
  scans: ScansToCorrect,
  { settings, wanted }: ComponentSteps,
): LeftoverComponents | undefined {
  const { used, design } = scans;
  const { values } = used.features;
  const width = model.features.length;
  const rows = values.length / width;
  const plain = model.settings.transform === 'none' && model.scaleColumns.length === 0;
  if (!plain || rows >= width || values.length * rows < worthKernels) return undefined;
  const expected = { model, design, sites: correctedSites(scans) };
  const units = { centers: new Float64Array(width), scales: new Float64Array(width) };
  const learning = leftoverWork(expected, units, settings.standardize ? 1 : 2);
  const gram = productsByKernel({ left: values, m: rows, right: values, n: rows, width }, learning);
  if (gram === undefined) return undefined;
  const axes = gramAxes(gram, rows, wanted);
  let weighed: object | undefined;
  const components = componentsOfRows(axes, width, (weights, use) => {
    weighed = weightRowsByKernel({ weights, table: values, rows }, use, leftoverWork(expected, units, 0));
  });
  if (axes.values.length > 0 && weighed === undefined) return undefined;
  const { rotation } = components;
  const scores = components.scores ?? scoresByKernels(expected, values, { units, rotation })?.scores;
  return scores && { ...components, scores, units, cells: learning.missing() };
}
