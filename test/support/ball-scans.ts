import { mkdirSync } from 'node:fs';
import { makeAffine } from '../../sdk/data/images/affine';
import { makeVolume } from '../../sdk/data/images/volume';
import { writeMask, writeVolume } from '../../sdk/io/volumes/write-volume';
import { makeRandom } from '../../sdk/math/random';

const size = 36;

/** Writes a ball of three tissues in air, with noise and a mask, 5 mm voxels: enough of a brain for the pipeline to run. */
export async function writeBall(folder: string, subject: string, seed: number): Promise<void> {
  const random = makeRandom(seed);
  const data = new Float32Array(size ** 3);
  const mask = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const at = [i % size, Math.floor(i / size) % size, Math.floor(i / size ** 2)];
    const radius = Math.hypot(...at.map((position) => position - (size - 1) / 2));
    mask[i] = radius < 14 ? 1 : 0;
    const tissue = radius < 9 ? 900 : radius < 12 ? 600 : radius < 14 ? 250 : 0;
    data[i] = tissue + 20 * random.normal();
  }
  const volume = makeVolume(data, { shape: [size, size, size], affine: makeAffine([5, 5, 5]) }, { mask });
  mkdirSync(`${folder}/${subject}/anat`, { recursive: true });
  await writeVolume(volume, `${folder}/${subject}/anat/${subject}_T1w.nii.gz`);
  await writeMask(volume, `${folder}/${subject}/anat/${subject}_desc-brain_mask.nii.gz`);
}
