import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeAffine } from '../../../sdk/data/images/affine';
import type { Triple } from '../../../sdk/data/images/affine';
import type { Volume } from '../../../sdk/data/images/volume';
import { makeVolume } from '../../../sdk/data/images/volume';
import { writeVolume } from '../../../sdk/io/volumes/write-volume';

/** What stands in the files of a dataset: text, a table as rows, an object as JSON, or an image. */
export type FileContent =
  string | readonly (readonly string[])[] | Readonly<Record<string, unknown>> | Volume;

/** A description that makes a folder a BIDS dataset. */
export const rawDescription = { Name: 'tiny', BIDSVersion: '1.10.0', DatasetType: 'raw' };

/** A description that makes a folder a BIDS derivative. */
export const derivativeDescription = {
  ...rawDescription,
  DatasetType: 'derivative',
  GeneratedBy: [{ Name: 'somebody' }],
};

/** An image of a few voxels: zeros around `value`, `value` + 1, … */
export function tinyVolume(value = 1, shape: Triple = [4, 3, 3]): Volume {
  const data = new Float32Array(shape[0] * shape[1] * shape[2]);
  for (let at = 6; at < data.length - 6; at++) data[at] = value + at - 6;
  return makeVolume(data, { shape, affine: makeAffine([2, 2, 2], [-4, -3, -3]) });
}

/** The mask of {@link tinyVolume} as an image. */
export function tinyMask(shape: Triple = [4, 3, 3]): Volume {
  const volume = tinyVolume(1, shape);
  return { ...volume, data: volume.data.map((value) => (value === 0 ? 0 : 1)) };
}

/** Writes files into a folder, each with the folders above it. */
export async function writeFiles(
  root: string,
  files: Readonly<Record<string, FileContent>>,
): Promise<string> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name);
    mkdirSync(dirname(path), { recursive: true });
    if (isVolume(content)) await writeVolume(content, path);
    else writeFileSync(path, textOf(content));
  }
  return root;
}

function isVolume(content: FileContent): content is Volume {
  return typeof content === 'object' && 'kind' in content && content['kind'] === 'volume';
}

function textOf(content: Exclude<FileContent, Volume>): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return JSON.stringify(content);
  const rows = content as readonly (readonly string[])[];
  return rows.map((row) => `${row.join('\t')}\n`).join('');
}
