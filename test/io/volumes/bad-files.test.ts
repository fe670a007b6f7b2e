import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { readVolume, readVolumeHeader } from '../../../sdk/io/volumes/read-volume';
import type { ErrorCode } from '../../../sdk/errors';
import type { NiftiBytes } from '../../support/nifti-bytes';
import { countingVoxels, niftiBytes } from '../../support/nifti-bytes';
import { temporaryFolder } from '../../support/temporary-folder';
import { rejectsWith } from '../rejects-with';
import { nibabelImage, unpack } from './nibabel-files';

/** Noise that deflate cannot shrink, so that cutting the file cuts voxels. */
function noise(count: number): Uint8Array {
  let state = 1;
  return new Uint8Array(
    Int16Array.from({ length: count }, () => (state = (state * 16807) % 2147483647)).buffer,
  );
}

describe('bad image files', () => {
  const folder = temporaryFolder();
  const packed = gzipSync(niftiBytes({ dim: [3, 20, 20, 20], voxels: noise(8000) }));

  const refuses = async (
    name: string,
    bytes: string | Uint8Array,
    expected: { readonly code: ErrorCode; readonly says: readonly (string | RegExp)[] },
  ): Promise<void> => {
    const path = folder.write(name, bytes);
    await rejectsWith(readVolume(path), {
      code: expected.code,
      says: [name, ...expected.says],
      where: { file: path },
    });
  };

  it('truncated gzip files', async () => {
    const malformed = {
      code: 'malformed-image' as const,
      says: ['truncated gzip file', 'ends before its data'],
    };
    await refuses('half.nii.gz', packed.subarray(0, packed.length / 2), malformed);
    await refuses('in-header.nii.gz', packed.subarray(0, 40), malformed);
    // All voxels are there, the checksum is not.
    await refuses('no-trailer.nii.gz', packed.subarray(0, packed.length - 5), malformed);
  });

  it('damaged gzip files', async () => {
    const damaged = Buffer.from(packed);
    damaged[damaged.length - 6] ^= 0xff;
    await refuses('checksum.nii.gz', damaged, { code: 'malformed-image', says: ['damaged gzip file'] });
    const broken = Buffer.from(packed);
    broken.fill(0xff, 20, 60);
    await refuses('broken.nii.gz', broken, { code: 'malformed-image', says: ['damaged gzip file'] });
  });

  it('a .nii.gz that is not packed', () =>
    refuses('plain.nii.gz', niftiBytes(), {
      code: 'malformed-image',
      says: ['not a gzip file', 'rename it without .gz'],
    }));

  it('an empty file, and one that ends within its header', async () => {
    await refuses('empty.nii', new Uint8Array(0), { code: 'malformed-image', says: ['empty image'] });
    const head = niftiBytes().subarray(0, 200);
    await refuses('head.nii', head, { code: 'malformed-image', says: ['ends within its header'] });
    await refuses('bytes.nii', new Uint8Array(3), { code: 'malformed-image', says: ['wrong magic'] });
    const mgh = unpack(nibabelImage('free-surfer-f4.mgh').files['free-surfer-f4.mgh']);
    await refuses('head.mgh', mgh.subarray(0, 100), {
      code: 'malformed-image',
      says: ['ends within its header'],
    });
  });

  it('files with fewer voxels than the header claims', async () => {
    const short = {
      code: 'malformed-image' as const,
      says: ['image too short', '2 × 3 × 2 voxels', '376 bytes'],
    };
    await refuses('short.nii', niftiBytes().subarray(0, 370), short);
    await refuses('short.nii.gz', gzipSync(niftiBytes().subarray(0, 370)), {
      ...short,
      says: ['image too short', 'ends 6 bytes before'],
    });
    const series = niftiBytes({ dim: [4, 2, 3, 2, 4] });
    await refuses('series.nii', series, { code: 'malformed-image', says: ['4 frames', '448 bytes'] });
  });

  it('claims beyond all measure, without setting memory aside', async () => {
    const claims: readonly (readonly [string, NiftiBytes])[] = [
      ['huge', { dim: [3, 30000, 30000, 30000] }],
      ['large', { dim: [3, 1000, 1000, 1000], datatype: 2 }],
    ];
    for (const [name, claim] of claims) {
      const before = process.memoryUsage().arrayBuffers;
      const code = 'malformed-image';
      await refuses(`${name}.nii`, niftiBytes(claim), { code, says: ['000 × '] });
      await refuses(`${name}.nii.gz`, gzipSync(niftiBytes(claim)), { code, says: ['000 × '] });
      assert.ok(process.memoryUsage().arrayBuffers - before < 2 ** 27);
    }
  });

  it('dimensions that are none', async () => {
    for (const dim of [
      [3, 0, 3, 2],
      [3, 2, -3, 2],
      [3, 2, 3, 0],
      [4, 2, 3, 2, -1],
      [5, 2, 3, 2, 0, 3],
      [5, 2, 3, 2, -1, -1],
      [0, 2, 3, 2],
      [9, 2, 3, 2],
    ]) {
      await refuses('dims.nii', niftiBytes({ dim }), {
        code: 'malformed-image',
        says: ['invalid dimensions'],
      });
    }
  });

  it('wrong magic', async () => {
    await refuses('magic.nii', niftiBytes({ magic: 'abc\0' }), {
      code: 'malformed-image',
      says: ['wrong magic'],
    });
    await refuses('size.nii', niftiBytes({ headerSize: 347 }), {
      code: 'malformed-image',
      says: ['wrong magic'],
    });
    await refuses('text.mgz', gzipSync('not an image at all'.repeat(30)), {
      code: 'malformed-image',
      says: ['wrong magic'],
    });
    await refuses('analyze.hdr', niftiBytes({ magic: '\0\0\0\0' }), {
      code: 'unsupported-format',
      says: ['Analyze 7.5'],
    });
  });

  it('headers that contradict themselves', async () => {
    const malformed = 'malformed-image';
    await refuses('offset.nii', niftiBytes({ voxelOffset: 100 }), { code: malformed, says: ['byte 100'] });
    await refuses('nan.nii', niftiBytes({ voxelOffset: NaN }), { code: malformed, says: ['byte NaN'] });
    await refuses('scaling.nii', niftiBytes({ intercept: NaN }), { code: malformed, says: ['scl_inter'] });
  });

  it('a width of voxels that is not that of their datatype', async () => {
    for (const [datatype, bits, says] of [
      [4, 8, 'type int16 and of 8 bits, 16 belong'],
      [16, 64, 'type float32 and of 64 bits'],
      [2, 16, 'type uint8'],
      [4, -16, 'of -16 bits'],
    ] as const) {
      await refuses('bits.nii', niftiBytes({ datatype, bits }), { code: 'malformed-image', says: [says] });
    }
    assert.equal((await readVolume(folder.write('right.nii', niftiBytes({ bits: 16 })))).data[11], 12);
  });

  it('CIFTI and surfaces, by name', async () => {
    const code = 'unsupported-format';
    await refuses('sub.dscalar.nii', niftiBytes(), { code, says: ['is a CIFTI file'] });
    await refuses('sub.ptseries.nii', niftiBytes(), { code, says: ['is a CIFTI file'] });
    await refuses('renamed.nii', niftiBytes({ intent: 3006 }), { code, says: ['is a CIFTI file'] });
    await refuses('lh.thickness.gii', '<GIFTI/>', { code, says: ['is a surface'] });
    assert.equal((await readVolume(folder.write('map.nii', niftiBytes({ intent: 5 })))).data[0], 1);
  });

  it('packed files that go on long after their last voxel', async () => {
    const endless = Buffer.concat([gzipSync(niftiBytes()), gzipSync(Buffer.alloc(80 << 20), { level: 1 })]);
    await refuses('endless.nii.gz', endless, { code: 'malformed-image', says: ['unpacks to more than'] });
    const longer = gzipSync(Buffer.concat([niftiBytes(), Buffer.alloc(1 << 20)]));
    assert.equal((await readVolume(folder.write('longer.nii.gz', longer))).data[11], 12);
  });

  it('datatypes that are not one real number, by name', async () => {
    for (const [datatype, name] of [
      [128, 'rgb24'],
      [32, 'complex64'],
      [1536, 'float128'],
      [2304, 'rgba32'],
      [77, 'code 77'],
    ] as const) {
      await refuses('type.nii', niftiBytes({ datatype }), { code: 'unsupported-format', says: [name] });
    }
  });

  it('voxels that are all alike', async () => {
    for (const value of [0, 7]) {
      const voxels = new Uint8Array(new Int16Array(12).fill(value).buffer);
      await refuses('flat.nii', niftiBytes({ voxels }), {
        code: 'invalid-voxels',
        says: [`all 12 voxels`, `are ${value}`],
      });
    }
  });

  it('singular affines', async () => {
    const sforms = [
      [2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0],
      [1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0],
      [NaN, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0],
      [2, 0, 0, NaN, 0, 2, 0, 0, 0, 0, 2, 0],
    ];
    for (const sform of sforms) {
      await refuses('affine.nii', niftiBytes({ sform }), { code: 'singular-affine', says: ['sform_code'] });
      await rejectsWith(readVolumeHeader(folder.path('affine.nii')), {
        code: 'singular-affine',
        says: ['affine.nii'],
      });
    }
  });

  it('paths that cannot be read, folders, other formats, halves of pairs', async () => {
    await rejectsWith(readVolume(folder.path('absent.nii.gz')), {
      code: 'unreadable-file',
      says: ['absent.nii.gz', 'no such file'],
    });
    mkdirSync(folder.path('folder.nii'));
    await rejectsWith(readVolume(folder.path('folder.nii')), {
      code: 'unreadable-file',
      says: ['it is a folder'],
    });
    await rejectsWith(readVolume(''), { code: 'missing-value', says: ['missing file'] });
    await refuses('scan.dcm', countingVoxels(100), { code: 'unsupported-format', says: ['.nii.gz', '.mgz'] });
    const alone = folder.write('alone.hdr', niftiBytes({ magic: 'ni1\0', voxelOffset: 0 }));
    await rejectsWith(readVolume(alone), { code: 'unreadable-file', says: ['alone.img'] });
  });
});
