import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { writePicture } from '../../../sdk/io/files/write-picture';
import { ConcordError } from '../../../sdk/errors';
import { encodePicture } from '../../../sdk/plot/html/encode-picture';
import { makeRaster } from '../../../sdk/plot/panels/raster';
import { temporaryFolder } from '../../support/temporary-folder';

const picture = encodePicture(makeRaster(3, 2, [1, 2, 3]), 'a dark corner');
const rejects = (work: Promise<unknown>, code: string): Promise<void> =>
  assert.rejects(work, (error) => error instanceof ConcordError && error.code === code);

describe('writePicture', () => {
  const folder = temporaryFolder();

  it('writes the bytes of the PNG, and overwrites only when asked', async () => {
    const path = folder.path('a.png');
    await writePicture(picture, path);
    assert.deepEqual(new Uint8Array(await readFile(path)), picture.png);
    assert.deepEqual([...picture.png.subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47]);
    await rejects(writePicture(picture, path), 'file-exists');
    await writePicture(picture, path, { overwrite: true });
  });

  it('writes no other format, and says so', async () => {
    await rejects(writePicture(picture, folder.path('a.jpg')), 'unsupported-format');
    await rejects(writePicture(picture, folder.path('no/such/a.png')), 'unwritable-file');
  });
});
