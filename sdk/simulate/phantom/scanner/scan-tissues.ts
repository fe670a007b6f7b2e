import { affineSpacing, nearestAxes } from '../../../data/images/affine';
import type { Grid } from '../../../data/images/volume';
import { sameGrid } from '../../../data/images/volume';
import { deriveSeed, makeRandom } from '../../../math/random';
import type { CoilSensitivity } from './coil-sensitivity';
import { drawSensitivity, jitterSensitivity, sensitivityMap } from './coil-sensitivity';
import { distort, drawDistortion } from './gradient-distortion';
import { filterAxes, pointSpreadKernel } from './low-pass';
import type { CompleteScanner } from './phantom-scanner';
import type { PhantomTraits } from '../phantom-traits';
import { addRicianNoise } from './rician-noise';
import { sequenceSignal } from './signal-equations';
import { tissueProperties } from './tissue-properties';
import type { PhantomTissue, TissueMaps } from '../tissues';
import { tissueNames } from '../tissues';

/** How the T1 of a person's tissues differs from the table's, as factors. */
export type TissueFactors = Partial<Pick<PhantomTraits, 'whiteMatterT1' | 'grayMatterT1'>>;

/**
 * The intensity of each tissue at a scanner, before bias and blur: the white matter of the tissue table has the
 * scanner's gain.
 */
function tissueIntensities(
  scanner: CompleteScanner,
  factors: TissueFactors = {},
): Readonly<Record<PhantomTissue, number>> {
  const { whiteMatterT1 = 1, grayMatterT1 = 1 } = factors;
  const signal = (tissue: PhantomTissue, factor: number): number => {
    const properties = tissueProperties(tissue, scanner.fieldStrength);
    return sequenceSignal(scanner.sequence, { ...properties, t1: properties.t1 * factor });
  };
  const unit = scanner.gain / signal('whiteMatter', 1);
  const own = (tissue: PhantomTissue): number => {
    if (tissue === 'whiteMatter') return whiteMatterT1;
    return tissue === 'grayMatter' || tissue === 'deepGray' ? grayMatterT1 : 1;
  };
  return Object.fromEntries(
    tissueNames.map((tissue) => [tissue, unit * signal(tissue, own(tissue))]),
  ) as Record<PhantomTissue, number>;
}

/** The sensitivity of a scanner at one scan: the machine's own, met a little differently each time. */
export function scanSensitivity(scanner: CompleteScanner, scanSeed: number): CoilSensitivity {
  const { seed, biasStrength, fieldStrength } = scanner;
  const own = drawSensitivity(deriveSeed(seed, 0), biasStrength, fieldStrength);
  return jitterSensitivity(own, makeRandom(deriveSeed(scanSeed, 0)));
}

/** What {@link scanTissues} takes besides maps and scanner. */
export interface ScanTissuesOptions {
  readonly seed: number;
  /** Draws the noise, where slices of one scan are made one by one. @defaultValue derived from `seed` */
  readonly noiseSeed?: number;
  readonly factors?: TissueFactors;
  /** Where the voxels of the scan are. */
  readonly grid: Grid;
  /** Without noise: what the scan would be if it were averaged forever. */
  readonly noiseFree?: boolean;
}

/**
 * The intensities of a scan: tissues become signal, the point spread blurs them, gradients distort them, coils weigh
 * them, noise is added.
 */
export function scanTissues(
  maps: Pick<TissueMaps, 'fractions' | 'shape' | 'affine'>,
  scanner: CompleteScanner,
  { seed, noiseSeed = deriveSeed(seed, 1), factors, grid, noiseFree = false }: ScanTissuesOptions,
): Float32Array {
  const signal = mixTissues(maps, tissueIntensities(scanner, factors));
  const blurred = filterAxes(signal, maps.shape, spreadKernels(maps, scanner));
  const moved = place(blurred, maps, { grid, scanner });
  const sensitivity = sensitivityMap(scanSensitivity(scanner, seed), grid);
  // Blur may leave a little below zero beside sharp edges; a magnitude has no sign.
  for (let i = 0; i < moved.length; i++) moved[i] = Math.abs(moved[i] * sensitivity[i]);
  if (noiseFree) return moved;
  return addRicianNoise(moved, scanner.gain / scanner.whiteMatterSnr, makeRandom(noiseSeed));
}

function mixTissues(
  { fractions, shape }: Pick<TissueMaps, 'fractions' | 'shape'>,
  intensities: Readonly<Record<PhantomTissue, number>>,
): Float32Array {
  const out = new Float32Array(shape[0] * shape[1] * shape[2]);
  for (const tissue of tissueNames) {
    const map = fractions[tissue];
    if (map === undefined) continue;
    const intensity = intensities[tissue];
    for (let i = 0; i < out.length; i++) out[i] += intensity * map[i];
  }
  return out;
}

function spreadKernels(grid: Grid, scanner: CompleteScanner): [Float64Array, Float64Array, Float64Array] {
  const { resolution, ringing, smoothing } = scanner;
  const spacing = affineSpacing(grid.affine);
  const axes = nearestAxes(grid.affine);
  const kernel = (axis: 0 | 1 | 2): Float64Array =>
    pointSpreadKernel({ resolution: resolution[axes[axis].world], ringing, smoothing }, spacing[axis]);
  return [kernel(0), kernel(1), kernel(2)];
}

function place(
  data: Float32Array,
  from: Grid,
  { grid, scanner }: { readonly grid: Grid; readonly scanner: CompleteScanner },
): Float32Array {
  if (scanner.distortion === 0 && sameGrid(from, grid)) return data.slice();
  const distortion = drawDistortion(deriveSeed(scanner.seed, 1), scanner.distortion);
  return distort(data, from, { to: grid, distortion });
}
