import assert from 'node:assert/strict';
import { makeAffine } from '../../../sdk/data/images/affine';
import { makeImageCohort } from '../../../sdk/data/cohort';
import { makeImageSet } from '../../../sdk/data/images/image-set';
import { makeParticipants } from '../../../sdk/data/people/participants';
import { makeVolume } from '../../../sdk/data/images/volume';
import { beforeAfter } from '../../../sdk/plot/panels/before-after';
import { colorTable } from '../../../sdk/plot/panels/color-map';
import { differenceMap } from '../../../sdk/plot/panels/difference-map';
import { drawPanel, panelSize } from '../../../sdk/plot/panels/draw-panel';
import { encodePicture } from '../../../sdk/plot/html/encode-picture';
import { montage } from '../../../sdk/plot/panels/montage';
import { volumePanel } from '../../../sdk/plot/panels/panel';
import { makeRaster } from '../../../sdk/plot/panels/raster';
import { drawText, fitText, textWidth } from '../../../sdk/plot/panels/raster-text';
import { robustWindow, shownValues } from '../../../sdk/plot/panels/shown-values';
import { volumeSummary } from '../../../sdk/plot/volume-summary';
import { decoded } from '../decoded';
import { throwsCode } from '../throws-code';

const style = { window: [0, 100], colors: 'gray', contour: true, smooth: true } as const;
const grid = { shape: [6, 5, 4], affine: makeAffine([1, 1, 3]) } as const;

/** A volume that is `value` everywhere but for one voxel. */
function oneVoxel(
  place: readonly [number, number, number],
  value: number,
  rest = 0,
): ReturnType<typeof makeVolume> {
  const data = new Float32Array(120).fill(rest);
  data[place[0] + 6 * (place[1] + 5 * place[2])] = value;
  return makeVolume(data, grid);
}

describe('drawPanel', () => {
  it('turns intensities into grays exactly, through the window', () => {
    const data = Float32Array.from({ length: 120 }, (_, i) => i);
    const panel = volumePanel(makeVolume(data, grid), 'axial', 0);
    const raster = drawPanel(panel, 1, { ...style, window: [5, 25] });
    const seen = decoded(encodePicture(raster, ''));
    assert.deepEqual([seen.width, seen.height], [6, 5]);
    // The lowest row of the picture is the back: voxels 0 to 5.
    const gray = (value: number): number => Math.round(Math.min(1, Math.max(0, (value - 5) / 20)) * 255);
    for (let j = 0; j < 5; j++) {
      for (let i = 0; i < 6; i++) {
        const level = gray(i + 6 * j);
        assert.deepEqual(seen.at(i, 4 - j), [level, level, level]);
      }
    }
  });

  it('keeps anisotropic voxels in proportion', () => {
    const panel = volumePanel(oneVoxel([0, 0, 3], 100), 'coronal', 0);
    assert.deepEqual(panelSize(panel, 2), [12, 24]);
    const seen = decoded(encodePicture(drawPanel(panel, 2, { ...style, smooth: false }), ''));
    // 1 × 3 mm at two pixels per mm: a block of 2 × 6 at the upper left.
    for (let y = 0; y < 24; y++) {
      for (let x = 0; x < 12; x++) {
        const level = x < 2 && y < 6 ? 255 : 0;
        assert.deepEqual(seen.at(x, y), [level, level, level], `${x}, ${y}`);
      }
    }
  });

  it('draws the edge of the mask and nothing inside it', () => {
    const mask = new Uint8Array(120);
    for (let j = 1; j < 4; j++) for (let i = 1; i < 5; i++) mask[i + 6 * j] = 1;
    const panel = volumePanel(makeVolume(new Float32Array(120).fill(50), grid, { mask }), 'axial', 0);
    const seen = decoded(encodePicture(drawPanel(panel, 1, style), ''));
    for (let y = 0; y < 5; y++) {
      for (let x = 0; x < 6; x++) {
        const inside = x >= 1 && x <= 4 && y >= 1 && y <= 3;
        const edge = inside && (x === 1 || x === 4 || y === 1 || y === 3);
        assert.deepEqual(seen.at(x, y), edge ? [255, 122, 0] : [128, 128, 128], `${x}, ${y}`);
      }
    }
    const plain = decoded(encodePicture(drawPanel(panel, 1, { ...style, contour: false }), ''));
    assert.deepEqual(plain.at(1, 1), [128, 128, 128]);
  });

  it('leaves black what was not measured, and marks what is not a number', () => {
    const data = new Float32Array(120);
    data[7] = NaN;
    data[8] = 1;
    const mask = new Uint8Array(120);
    mask[8] = 1;
    mask[9] = 1;
    const panel = volumePanel(makeVolume(data, grid, { mask }), 'axial', 0);
    const seen = decoded(
      encodePicture(drawPanel(panel, 1, { ...style, window: [-1, 1], contour: false }), ''),
    );
    assert.deepEqual(seen.at(0, 0), [0, 0, 0]);
    assert.deepEqual(seen.at(1, 3), [214, 39, 214]);
    assert.deepEqual(seen.at(2, 3), [255, 255, 255]);
    assert.deepEqual(seen.at(3, 3), [128, 128, 128]);
  });

  it('letters the directions at its edges', () => {
    const flat = makeVolume(new Float32Array(120), grid);
    const seen = decoded(encodePicture(drawPanel(volumePanel(flat, 'axial', 0), 20, style), ''));
    const lettered = (x0: number, x1: number, y0: number, y1: number): number => {
      let count = 0;
      for (let y = y0; y < y1; y++) for (let x = x0; x < x1; x++) if (seen.at(x, y)[0] === 255) count++;
      return count;
    };
    // L has 11 pixels, R 18, A 18, P 15.
    assert.deepEqual([seen.width, seen.height], [120, 100]);
    assert.equal(lettered(0, 20, 30, 70), 11);
    assert.equal(lettered(100, 120, 30, 70), 18);
    assert.equal(lettered(40, 80, 0, 20), 18);
    assert.equal(lettered(40, 80, 80, 100), 15);
  });
});

