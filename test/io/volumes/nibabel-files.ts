import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { TemporaryFolder } from '../../support/temporary-folder';

/** An image as nibabel wrote it, and what nibabel read from it. See nibabel-files.py for how it was made. */
export interface NibabelImage {
  readonly name: string;
  /** Bytes by file name, packed with gzip, in base64. */
  readonly files: Readonly<Record<string, string>>;
  readonly shape: readonly number[];
  readonly affine: readonly number[];
  readonly frames: readonly (readonly number[])[];
}

/** A surface map as nibabel wrote it. */
export interface NibabelSurface {
  readonly name: string;
  readonly file: string;
  readonly values: readonly number[];
}

interface NibabelFiles {
  readonly images: readonly NibabelImage[];
  readonly surfaces: readonly NibabelSurface[];
}

export const nibabelFiles: NibabelFiles = JSON.parse(
  readFileSync(join(__dirname, 'nibabel-files.json'), 'utf8'),
) as NibabelFiles;

/** Writes the files of an image into a folder and returns the path of the one to be read. */
export function writeNibabelImage(folder: TemporaryFolder, image: NibabelImage): string {
  for (const [name, packed] of Object.entries(image.files)) folder.write(name, unpack(packed));
  return folder.path(image.name);
}

/** The bytes of a packed file. */
export function unpack(packed: string): Buffer {
  return gunzipSync(Buffer.from(packed, 'base64'));
}

/** The image of that name. */
export function nibabelImage(name: string): NibabelImage {
  const found = nibabelFiles.images.find((image) => image.name === name);
  if (found === undefined) throw new Error(`no image ${name}`);
  return found;
}
