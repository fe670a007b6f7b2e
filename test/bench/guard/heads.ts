// Whole heads of persons (IXI, 2 mm), with masks that fit and that do not.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Volume } from 'concord-mri';
import * as concord from 'concord-mri';
import type { LearnedInput } from '../../../sdk/nn/input/learned-input';
import { measureVolume } from './measure';
import { shared } from './persons';
import type { PhantomCase } from './phantoms';

/** Whole heads: without a mask, with that of a segmentation, with one made, and with all of the head. */
export async function headCases(learned: LearnedInput): Promise<readonly PhantomCase[]> {
  const folder = join(shared, 'heads');
  const names = readdirSync(folder).filter((name) => name.endsWith('T1_2mm.nii.gz'));
  const found: PhantomCase[] = [];
  for (const [seed, name] of names.entries()) {
    const head = await concord.readVolume(join(folder, name));
    const labels = await concord.readVolume(join(folder, name.replace('.nii.gz', '_DLMUSE.nii.gz')));
    const one = { suffix: 'T1w', seed };
    const measure = (volume: Volume) => () => measureVolume(learned, volume);
    const masked = (mask: Uint8Array): Volume => ({ ...head, mask });
    found.push(
      { ...one, name: 'whole heads without a mask', wanted: 'refused', measure: measure(head) },
      {
        ...one,
        name: 'whole heads, mask of a segmentation',
        wanted: 'taken',
        measure: measure(masked(Uint8Array.from(labels.data, (label) => (label > 0 ? 1 : 0)))),
      },
      {
        ...one,
        name: 'whole heads, mask of all of the head',
        wanted: 'refused',
        measure: measure(masked(Uint8Array.from(head.data, (value) => (value > 20 ? 1 : 0)))),
      },
    );
  }
  return found;
}
