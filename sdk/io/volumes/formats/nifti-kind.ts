import { nifti1, nifti2, readField } from './nifti-fields';

/** The codes of intent that CIFTI-1 and CIFTI-2 have taken (nifti1.h, NIFTI_INTENT_CONNECTIVITY_…). */
const ciftiIntents = { first: 3000, last: 3099 };

/** How CIFTI-2 files are named, whose codes some programs leave out. */
const ciftiName = /\.[dp]{1,2}(?:scalar|label|tseries|conn)\.nii(?:\.gz)?$/i;

/**
 * Says whether a file begins as NIfTI or CIFTI does, which is NIfTI-2 with surfaces and volumes in one list.
 *
 * @param head - the first bytes of the file, unpacked
 * @param path - for names such as `.dscalar.nii`
 */
export function parseNiftiKind(head: Buffer, path: string): 'NIfTI' | 'CIFTI' | undefined {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  for (const fields of [nifti1, nifti2]) {
    if (head.length < fields.size) continue;
    const magic = head.toString('latin1', fields.magicAt, fields.magicAt + 3);
    if (!fields.magic.some((known) => known.startsWith(magic))) continue;
    for (const littleEndian of [true, false]) {
      if (view.getInt32(0, littleEndian) !== fields.size) continue;
      const [intent] = readField(view, fields.intent, 1, littleEndian);
      const isCifti = intent >= ciftiIntents.first && intent <= ciftiIntents.last;
      return isCifti || ciftiName.test(path) ? 'CIFTI' : 'NIfTI';
    }
  }
  return undefined;
}