describe('text in pictures', () => {
  it('draws the pixels of a letter and leaves accents off', () => {
    const raster = makeRaster(9, 9, [0, 0, 0]);
    drawText(raster, 'É', { x: 1, y: 1, color: [9, 9, 9], scale: 1 });
    const rows = Array.from({ length: 7 }, (_, y) =>
      Array.from({ length: 5 }, (_x, x) => (raster.data[3 * (x + 1 + 9 * (y + 1))] === 9 ? '#' : '.')).join(
        '',
      ),
    );
    assert.deepEqual(rows, ['#####', '#....', '#....', '####.', '#....', '#....', '#####']);
    assert.equal(textWidth('E', 2), 10);
    assert.equal(textWidth('il', 1), 7);
  });

  it('cuts what does not fit', () => {
    assert.equal(fitText('abc', 100, 1), 'abc');
    assert.ok(textWidth(fitText('sub-0001_ses-baseline', 60, 1), 1) <= 60);
    assert.match(fitText('sub-0001_ses-baseline', 60, 1), /^sub.*…$/);
  });
});

describe('shownValues and robustWindow', () => {
  it('look at the mask, else at what is not 0, else at everything', () => {
    const data = Float32Array.from([5, 0, 3, NaN, -1, 0]);
    assert.deepEqual([...shownValues({ data })], [-1, 3, 5]);
    assert.deepEqual([...shownValues({ data, mask: Uint8Array.from([1, 1, 0, 1, 0, 0]) })], [0, 5]);
    assert.deepEqual([...shownValues({ data: new Float32Array(2) })], [0, 0]);
    const many = shownValues({ data: Float32Array.from({ length: 1000 }, (_, i) => i + 1) }, 100);
    assert.deepEqual([many.length, many[0], many[99]], [100, 1, 991]);
  });

  it('is the 1st to the 99.5th percentile', () => {
    // numpy 2.x: np.percentile(np.arange(1001), [1, 99.5]) → 10, 995
    assert.deepEqual(robustWindow(Float64Array.from({ length: 1001 }, (_, i) => i)), [10, 995]);
    assert.deepEqual(robustWindow([7, 7]), [6.5, 7.5]);
    assert.deepEqual(robustWindow([]), [0, 1]);
  });
});

