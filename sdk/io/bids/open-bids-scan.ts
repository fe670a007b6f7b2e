import type { Scan } from '../../data/images/scan';
import { nonZeroMask } from '../../math/images/non-zero-mask';
import type { ScanFileOptions } from '../volumes/scan-file';
import { scanFile } from '../volumes/scan-file';
import type { BidsMask } from './find-mask';

/** How a scan of a dataset is read, and where its mask comes from. */
export interface BidsReading extends Omit<ScanFileOptions, 'mask'> {
  readonly mask?: BidsMask;
}

/** What reading the file of a scan, and of its mask, needs to know. */
export function fileReading({ mask, ...reading }: BidsReading): ScanFileOptions {
  return mask?.kind === 'file' ? { ...reading, mask: mask.path } : reading;
}

/** Makes the `open` of a scan of a dataset: it reads the scan and sets its mask. */
export function openBidsScan(path: string, reading: BidsReading): Scan['open'] {
  const open = scanFile(path, fileReading(reading));
  if (reading.mask?.kind !== 'non-zero') return open;
  return async (run) => nonZeroMask(await open(run), { file: path });
}
