import { basename } from 'node:path';
import { provenanceStep } from '../../data/provenance';
import type { RunOptions } from '../../data/run-options';
import { throwIfAborted } from '../../data/run-options';
import type { Scan } from '../../data/images/scan';
import type { Volume } from '../../data/images/volume';
import { withVolume } from '../../data/images/volume';
import { requireFrame } from './read-frame';
import { readMask, requireGrid } from './read-mask';
import type { ReadVolumeOptions, VolumeFileHeader } from './read-volume';
import { readVolume, readVolumeHeader } from './read-volume';
import { requirePath } from '../files/argument-order';
import { requireCall } from '../../data/calls/require-call';

/** Options of {@link scanFile}. */
export interface ScanFileOptions extends ReadVolumeOptions {
  /** The file of the scan's brain mask, on the same grid. */
  readonly mask?: string;
}

/**
 * Makes the `open` of a scan that is kept in a file: each call reads it again, with its mask where it has one. Nothing is
 * read before.
 */
export function scanFile(file: string, options: ScanFileOptions = {}): Scan['open'] {
  requirePath('volumes.scanFile', file);
  requireCall('volumes.scanFile', { file, options });
  const { mask, ...reading } = options;
  return async (run: RunOptions = {}): Promise<Volume> => {
    throwIfAborted(run.signal);
    const volume = await readVolume(file, reading);
    if (mask === undefined) return volume;
    throwIfAborted(run.signal);
    return withVolume(
      volume,
      { mask: await readMask(mask, volume) },
      provenanceStep('readMask', { file: basename(mask) }),
    );
  };
}

/**
 * Checks by the headers that a scan can be read, and that its mask is on its grid.
 *
 * @returns what its header says
 * @throws ConcordError as `volumes.readHeader`; `different-grids`; `invalid-option` for a frame that is not there.
 */
export async function checkScanHeader(
  file: string,
  options: ScanFileOptions = {},
): Promise<VolumeFileHeader> {
  const scan = await readVolumeHeader(file);
  requireFrame(file, options.frame ?? 0, scan.frames);
  if (options.mask !== undefined) requireGrid(options.mask, await readVolumeHeader(options.mask), scan);
  return scan;
}
