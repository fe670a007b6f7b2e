import assert from 'node:assert/strict';
import vm from 'node:vm';
import { gunzipSync } from 'node:zlib';
import { makeAffine, transformPoint } from '../../../sdk/data/images/affine';
import { makeVolume } from '../../../sdk/data/images/volume';
import { readPackage, readPartBytes } from '../../../sdk/io/files/package-asset';
import { shrinkVolume } from '../../../sdk/plot/panels/shrink-volume';
import { volumeViewer } from '../../../sdk/plot/viewer/viewer';
import { viewerCarrier, viewerHtml } from '../../../sdk/plot/html/viewer-html';
import { quantize, viewerNifti } from '../../../sdk/plot/viewer/viewer-nifti';
import { throwsCode } from '../throws-code';

const grid = { shape: [4, 3, 2], affine: makeAffine([1, 2, 3], [10, 20, 30]) } as const;
const counting = makeVolume(
  Float32Array.from({ length: 24 }, (_, i) => i),
  grid,
  { mask: Uint8Array.from({ length: 24 }, (_, i) => Number(i < 12)) },
);
const messages = { absent: 'gone' };

/** Reads a NIfTI file with the reader that the library reads images with. */
async function read(bytes: Uint8Array): Promise<{ shape: number[]; affine: number[][]; values: number[] }> {
  const nifti = await import('nifti-reader-js');
  const buffer = new Uint8Array(bytes).buffer;
  const header = nifti.readHeader(buffer);
  const image = nifti.readImage(header, buffer);
  const stored = { 2: Uint8Array, 4: Int16Array, 16: Float32Array }[header.datatypeCode as 2 | 4 | 16];
  const values = Array.from(
    new stored(image),
    (value) => Math.fround(value * header.scl_slope) + header.scl_inter,
  );
  return { shape: header.dims.slice(1, 4), affine: header.affine, values };
}

describe('viewerNifti', () => {
  it('is a file that another reader understands', async () => {
    const found = await read(viewerNifti(counting, quantize(counting.data)));
    assert.deepEqual(found.shape, [4, 3, 2]);
    assert.deepEqual(found.affine.flat(), [...counting.affine]);
    assert.deepEqual(found.values, [...counting.data]);
  });

  it('keeps fractions to a 65,000th of their range, and 0 exactly', async () => {
    const data = Float32Array.from({ length: 24 }, (_, i) => (i === 5 ? 0 : Math.sin(i) * 3.3 - 1.234));
    const { values } = await read(viewerNifti(grid, quantize(data)));
    values.forEach((value, i) => assert.ok(Math.abs(value - data[i]) < 6.6 / 64000, `${value} ${data[i]}`));
    assert.equal(values[5], 0);
  });

  it('keeps constants, and gives what is not finite the lowest intensity', async () => {
    const constant = await read(viewerNifti(grid, quantize(new Float32Array(24).fill(0.25))));
    assert.deepEqual([...new Set(constant.values)], [0.25]);
    const holes = quantize(Float32Array.from([NaN, -2, Infinity, 7]));
    assert.deepEqual([...holes.voxels], [-2, -2, -2, 7]);
    assert.deepEqual([...quantize(Float32Array.from([NaN])).voxels], [0]);
  });
});

describe('shrinkVolume', () => {
  it('leaves small volumes alone', () => {
    const grid = shrinkVolume(counting, 24);
    assert.equal(grid.data, counting.data);
    assert.deepEqual(grid.factors, [1, 1, 1]);
  });

  it('takes means of blocks, of the finest axes first, in their place', () => {
    const small = shrinkVolume(counting, 8);
    assert.deepEqual(small.factors, [3, 2, 1]);
    assert.deepEqual(small.shape, [2, 2, 2]);
    // First block: voxels 0 1 2 4 5 6; second: 3 7; third: 8 9 10; fourth: 11.
    assert.deepEqual([...small.data], [3, 5, 9, 11, 15, 17, 21, 23]);
    assert.deepEqual([...(small.mask ?? [])], [1, 1, 1, 1, 0, 0, 0, 0]);
    assert.deepEqual(transformPoint(small.affine, [0, 0, 0]), [11, 21, 30]);
    assert.deepEqual(transformPoint(small.affine, [1, 1, 1]), [14, 25, 33]);
  });
});