describe('montage', () => {
  it('puts a voxel where it belongs: left, front and top are left and up', () => {
    const volume = oneVoxel([0, 4, 3], 100);
    const options = { window: [0, 100], scale: 10, smooth: false } as const;
    const axial = decoded(montage(volume, { ...options, plane: 'axial', slices: [9] }));
    // The panel begins after a gap of six pixels.
    assert.deepEqual(axial.at(6 + 1, 6 + 1), [255, 255, 255]);
    assert.deepEqual(axial.at(6 + 9, 6 + 9), [255, 255, 255]);
    assert.deepEqual(axial.at(6 + 10, 6 + 1), [0, 0, 0]);
    assert.deepEqual(axial.at(6 + 1, 6 + 10), [0, 0, 0]);
    const sagittal = decoded(montage(volume, { ...options, plane: 'sagittal', slices: [0] }));
    assert.deepEqual(sagittal.at(6 + 9, 6 + 29), [255, 255, 255]);
    assert.deepEqual(sagittal.at(6 + 9, 6 + 31), [0, 0, 0]);
  });

  it('uses one window for all slices', () => {
    const data = Float32Array.from({ length: 120 }, (_, i) => (Math.floor(i / 30) + 1) * 10);
    const volume = makeVolume(data, grid);
    const seen = decoded(montage(volume, { plane: 'axial', slices: [0, 3, 6, 9], scale: 4, columns: 4 }));
    const grays = [0, 1, 2, 3].map((slice) => seen.at(6 + 2 + slice * (24 + 6), 8)[0]);
    assert.deepEqual(grays, [0, 85, 170, 255]);
  });

  it('is about 1000 pixels wide by itself, and says what it shows', () => {
    const volume = makeVolume(
      Float32Array.from({ length: 91 * 109 * 91 }, (_, i) => i % 91),
      { shape: [91, 109, 91], affine: makeAffine([2, 2, 2]) },
    );
    const picture = montage(volume);
    assert.ok(Math.abs(picture.width - 1000) <= 10, String(picture.width));
    assert.equal(decoded(picture).width, picture.width);
    assert.match(
      picture.alt,
      /^10 slices of a volume: 91 × 109 × 91 voxels of 2 × 2 × 2 mm · RAS · values 0 to 90$/,
    );
    assert.deepEqual(montage(volume).png, picture.png);
  });

  it('refuses what it cannot draw', () => {
    const volume = oneVoxel([0, 0, 0], 1);
    throwsCode('invalid-option', /window: 3 to 1/, () => montage(volume, { window: [3, 1] }));
    throwsCode('invalid-option', /plane: "oblique"/, () => montage(volume, { plane: 'oblique' as 'axial' }));
    throwsCode('invalid-option', /slices: 0/, () => montage(volume, { slices: 0 }));
    throwsCode('invalid-option', /scale: -1/, () => montage(volume, { scale: -1 }));
    throwsCode('invalid-option', /columns: 1.5/, () => montage(volume, { columns: 1.5 }));
  });

  it('summarizes what is odd', () => {
    const volume = makeVolume(Float32Array.from([NaN, -0.5, 1234.56, 0]), {
      shape: [2, 2, 1],
      affine: makeAffine([1, 1, 1.2]),
    });
    assert.equal(
      volumeSummary({ ...volume, mask: Uint8Array.from([1, 0, 0, 0]) }),
      '2 × 2 × 1 voxels of 1 × 1 × 1.2 mm · RAS · values −0.5 to 1235 · 1 not finite · mask 0.00 L',
    );
  });
});

describe('montage of images', () => {
  const ids = ['a', 'b', 'c', 'd', 'e'];
  const slices = ids.flatMap((scan) =>
    [0, 1, 2].map((index) => ({
      scan,
      plane: 'axial' as const,
      index,
      position: index,
      offset: [0, 0] as const,
      grid,
    })),
  );
  const data = Float32Array.from({ length: 15 * 30 }, (_, i) => 1 + Math.floor(i / 90));
  const images = makeImageSet(data, [15, 5, 6, 1], { slices });
  const cohort = makeImageCohort(makeParticipants(ids, ['S', 'S', 'S', 'T', 'T']), images);

  it('gives each scan a row, takes sites in turn and counts the rest', () => {
    const { alt } = montage(cohort, { maxScans: 3 });
    assert.equal(alt, '9 of 15 images, 3 of 5 scans: a, b, d');
    assert.equal(montage(cohort, { maxScans: 4 }).alt, '12 of 15 images, 4 of 5 scans: a, b, d, e');
    assert.equal(montage(images, { columns: 2 }).alt, '10 of 15 images, 5 of 5 scans: a, b, c, d, e');
  });

  it('shows scans in one window, or each in its own', () => {
    const grays = (windowing: 'shared' | 'each', label: string): number[] => {
      const seen = decoded(montage(cohort, { columns: 1, scale: 4, windowing }));
      const x = textWidth(label, 2) + 12 + 6 + 2;
      // Rows of 20 pixels with captions of 22 and gaps of 6.
      return ids.map((_, row) => seen.at(x, 6 + 2 + 48 * row)[0]);
    };
    assert.deepEqual(grays('shared', 'a'), [0, 64, 128, 191, 255]);
    assert.deepEqual(grays('each', '4.5 to 5.5'), [128, 128, 128, 128, 128]);
  });
});

