import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { copiedFiles } from '../../../sdk/io/volumes/copied-files';
import { makeRandom } from '../../../sdk/math/random';
import { temporaryFolder } from '../../support/temporary-folder';

function bytes(seed: number): Buffer {
  const random = makeRandom(seed);
  return Buffer.from(Array.from({ length: 20_000 }, () => Math.floor(256 * random.uniform())));
}

describe('files with the content of another', () => {
  const folder = temporaryFolder();
  const messagesOf = async (files: Readonly<Record<string, Buffer>>): Promise<readonly string[]> => {
    const scans = Object.entries(files).map(([name, content]) => ({
      ...{ id: name, person: name },
      file: folder.write(name, content),
    }));
    return (await copiedFiles(scans)).map(({ message }) => message);
  };

  it('are named, packed and unpacked, however tightly they are packed', async () => {
    assert.deepEqual(
      await messagesOf({
        'a.nii': bytes(1),
        'b.nii': bytes(2),
        'c.nii': bytes(1),
        'd.nii.gz': gzipSync(bytes(3), { level: 1 }),
        'e.nii.gz': gzipSync(bytes(4)),
        'f.nii.gz': gzipSync(bytes(3), { level: 0 }),
      }),
      [
        '4 scans have the values of another in every voxel: "a.nii" = "c.nii"; "d.nii.gz" = "f.nii.gz"; each counts as a person of its own',
      ],
    );
  });

  it('are none where one byte differs between the pieces looked at first', async () => {
    const other = bytes(1);
    other[5] ^= 1;
    const between = Buffer.concat([bytes(1), bytes(2), bytes(3), bytes(4), bytes(5)]);
    const changed = Buffer.from(between);
    changed[4500] ^= 1;
    assert.deepEqual(
      await messagesOf({ 'a.nii': bytes(1), 'b.nii': other, 'c.nii': between, 'd.nii': changed }),
      [],
    );
  });
});
