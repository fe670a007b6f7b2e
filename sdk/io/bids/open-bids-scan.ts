import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { provenanceStep } from '../../data/provenance';
import type { Scan } from '../../data/scan';
import { withVolume } from '../../data/volume';
import type { OpenScanOptions } from '../volumes/open-scan';
import { openScan } from '../volumes/open-scan';
import type { MaskSource } from './find-mask';

/** How a scan of a dataset is read, and where its mask comes from. */
export interface BidsReading extends Omit<OpenScanOptions, 'mask'> {
  readonly mask?: MaskSource;
}

/** What reading the file of a scan, and of its mask, needs to know. */
export function fileReading({ mask, ...reading }: BidsReading): OpenScanOptions {
  return mask?.kind === 'file' ? { ...reading, mask: mask.path } : reading;
}

/** Makes the `open` of a scan of a dataset: it reads the scan and sets its mask. */
export function openBidsScan(path: string, reading: BidsReading): Scan['open'] {
  const open = openScan(path, fileReading(reading));
  if (reading.mask?.kind !== 'non-zero') return open;
  return async (run) => {
    const volume = await open(run);
    const mask = new Uint8Array(volume.data.length);
    for (let at = 0; at < mask.length; at++) mask[at] = volume.data[at] === 0 ? 0 : 1;
    const issues = mask.includes(0) ? [] : [notStripped(path)];
    return withVolume(volume, { mask, issues }, provenanceStep('nonZeroMask', {}));
  };
}

function notStripped(file: string): Issue {
  const message = 'the scan is said to be skull-stripped, but no voxel is zero: its mask covers all of it';
  return makeIssue('doubtful-mask', message, { file });
}