describe('beforeAfter', () => {
  const before = oneVoxel([3, 2, 2], 100, 50);
  const after = oneVoxel([3, 2, 2], 200, 100);
  const options = { plane: 'axial', slices: [6], scale: 10, smooth: false } as const;
  const corner = (picture: ReturnType<typeof montage>): number[] => {
    const seen = decoded(picture);
    const left = textWidth('before', 2) + 12 + 6;
    // Row height 50, captions 22, gaps of 6.
    return [seen.at(left + 1, 7)[0], seen.at(left + 1, 7 + 50 + 22 + 6)[0]];
  };

  it('draws both in one window', () => {
    assert.deepEqual(corner(beforeAfter(before, after, { ...options, window: [0, 200] })), [64, 128]);
    const [dark, light] = corner(beforeAfter(before, after, options));
    assert.ok(dark < light);
  });

  it('draws each in its own when asked', () => {
    const [one, other] = corner(beforeAfter(before, after, { ...options, windowing: 'each' }));
    assert.equal(one, other);
  });

  it('requires the same grid', () => {
    const moved = makeVolume(after.data, { ...grid, affine: makeAffine([1, 1, 3], [5, 0, 0]) });
    throwsCode('different-grids', /resample/, () => beforeAfter(before, moved));
    throwsCode('different-grids', /resample/, () => differenceMap(before, moved));
  });
});

describe('differenceMap', () => {
  const zero = makeVolume(new Float32Array(120), grid);
  const options = { plane: 'axial', slices: [6], scale: 10, smooth: false } as const;

  it('is symmetric: blue for a fall, red for as large a rise, light gray for none', () => {
    const data = new Float32Array(120);
    // The left back corner falls, the right back corner rises.
    data[2 * 30] = -4;
    data[2 * 30 + 5] = 4;
    const seen = decoded(differenceMap(zero, makeVolume(data, grid), { ...options, limit: 4 }));
    const bottom = 6 + 48;
    assert.deepEqual(seen.at(6 + 1, bottom), [0x21, 0x66, 0xac]);
    assert.deepEqual(seen.at(6 + 58, bottom), [0xb2, 0x18, 0x2b]);
    assert.deepEqual(seen.at(6 + 25, 6 + 1), [...colorTable('diverging').slice(3 * 128, 3 * 128 + 3)]);
    const swapped = decoded(differenceMap(makeVolume(data, grid), zero, { ...options, limit: 4 }));
    assert.deepEqual(swapped.at(6 + 1, bottom), seen.at(6 + 58, bottom));
  });

  it('states its limit and unit, taken from the mask unless given', () => {
    const data = Float32Array.from({ length: 120 }, (_, i) => (i < 60 ? -3 : 1000));
    const mask = Uint8Array.from({ length: 120 }, (_, i) => Number(i < 60));
    const after = makeVolume(data, grid, { mask });
    assert.equal(
      differenceMap(zero, after, { unit: 'z' }).alt,
      'difference map, after − before, ±3 z: in the mask mean −3, mean size 3 z',
    );
    assert.match(differenceMap(zero, zero).alt, /±1: everywhere mean 0, mean size 0$/);
    throwsCode('invalid-option', /limit: 0/, () => differenceMap(zero, after, { limit: 0 }));
  });
});

describe('colour maps', () => {
  it('begin, pass and end where they should', () => {
    const at = (map: Parameters<typeof colorTable>[0], level: number): number[] => [
      ...colorTable(map).slice(3 * level, 3 * level + 3),
    ];
    assert.deepEqual(
      [at('gray', 0), at('gray', 77), at('gray', 255)],
      [
        [0, 0, 0],
        [77, 77, 77],
        [255, 255, 255],
      ],
    );
    assert.deepEqual(
      [at('viridis', 0), at('viridis', 255)],
      [
        [68, 1, 84],
        [253, 231, 37],
      ],
    );
    assert.deepEqual(
      [at('diverging', 0), at('diverging', 255)],
      [
        [0x21, 0x66, 0xac],
        [0xb2, 0x18, 0x2b],
      ],
    );
  });
});
