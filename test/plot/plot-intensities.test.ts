import assert from 'node:assert/strict';
import { makeAffine } from '../../sdk/data/images/affine';
import type { VolumeCohort } from '../../sdk/data/cohort';
import { makeImageCohort, makeVolumeCohort } from '../../sdk/data/cohort';
import { makeImageSet } from '../../sdk/data/images/image-set';
import { makeParticipants } from '../../sdk/data/people/participants';
import { makeVolume } from '../../sdk/data/images/volume';
import { ConcordError } from '../../sdk/errors';
import { makeRandom } from '../../sdk/math/random';
import type { Figure } from '../../sdk/plot/figure';
import { intensityCurve } from '../../sdk/plot/intensity-curve';
import { plotIntensities } from '../../sdk/plot/plot-intensities';
import { assertPlainJson } from './is-plain-json';

const grid = { shape: [10, 10, 10], affine: makeAffine([1, 1, 1]) } as const;
const sites = ['<b>', '<b>', 'T', 'T', 'T'];
const ids = sites.map((_, i) => `s${i}`);

/** Scans whose intensities are normal about `shift` times their site. */
function cohort(shift: number, broken = -1): VolumeCohort {
  const scans = ids.map((id, row) => ({
    id,
    subject: id,
    open: () => {
      if (row === broken) return Promise.reject(new ConcordError('malformed-image', 'truncated'));
      const random = makeRandom(row);
      const mean = sites[row] === 'T' ? 100 + shift : 100;
      return Promise.resolve(
        makeVolume(
          Float32Array.from({ length: 1000 }, () => random.normal() + mean),
          grid,
        ),
      );
    },
  }));
  return makeVolumeCohort(makeParticipants(ids, sites), scans);
}

const title = (figure: Figure): string => (figure.layout.title as { readonly text: string }).text;
const xs = (figure: Figure, trace: number): readonly (number | null)[] =>
  figure.data[trace].x as readonly (number | null)[];

describe('intensityCurve', () => {
  it('is a density: area 1, as high as a normal one should be', () => {
    const random = makeRandom(4);
    const values = Float64Array.from({ length: 100000 }, () => random.normal()).sort();
    const curve = intensityCurve(values);
    assert.ok(curve !== null);
    const step = curve.x[1] - curve.x[0];
    assert.ok(Math.abs(curve.y.reduce((sum, y) => sum + y * step, 0) - 1) < 1e-9);
    // The standard normal density at 0 is 0.3989, less a little for the smoothing.
    assert.ok(Math.abs(Math.max(...curve.y) - 0.3989) < 0.012, String(Math.max(...curve.y)));
  });

  it('keeps two tissues apart that lie close', () => {
    const random = makeRandom(5);
    const values = Float64Array.from(
      { length: 50000 },
      (_, i) => random.normal() * 4 + (i % 2 === 0 ? 60 : 80),
    );
    const y = intensityCurve(values.sort())?.y ?? [];
    const peaks = y.filter((value, i) => i > 0 && i < y.length - 1 && value > y[i - 1] && value >= y[i + 1]);
    assert.equal(peaks.filter((peak) => peak > 0.02).length, 2);
  });

  it('is absent where values do not differ', () => {
    assert.equal(intensityCurve(new Float64Array(5)), null);
    assert.equal(intensityCurve(new Float64Array(0)), null);
  });
});

describe('plotIntensities', () => {
  it('draws a line per scan, a trace per site, as plain JSON', async () => {
    const figure = await plotIntensities(cohort(20), { unit: 'a.u.' });
    assertPlainJson(figure);
    assert.deepEqual(
      figure.data.map(({ name }) => name),
      ['&lt;b&gt; (2)', 'T (3)'],
    );
    assert.equal(xs(figure, 1).filter((x) => x === null).length, 3);
    const first = xs(figure, 0).filter((x) => x !== null);
    assert.ok(Math.min(...first) > 95 && Math.max(...first) < 105);
    assert.match(title(figure), /a line per scan, 5 scans;/);
  });

  it('puts before and after side by side, sites in the same colours', async () => {
    const figure = await plotIntensities(cohort(20), { after: cohort(0) });
    assert.deepEqual(
      figure.data.map(({ xaxis }) => xaxis),
      ['x', 'x', 'x2', 'x2'],
    );
    const color = (trace: number): unknown => (figure.data[trace].line as { readonly color: string }).color;
    assert.equal(color(0), color(2));
    assert.notEqual(color(0), color(1));
    assert.ok(Math.max(...xs(figure, 3).map((x) => x ?? 0)) < 105);
  });

  it('leaves out what cannot be read and counts it, and takes some of many', async () => {
    const figure = await plotIntensities(cohort(0, 3));
    assert.deepEqual(figure.data[1].name, 'T (2)');
    assert.match(title(figure), /1 could not be used and is left out/);
    assert.match(title(await plotIntensities(cohort(0), { maxScans: 2 })), /2 of 5 scans/);
  });

  it('draws slices, of three channels the middle one', async () => {
    const random = makeRandom(1);
    const slices = ids.map((scan) => ({
      scan,
      plane: 'axial' as const,
      index: 0,
      position: 0,
      offset: [0, 0] as const,
      grid,
    }));
    const data = Float32Array.from({ length: 5 * 400 * 3 }, (_, i) => (i % 3 === 1 ? random.normal() : 1000));
    const images = makeImageSet(data, [5, 20, 20, 3], { slices });
    const figure = await plotIntensities(makeImageCohort(makeParticipants(ids, sites), images));
    assert.ok(Math.max(...xs(figure, 0).map((x) => x ?? 0)) < 6);
  });

  it('stops when cancelled', async () => {
    await assert.rejects(
      plotIntensities(cohort(0), { signal: AbortSignal.abort() }),
      (error) => error instanceof ConcordError && error.code === 'aborted',
    );
  });
});
