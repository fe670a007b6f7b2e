import type { Triple } from '../../data/images/affine';
import { invertAffine, pointThrough } from '../../data/images/affine';
import { provenanceStep } from '../../data/provenance';
import type { RunOptions } from '../../data/run-options';
import { breathe } from '../../data/run-options';
import type { Grid, Volume } from '../../data/images/volume';
import { makeVolume, sameGrid } from '../../data/images/volume';
import { sensitivityMap } from './scanner/coil-sensitivity';
import type { Phantom } from './phantom';
import type { PhantomScanner } from './scanner/phantom-scanner';
import { completeScanner } from './scanner/phantom-scanner';
import type { TissueFactors } from './scanner/scan-tissues';
import { scanSensitivity, scanTissues } from './scanner/scan-tissues';
import type { TissueMaps } from './tissues';
import { requireCall } from '../../data/calls/require-call';

/** Options of {@link rescan} and {@link scanPhantom}. */
export interface ScanOptions {
  /** Draws the noise and how the head is placed in the coil. @defaultValue 1 */
  readonly seed?: number;
  /** Leave out the noise: what the scan would be if it were averaged forever. @defaultValue false */
  readonly noiseFree?: boolean;
  /** Set what is outside the mask to zero, as after brain extraction. @defaultValue false */
  readonly masked?: boolean;
  /** Where the voxels of the scan are. @defaultValue the grid of the tissue maps */
  readonly grid?: Grid;
  /** How the T1 of this person's tissues differs from the table's. @defaultValue a phantom's own traits; else 1 */
  readonly factors?: TissueFactors;
}

/**
 * Scans a digital person. The same phantom at several scanners is a traveling subject; the same phantom at one scanner
 * with two seeds is a test and a retest.
 *
 * @throws ConcordError `invalid-option` on a scanner that cannot be, `aborted` when canceled.
 */
export async function scanPhantom(
  phantom: Phantom,
  scanner: PhantomScanner,
  options: ScanOptions & RunOptions = {},
): Promise<Volume> {
  requireCall('phantoms.scan', { phantom, scanner, options });
  const volume = await rescan(phantom.tissues, scanner, { factors: phantom.traits, ...options });
  return { ...volume, provenance: [...phantom.provenance, ...volume.provenance] };
}

/**
 * Scans any brain whose tissue maps are given, for example a real one's from {@link estimateTissueMaps}: signal
 * equations, point spread, gradient distortion, coil sensitivity, Rician noise. Noise is white on the grid of the
 * scan. The volume carries the mask of the maps.
 *
 * @throws ConcordError `invalid-option` on a scanner that cannot be, `aborted` when canceled.
 */
export async function rescan(
  tissues: TissueMaps,
  scanner: PhantomScanner,
  options: ScanOptions & RunOptions = {},
): Promise<Volume> {
  requireCall('phantoms.rescan', { tissues, scanner, options });
  const { seed = 1, noiseFree = false, masked = false, signal } = options;
  const complete = completeScanner(scanner);
  const grid: Grid = options.grid ?? { shape: tissues.shape, affine: tissues.affine };
  const { whiteMatterT1 = 1, grayMatterT1 = 1 } = options.factors ?? {};
  const factors = { whiteMatterT1, grayMatterT1 };
  await breathe(signal);
  const data = scanTissues(tissues, complete, { seed, grid, noiseFree, factors });
  await breathe(signal);
  const mask = sameGrid(tissues, grid) ? tissues.mask : maskOnGrid(tissues, grid);
  if (masked) for (let i = 0; i < data.length; i++) if (mask[i] === 0) data[i] = 0;
  const record = { scanner: complete, factors, noiseFree, masked, shape: grid.shape };
  return makeVolume(data, grid, { mask, provenance: [provenanceStep('rescan', record, seed)] });
}

/** The bias field of one scan: the factor by which coils weigh each voxel of a grid. */
export function phantomBiasField(scanner: PhantomScanner, grid: Grid, seed: number = 1): Volume {
  const complete = completeScanner(scanner);
  const { shape, affine } = grid;
  return makeVolume(
    sensitivityMap(scanSensitivity(complete, seed), grid),
    { shape, affine },
    {
      provenance: [provenanceStep('biasField', { scanner: complete }, seed)],
    },
  );
}

/** The mask at the nearest voxel of another grid. */
function maskOnGrid({ mask, shape, affine }: TissueMaps, grid: Grid): Uint8Array {
  const inverse = invertAffine(affine);
  const out = new Uint8Array(grid.shape[0] * grid.shape[1] * grid.shape[2]);
  const place: [number, number, number] = [0, 0, 0];
  for (let k = 0, at = 0; k < grid.shape[2]; k++) {
    for (let j = 0; j < grid.shape[1]; j++) {
      for (let i = 0; i < grid.shape[0]; i++, at++) {
        place[0] = i;
        place[1] = j;
        place[2] = k;
        const point: Triple = pointThrough(inverse, pointThrough(grid.affine, place));
        const [u, v, w] = point.map(Math.round);
        const inside = u >= 0 && v >= 0 && w >= 0 && u < shape[0] && v < shape[1] && w < shape[2];
        if (inside) out[at] = mask[u + shape[0] * (v + shape[1] * w)];
      }
    }
  }
  return out;
}
