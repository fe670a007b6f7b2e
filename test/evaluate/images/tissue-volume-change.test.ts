import assert from 'node:assert/strict';
import type { ImageCohort } from '../../../sdk/index';
import { makeImageCohort, makeImageSet, makeParticipants, metrics } from '../../../sdk/index';

const side = 16;
const radius = pixels((x, y) => Math.hypot(x - 7.5, y - 7.5));
const mask = Uint8Array.from(radius, (r) => Number(r < 7.5));
const halves = Uint8Array.from(pixels((x) => (x < 8 ? 1 : 2)));

/** Rings of three tissues, and the same with other edges, contrast and texture. */
const before = rings([3, 5.5], [10, 60, 100], (x, y) => (3 * x + 5 * y) % 7);
const after = rings([3.6, 5.2], [12, 70, 120], (x, y) => (2 * x + 3 * y) % 5);

function pixels(value: (x: number, y: number) => number): number[] {
  return Array.from({ length: side * side }, (_, i) => value(i % side, Math.floor(i / side)));
}

function rings(
  [inner, outer]: readonly number[],
  [dark, middle, bright]: readonly number[],
  texture: (x: number, y: number) => number,
): number[] {
  const added = pixels(texture);
  return radius.map((r, i) => (r < inner ? dark : r < outer ? middle : bright) + added[i]);
}

/** A cohort with a scan for each picture. */
function cohort(...pictures: readonly (readonly number[])[]): ImageCohort {
  const ids = pictures.map((_, i) => `p${i}`);
  const grid = { shape: [side, side, 1], affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] } as const;
  const slices = ids.map((scan) => {
    return { scan, plane: 'axial', index: 0, position: 0, offset: [0, 0], grid } as const;
  });
  const masks = Uint8Array.from(pictures.flatMap(() => [...mask]));
  const images = makeImageSet(Float32Array.from(pictures.flat()), [ids.length, side, side, 1], {
    slices,
    mask: masks,
  });
  return makeImageCohort(
    makeParticipants(
      ids,
      ids.map(() => 'A'),
    ),
    images,
  );
}

function near(found: number, wanted: number, tolerance: number): void {
  assert.ok(Math.abs(found - wanted) < tolerance, `${found} is not ${wanted}`);
}

describe('tissueVolumeChange', () => {
  it('is what a fuzzy c-means of NumPy 2.4.6, run to convergence, finds in each half', async () => {
    const labels = { names: ['left', 'right'], of: () => halves };
    const { mean, parts } = await metrics.tissueVolumeChange(cohort(before), cohort(after), { labels });
    // 16 → 22, 28 → 22 and 42 → 42 pixels.
    const wanted = [37.5, 21.428571428571427, 0];
    assert.deepEqual(
      parts.map(({ region, tissue }) => `${region} ${tissue}`),
      ['left', 'right'].flatMap((half) => ['dark', 'middle', 'bright'].map((tissue) => `${half} ${tissue}`)),
    );
    parts.forEach(({ change }, i) => near(change, wanted[i % 3], 1e-9));
    near(mean, 19.642857142857142, 1e-9);
  });

  it('does not see brightness and contrast, and means over scans', async () => {
    const scaled = before.map((value) => 3 * value + 40);
    const found = await metrics.tissueVolumeChange(cohort(before, before), cohort(scaled, after));
    assert.deepEqual(
      found.scans.map(({ scan, change }) => [scan, Math.round(change)]),
      [
        ['p0', 0],
        ['p1', 20],
      ],
    );
    near(found.mean, 19.642857142857142 / 2, 1e-9);
  });

  it('leaves out a scan that became flat, and says so', async () => {
    const flat = before.map(() => 5);
    const found = await metrics.tissueVolumeChange(cohort(before, before), cohort(flat, before));
    assert.equal(found.scans.length, 1);
    assert.equal(found.mean, 0);
    assert.deepEqual(
      found.issues.map(({ code, where }) => [code, where.subject]),
      [['figure-not-available', 'p0']],
    );
  });

  it('refuses scans that do not correspond, and labels that do not fit', async () => {
    const [one, two] = [cohort(before), cohort(before, after)];
    await assert.rejects(metrics.tissueVolumeChange(two, one), { code: 'different-grids' });
    const labels = { names: ['all'], of: () => new Uint8Array(3) };
    await assert.rejects(metrics.tissueVolumeChange(one, one, { labels }), { code: 'different-grids' });
  });
});
