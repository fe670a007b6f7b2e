import type { VolumeCohort } from '../../../data/cohort';
import { requireCall } from '../../../data/calls/require-call';
import { ConcordError } from '../../../errors';
import { requireValueThenPath } from '../../files/argument-order';
import type { WriteBidsOptions, WrittenBids } from './write-bids-options';
import { writeDataset } from './write-dataset';

/**
 * Writes a cohort of scans as a BIDS derivative: images with sidecars that say how they were made, their masks,
 * participants with site and covariates, and the description of the dataset. One volume is in memory at a time; lazy
 * steps are done as the volumes pass through.
 *
 * Names are made of letters and digits: other characters of subjects and sessions are left out, and `participants.tsv`
 * then keeps the names as they were. Nothing is overwritten unless asked for, and the dataset that is read is never
 * written into. A run that was cut short leaves what it has done; `resume` continues from there.
 *
 * @param root - the folder of the new dataset, made if it is not there
 * @throws ConcordError `file-exists`, `invalid-option`, `missing-value` (a suffix), `unwritable-file`, `aborted`; with
 * `strict`, what is wrong with the first bad scan.
 *
 * @example
 * ```ts
 * const prepared = preprocess(cohort, [steps.reorient(), steps.brainMask(), steps.zScore()]);
 * const { cohort: stored } = await writeBids(prepared, 'derivatives/concord', { desc: 'zscore', resume: true });
 * ```
 */
export async function writeBids(
  cohort: VolumeCohort,
  root: string,
  options: WriteBidsOptions = {},
): Promise<WrittenBids> {
  requireValueThenPath('writeBids', cohort, root);
  requireCall('writeBids', { cohort, root, options });
  checkOptions(options);
  return writeDataset(cohort, root, options);
}

function checkOptions({ raw = false, desc, space }: WriteBidsOptions): void {
  for (const [option, label] of [['desc', desc] as const, ['space', space] as const]) {
    if (label === undefined) continue;
    if (raw) {
      throw new ConcordError(
        'invalid-option',
        `invalid ${option}: "${label}" (a raw dataset has no ${option})`,
      );
    }
    if (!/^[A-Za-z0-9]+$/.test(label)) {
      throw new ConcordError(
        'invalid-option',
        `invalid ${option}: "${label}" (letters and digits are allowed)`,
      );
    }
  }
}