describe('volumeViewer', () => {
  it('holds the scan, its versions, its mask and what lies over it', async () => {
    const other = makeVolume(
      counting.data.map((value) => value / 2),
      grid,
    );
    const viewer = volumeViewer(counting, {
      name: 'raw',
      versions: [{ name: 'half', volume: other }],
      overlays: [{ name: 'map', volume: other, opacity: 0.2, window: [1, 2] }],
    });
    assert.deepEqual(
      viewer.layers.map(({ name, role, opacity, colors }) => [name, role, opacity, colors]),
      [
        ['raw', 'version', 1, 'gray'],
        ['half', 'version', 1, 'gray'],
        ['mask', 'mask', 0.35, 'red'],
        ['map', 'overlay', 0.2, 'warm'],
      ],
    );
    assert.deepEqual((await read(gunzipSync(viewer.layers[0].nifti))).values, [...counting.data]);
    assert.deepEqual((await read(gunzipSync(viewer.layers[2].nifti))).values, [...(counting.mask ?? [])]);
    assert.deepEqual(viewer.layers[3].window, [1, 2]);
    assert.equal(volumeViewer(counting, { mask: false }).layers.length, 1);
    assert.match(viewer.caption, /^4 × 3 × 2 voxels/);
  });

  it('reduces large scans, says so, and does not when asked not to', async () => {
    const large = makeVolume(
      Float32Array.from({ length: 140 ** 3 }, (_, i) => (i % 140) + 0.5),
      { shape: [140, 140, 140], affine: makeAffine([1, 1, 1]) },
    );
    const viewer = volumeViewer(large, { name: 'head' });
    assert.match(viewer.caption, /head shown as means of 2 × 1 × 1 voxels \(full: true shows all\)$/);
    const whole = volumeViewer(large, { full: true });
    assert.doesNotMatch(whole.caption, /means/);
    const { shape, values } = await read(gunzipSync(whole.layers[0].nifti));
    assert.deepEqual(shape, [140, 140, 140]);
    assert.equal(values[139], 139.5);
  });

  it('shows as empty what was not measured, also where 0 is an intensity', async () => {
    const data = Float32Array.from({ length: 24 }, (_, i) => (i < 12 ? i - 6 : 0));
    const { layers } = volumeViewer(makeVolume(data, grid, { mask: counting.mask }), { window: [-4, 4] });
    const { values } = await read(gunzipSync(layers[0].nifti));
    assert.deepEqual([values[6], values[20]], [0, -4]);
  });

  it('refuses what it does not know', () => {
    throwsCode('invalid-option', /colors: "puce"/, () =>
      volumeViewer(counting, { colors: 'puce' as 'gray' }),
    );
    throwsCode('invalid-option', /window/, () => volumeViewer(counting, { window: [2, 1] }));
    throwsCode('invalid-option', /height: 3/, () => volumeViewer(counting, { height: 3 }));
    throwsCode('invalid-option', /opacity: 2/, () =>
      volumeViewer(counting, { overlays: [{ name: 'x', volume: counting, opacity: 2 }] }),
    );
  });
});

describe('viewerHtml', () => {
  const nasty = '</script><img src=x onerror=alert(1)>';
  const page = viewerHtml(
    volumeViewer(counting, { name: nasty, overlays: [{ name: nasty, volume: counting }] }),
    'v"1',
    messages,
  );

  it('escapes names, in markup and in scripts', () => {
    assert.ok(!page.includes(nasty));
    assert.ok(page.includes('&lt;/script&gt;&lt;img src=x'));
    assert.ok(page.includes('id="v&quot;1"'));
    assert.equal(page.match(/<\/script>/g)?.length, 1);
    assert.equal(page.match(/<img /g)?.length, 1);
  });

  it('fetches nothing: the only source is the picture that stands in for it', () => {
    assert.deepEqual(page.match(/\b(src|href)="[^"]{0,15}/g), ['src="data:image/png;']);
    assert.doesNotMatch(page, /https?:|url\(|@import|<link|<iframe/);
    assert.doesNotMatch(viewerCarrier('source'), /https?:|\bsrc=|href=/);
  });

  it('has a script that parses, with every layer in it', () => {
    const script = /<script>([\s\S]*)<\/script>/.exec(page)?.[1] ?? '';
    assert.doesNotThrow(() => new vm.Script(script));
    assert.equal(script.match(/"data":"/g)?.length, 3);
  });

  it('offers a choice of versions only where there are several', () => {
    const two = volumeViewer(counting, { versions: [{ name: 'other', volume: counting }] });
    assert.match(viewerHtml(two, 'v', messages), /data-part="version"><option value="0" selected>scan</);
    assert.doesNotMatch(page, /data-part="version"/);
  });
});

describe('viewerCarrier', () => {
  it('carries the source as it came, with its licence', () => {
    const page = viewerCarrier('exports.fake = 1;');
    const packed = /class="concord-viewer-source">([^<]*)</.exec(page)?.[1] ?? '';
    assert.equal(gunzipSync(Buffer.from(packed, 'base64')).toString(), 'exports.fake = 1;');
    assert.match(page, /Copyright \(c\) 2021, Niivue/);
  });

  it('is given a NiiVue with what the viewer calls', () => {
    const source = readPartBytes('niivue.umd.js').toString();
    for (const name of [
      'addVolumeFromUrl',
      'attachToCanvas',
      'moveVolumeToBottom',
      'setOpacity',
      'updateGLVolume',
    ]) {
      assert.ok(source.includes(`${name}(`), name);
    }
    throwsCode('missing-package', /no-such-package/, () => readPackage('no-such-package'));
  });
});
