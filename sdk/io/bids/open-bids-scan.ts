import { basename } from 'node:path';
import type { Triple } from '../../data/images/affine';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { provenanceStep } from '../../data/provenance';
import { throwIfAborted } from '../../data/run-options';
import type { Scan } from '../../data/images/scan';
import type { Volume } from '../../data/images/volume';
import { makeVolume, withVolume } from '../../data/images/volume';
import { ConcordError } from '../../errors';
import { nonZeroMask } from '../../math/images/non-zero-mask';
import { checkScanHeader } from '../volumes/scan-file';
import { readMask, requireGrid } from '../volumes/read-mask';
import type { ReadVolumeOptions } from '../volumes/read-volume';
import { readVolume, readVolumeHeader } from '../volumes/read-volume';
import { severalFrames } from '../volumes/several-frames';
import type { BidsMask } from './find-mask';

/** How a scan of a dataset is read, and where its mask may come from: the first that fits is used. */
export interface BidsReading extends ReadVolumeOptions {
  readonly masks: readonly BidsMask[];
}

/** What the header of a scan says of how it is to be read. */
export interface CheckedReading {
  /** With the masks that fit. */
  readonly reading: BidsReading;
  /** Millimeters between neighboring voxels. */
  readonly spacing: Triple;
  readonly issues: readonly Issue[];
}

/**
 * Checks by the headers that a scan can be read, and which of its masks are on its grid. A series of which no frame was
 * chosen, and a mask that does not fit, have their issues here, once.
 *
 * @throws ConcordError as `readVolumeHeader`; `invalid-option` for a frame that is not there; what is wrong with a mask that
 * the dataset says is that of the scan.
 */
export async function checkBidsScan(path: string, reading: BidsReading): Promise<CheckedReading> {
  const { masks, frame } = reading;
  await checkScanHeader(path, frame === undefined ? {} : { frame });
  const scan = await readVolumeHeader(path);
  const issues = [...(frame === undefined ? severalFrames(path, scan.frames) : [])];
  const fitting: BidsMask[] = [];
  for (const mask of masks) {
    if (fitting.length > 0) break;
    try {
      if (mask.kind === 'file') requireGrid(mask.path, await readVolumeHeader(mask.path), scan);
      fitting.push(mask);
    } catch (error) {
      issues.push(unfitMask(path, mask, error));
    }
  }
  return { reading: { ...reading, masks: fitting, frame: frame ?? 0 }, spacing: scan.spacing, issues };
}

/** Makes the `open` of a scan of a dataset: it reads the scan and sets its mask. */
export function openBidsScan(path: string, { masks, ...reading }: BidsReading): Scan['open'] {
  return async (run = {}) => {
    throwIfAborted(run.signal);
    const volume = await readVolume(path, reading);
    const issues: Issue[] = [];
    for (const mask of masks) {
      throwIfAborted(run.signal);
      try {
        return withIssues(await masked(volume, mask, path), issues);
      } catch (error) {
        issues.push(unfitMask(path, mask, error));
      }
    }
    return withIssues(volume, issues);
  };
}

async function masked(volume: Volume, mask: BidsMask, path: string): Promise<Volume> {
  if (mask.kind === 'non-zero') return nonZeroMask(volume, { file: path });
  const step = provenanceStep('readMask', { file: basename(mask.path) });
  return withVolume(volume, { mask: await readMask(mask.path, volume) }, step);
}

function withIssues(volume: Volume, issues: readonly Issue[]): Volume {
  if (issues.length === 0) return volume;
  const { data, shape, affine, mask, header, provenance } = volume;
  return makeVolume(
    data,
    { shape, affine },
    { mask, header, provenance, issues: [...volume.issues, ...issues] },
  );
}

/** The issue of a guessed mask that cannot be used; an error of one that is given stays an error. */
function unfitMask(path: string, mask: BidsMask, error: unknown): Issue {
  if (!(error instanceof ConcordError) || mask.kind !== 'file' || mask.given) throw error;
  const message = `${basename(path)}: ${basename(mask.path)} beside it is not used as its mask: ${shortened(error.problem, mask.path)}`;
  return makeIssue('unfit-mask', message, { file: basename(path) });
}

/** A problem that names the file, not the folders of this machine. */
function shortened(problem: string, path: string): string {
  return problem.replaceAll(path, basename(path));
}
