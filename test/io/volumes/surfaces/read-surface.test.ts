import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { ErrorCode } from '../../../../sdk/errors';
import { readSurface } from '../../../../sdk/io/volumes/surfaces/read-surface';
import { madeSurface, triangleBytes } from '../../../support/made-surface';
import { niftiBytes } from '../../../support/nifti-bytes';
import { curvBytes, giftiArray, giftiFile } from '../../../support/surface-bytes';
import { temporaryFolder } from '../../../support/temporary-folder';
import { rejectsWith } from '../../rejects-with';
import { unpack } from '../nibabel-files';

/** A surface as nibabel wrote it, and what nibabel read from it. See nibabel-geometry.py for how it was made. */
interface NibabelGeometry {
  readonly name: string;
  readonly file: string;
  readonly points: readonly number[];
  readonly triangles: readonly number[];
  readonly hemisphere: 'left' | 'right';
}

const written = JSON.parse(
  readFileSync(join(__dirname, 'nibabel-geometry.json'), 'utf8'),
) as readonly NibabelGeometry[];

describe('readSurface', () => {
  const folder = temporaryFolder();
  const refuses = async (
    name: string,
    bytes: string | Uint8Array,
    says: string,
    code: ErrorCode = 'unsupported-format',
  ): Promise<void> => {
    const path = folder.write(name, bytes);
    await rejectsWith(readSurface(path), { code, says: [name, says], where: { file: path } });
  };
  const ball = madeSurface();
  const plain = triangleBytes(ball);

  for (const { name, file, points, triangles, hemisphere } of written) {
    it(`gives what nibabel reads of ${name}`, async () => {
      const surface = await readSurface(folder.write(name, unpack(file)));
      assert.deepEqual([...surface.points], points);
      assert.deepEqual([...surface.triangles], triangles);
      assert.equal(surface.vertices, 12);
      assert.equal(surface.hemisphere, hemisphere);
    });
  }

  it('reads packed files, what is after the triangles, and a line without an empty one', async () => {
    const files = {
      'lh.pial': triangleBytes(ball, { after: Buffer.from('commands') }),
      'lh.pial.gz': gzipSync(plain),
      'lh.short': triangleBytes(ball, { line: 'by a test\n' }),
    };
    for (const [name, bytes] of Object.entries(files)) {
      const { points, triangles } = await readSurface(folder.write(name, bytes));
      assert.deepEqual([points, triangles], [ball.points, ball.triangles], name);
    }
  });

  it('finds the hemisphere in names, and claims none', async () => {
    const names = {
      'lh.inflated': 'left',
      'sub-01_hemi-R_midthickness': 'right',
      '100307.L.pial': 'left',
      surface: undefined,
      'sphere.reg': undefined,
    };
    for (const [name, side] of Object.entries(names))
      assert.equal((await readSurface(folder.write(name, plain))).hemisphere, side, name);
  });

  it('refuses by name what is no surface of triangles', async () => {
    const quads = Buffer.concat([Buffer.from([0xff, 0xff, 0xff, 0, 0, 8, 0, 0, 6]), Buffer.alloc(90, 7)]);
    const newQuads = Buffer.from(quads);
    newQuads[2] = 0xfd;
    await refuses('lh.quads', quads, 'is a surface of quadrangles');
    await refuses('lh.new-quads', newQuads, 'is a surface of quadrangles');
    await refuses('lh.thickness', curvBytes([1, 2, 3]), 'holds values of vertices and no geometry');
    await refuses('lh.cut.patch', Buffer.concat([Buffer.alloc(4, 0xff), plain]), 'is a patch');
    await refuses('lh.white.asc', '#!ascii version of lh.white\n4 4\n', 'as text');
    await refuses('lh.vtk', '# vtk DataFile Version 3.0\n', 'VTK');
    await refuses('lh.ply', 'ply\nformat ascii 1.0\n', 'PLY');
    await refuses('lh.mgh', plain, 'no geometry');
    await refuses('lh.nii', niftiBytes({}), 'is a NIfTI file');
    await refuses('lh.shape.gii', giftiFile(giftiArray({ values: [1, 2] })), 'no geometry');
    await refuses('lh.other', Buffer.from('what is this'), 'does not begin as a surface', 'malformed-image');
  });

  it('refuses damaged surfaces', async () => {
    const damaged = async (name: string, bytes: string | Uint8Array, says: string): Promise<void> =>
      refuses(name, bytes, says, 'malformed-image');
    await damaged('lh.cut', plain.subarray(0, -4), 'take');
    await damaged('lh.cut-packed', gzipSync(plain.subarray(0, -4)), 'take');
    await damaged('lh.head', plain.subarray(0, 12), 'ends within its head');
    await damaged(
      'lh.none',
      triangleBytes({ points: ball.points, triangles: new Int32Array() }),
      '0 triangles',
    );
    const stray = { points: ball.points, triangles: Int32Array.of(0, 1, 6) };
    await damaged('lh.stray', triangleBytes(stray), 'triangle 0 has the corner 6');
    const odd = { points: ball.points.map((x, at) => (at === 4 ? NaN : x)), triangles: ball.triangles };
    await damaged('lh.odd', triangleBytes(odd), 'vertex 1 is at NaN');
  });

  it('refuses GIFTI surfaces whose arrays do not fit', async () => {
    const sizes = (rows: number): Record<string, string> => ({
      Dimensionality: '2',
      Dim0: String(rows),
      Dim1: '3',
    });
    const array = (intent: string, values: readonly number[], more = {}): string =>
      giftiArray({
        ...{ intent, values, type: intent === 'POINTSET' ? 'FLOAT32' : 'INT32' },
        attributes: { ...sizes(values.length / 3), ...more },
      });
    const points = array('POINTSET', [...ball.points]);
    const triangles = array('TRIANGLE', [...ball.triangles]);
    const read = await readSurface(folder.write('whole.gii', giftiFile(triangles, points)));
    assert.deepEqual(read.triangles, ball.triangles);
    for (const [name, arrays, says] of [
      ['points.gii', [points], 'has no triangles'],
      ['twice.gii', [points, triangles, triangles], 'triangles more than once'],
      ['flat.gii', [array('POINTSET', [...ball.points], { Dim1: '2' }), triangles], '6 × 2'],
      ['order.gii', [array('POINTSET', [...ball.points], { ArrayIndexingOrder: 'Any' }), triangles], 'Any'],
      ['stray.gii', [points, array('TRIANGLE', [0, 1, 9])], 'corner 9'],
      ['large.gii', [points, array('TRIANGLE', [0, 1, 2], { Dim0: '99999999' })], '99999999'],
    ] as const)
      await refuses(name, giftiFile(...arrays), says, 'malformed-image');
  });
});
