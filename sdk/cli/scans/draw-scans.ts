import { basename, join, relative, sep } from 'node:path';
import type { VolumeCohort } from '../../data/cohort';
import type { Issue } from '../../data/issue';
import type { RunOptions } from '../../data/run-options';
import { streamUncompared } from '../../math/images/stream-volumes';
import { ignoreInBids } from '../../io/bids/ignored-files';
import { makeFolder } from '../../io/files/make-folder';
import { isThere } from '../../io/files/write-file';
import { writePicture } from '../../io/files/write-picture';
import { montage } from '../../plot/panels/montage';
import type { SliceChoice } from '../../plot/panels/montage-options';

/**
 * Draws a montage of every scan, with the outline of its mask, into `sub-…/figures` of a dataset, under the name of the
 * scan. Pictures that are there are kept unless they may be replaced.
 *
 * @param options - with `shown`, the slices to draw
 *
 * @throws ConcordError `unwritable-file`, `aborted`.
 */
export async function drawScans(
  cohort: VolumeCohort,
  root: string,
  options: RunOptions & { readonly overwrite: boolean; readonly shown?: SliceChoice },
): Promise<readonly Issue[]> {
  const { signal, onProgress, overwrite, shown } = options;
  const pathOf = (row: number): string => {
    const { file, id, subject } = cohort.scans[row];
    // The folder of a subject need not have its name: what BIDS does not allow in labels is left out of it.
    const folder = file === undefined ? subject : relative(root, file).split(sep)[0];
    const name = basename(file ?? id).replace(/\.nii(\.gz)?$/, '');
    return join(root, folder, 'figures', `${name}.png`);
  };
  await ignoreInBids(root, ['sub-*/figures']);
  // Scans are compared while they are written.
  const { issues } = await streamUncompared(
    cohort,
    async (volume, row, { id }) => {
      const path = pathOf(row);
      if (!overwrite && (await isThere(path))) return;
      await makeFolder(join(path, '..'));
      await writePicture(montage(volume, { ...shown, title: id }), path, { overwrite });
    },
    { signal, onProgress, label: 'drawing' },
  );
  return issues;
}
