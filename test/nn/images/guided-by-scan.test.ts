import assert from 'node:assert/strict';
import type { ImageCohort } from '../../../sdk/index';
import * as concord from '../../../sdk/index';
import { provenanceStep } from '../../../sdk/data/provenance';
import { guidedByScans } from '../../../sdk/nn/images/guided-by-scan';
import { pixelSizeOf } from '../../../sdk/nn/images/image-geometry';
import { rowsOfSlices } from '../../../sdk/nn/images/image-samples';
import { withMadeImages } from '../../../sdk/nn/images/given-images';
import { noise } from '../../support/noise';
import { travelingSlices } from '../../support/two-scanners';

describe('what is guided by scans', () => {
  let cohort: ImageCohort;
  let rows: Int32Array;
  const step = provenanceStep('nothing', {});
  const ranges = (): readonly { low: number; high: number }[] =>
    cohort.participants.ids.map(() => ({ low: 0, high: 100 }));

  before(async () => {
    cohort = await travelingSlices(2);
    rows = rowsOfSlices({ participants: cohort.participants, slices: cohort.images.slices });
  });

  it('stays what it is where it is a scan on another scale, and says nothing', () => {
    const values = cohort.images.data.map((value) => 0.3 - 0.002 * value);
    const { values: found, issues } = guidedByScans(cohort, { values, ranges: ranges(), rows }, 14);
    found.forEach((value, i) => assert.ok(Math.abs(value - values[i]) < 1e-5));
    assert.deepEqual(issues, []);
  });

  it('stays what was made where each pixel is alone in its neighborhood, and that is said', () => {
    const values = cohort.images.data.map((value, i) => value + 10 * noise(3, i));
    const [side] = pixelSizeOf(cohort.images.slices[0]);
    const changed = (fwhm: number): readonly [number, readonly string[]] => {
      const { values: found, issues } = guidedByScans(cohort, { values, ranges: ranges(), rows }, fwhm);
      const most = found.reduce((so, value, i) => Math.max(so, Math.abs(value - values[i])), 0);
      return [most, issues.filter(({ code }) => code === 'narrow-guide').map(({ message }) => message)];
    };
    const [little, said] = changed(0.49 * side);
    assert.ok(little < 0.01, `${little}`);
    assert.equal(said.length, cohort.participants.ids.length);
    assert.match(said[0], /^guided within [\d.]+ mm, .* stays what was made of it: its pixels have /);
    const [more, silent] = changed(side);
    assert.ok(more > 1, `${more}`);
    assert.deepEqual(silent, []);
  });

  it('loses what the scan does not show, and says of whom', () => {
    const [first] = cohort.participants.ids;
    const brightest = Math.max(...cohort.images.data);
    const values = cohort.images.data.map((value, i) => {
      const strange = rows[Math.floor(i / 1024)] === 0 ? noise(7, i) : 0;
      return value / brightest + strange;
    });
    const { values: found, issues } = guidedByScans(cohort, { values, ranges: ranges(), rows }, 14);
    assert.deepEqual(
      issues.map(({ code, where }) => [code, where.subject]),
      [['not-in-scan', first]],
    );
    const share = Number(/(\d+) %/.exec(issues[0].message)?.[1]) / 100;
    // By hand: the share of the variance of what was made, in the brain of the scan, that went.
    const inside = [...values.keys()].filter(
      (i) => rows[Math.floor(i / 1024)] === 0 && cohort.images.mask?.[i] !== 0,
    );
    const mean = inside.reduce((sum, i) => sum + values[i], 0) / inside.length;
    const all = inside.reduce((sum, i) => sum + (values[i] - mean) ** 2, 0);
    const gone = inside.reduce((sum, i) => sum + (values[i] - found[i]) ** 2, 0);
    assert.ok(Math.abs(share - gone / all) <= 0.005, `${share} ${gone / all}`);
  });

  it('sees each channel of three neighboring slices by its own, and leaves what is outside alone', () => {
    const { data, shape, slices, mask } = cohort.images;
    const [count, height, width] = shape;
    const inThrees = Float32Array.from({ length: 3 * data.length }, (_, i) => {
      const [pixel, channel] = [Math.floor(i / 3), i % 3];
      return mask?.[pixel] === 0 ? 0 : data[pixel] * (channel + 1);
    });
    const set = concord.makeImageSet(inThrees, [count, height, width, 3], { slices, mask });
    const thrice = concord.makeImageCohort(cohort.participants, set);
    const values = inThrees.map((value) => 0.01 * value);
    const made = { values, ranges: ranges(), from: ranges() };
    const guided = withMadeImages(thrice, { ...made, guided: 14 }, { step, issues: [] });
    const plain = withMadeImages(thrice, made, { step, issues: [] });
    const scale = Math.max(...plain.images.data);
    // Three slopes are one where channels differ in contrast by factors that the scan has too.
    guided.images.data.forEach((value, i) =>
      assert.ok(Math.abs(value - plain.images.data[i]) < 1e-4 * scale),
    );
  });
});
