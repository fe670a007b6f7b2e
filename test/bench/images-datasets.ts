// Files for the memory part of `images.bench.ts`: made by the parent, so that making them does not count.
import { linkSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeAffine } from '../../sdk/data/images/affine';
import { writeVolume } from '../../sdk/io/volumes/write-volume';
import { generatedBrain } from './images-cases';

/** Writes a few different generated brains of `size`³ voxels and returns their paths. */
export async function writeBrains(folder: string, size: number, count: number): Promise<readonly string[]> {
  mkdirSync(folder, { recursive: true });
  const paths = Array.from({ length: count }, (_, i) => join(folder, `${size}-${i}.nii.gz`));
  for (const [seed, path] of paths.entries()) {
    await writeVolume(generatedBrain([size, size, size], makeAffine([-1, 1, 1]), seed), path);
  }
  return paths;
}

/** Makes a BIDS dataset of `count` subjects at five sites whose scans are the files given, over and over. */
export function makeBidsTree(root: string, files: readonly string[], count: number): void {
  const names = Array.from({ length: count }, (_, i) => `sub-${String(i).padStart(4, '0')}`);
  const rows = names.map((name, i) => `${name}\tsite${i % 5}\t${20 + (i % 60)}`);
  mkdirSync(root, { recursive: true });
  writeFileSync(
    join(root, 'dataset_description.json'),
    JSON.stringify({ Name: 'generated', BIDSVersion: '1.9.0' }),
  );
  writeFileSync(join(root, 'participants.tsv'), `participant_id\tsite\tage\n${rows.join('\n')}\n`);
  for (const [i, name] of names.entries()) {
    mkdirSync(join(root, name, 'anat'), { recursive: true });
    linkSync(files[i % files.length], join(root, name, 'anat', `${name}_T1w.nii.gz`));
  }
}
