import assert from 'node:assert/strict';
import { makeAffine } from '../../../sdk/data/images/affine';
import { makePhantom } from '../../../sdk/simulate/phantom/phantom';
import { phantomBiasField, rescan, scanPhantom } from '../../../sdk/simulate/phantom/scan-phantom';
import { scannerPreset } from '../../../sdk/simulate/phantom/scanner/scanner-presets';
import { makeTissueMaps } from '../../../sdk/simulate/phantom/tissues';

const [scanner] = scannerPreset('seven-site');
const plain = { ...scanner, biasStrength: 0, distortion: 0, ringing: 1, smoothing: 0, gain: 400 };

/** A slab of white matter beside one of gray. */
function slabs(): ReturnType<typeof makeTissueMaps> {
  const shape = [20, 12, 12] as const;
  const whiteMatter = Float32Array.from({ length: 20 * 144 }, (_, at) => (at % 20 < 10 ? 1 : 0));
  const grayMatter = whiteMatter.map((value) => 1 - value);
  return makeTissueMaps(
    { whiteMatter, grayMatter },
    { shape, affine: makeAffine([2, 2, 2], [-20, -12, -12]) },
  );
}

describe('rescan', () => {
  it('gives white matter the gain and tissues their contrast, in the absence of everything else', async () => {
    const { data } = await rescan(slabs(), plain, { noiseFree: true });
    assert.ok(Math.abs(data[2] - 400) < 0.01, `${data[2]}`);
    // The ratio of the signals in signal-equations.test.ts.
    const ratio = 0.021987196475164606 / 0.03410484498780761;
    assert.ok(Math.abs(data[17] / data[2] - ratio) < 1e-5);
  });

  it('adds noise of the signal-to-noise ratio asked for', async () => {
    const scan = await rescan(slabs(), { ...plain, whiteMatterSnr: 40 }, { seed: 9 });
    let sum = 0;
    let squares = 0;
    let count = 0;
    for (let at = 0; at < scan.data.length; at++) {
      if (at % 20 >= 10) continue;
      sum += scan.data[at];
      squares += scan.data[at] ** 2;
      count++;
    }
    const sd = Math.sqrt(squares / count - (sum / count) ** 2);
    // Relative standard error of a standard deviation of 1,440 numbers: 1.9 %.
    assert.ok(Math.abs(sd / 10 - 1) < 0.08, `${sd}`);
  });

  it('weighs intensities by the bias field', async () => {
    const biased = { ...plain, biasStrength: 0.3 };
    const tissues = slabs();
    const scan = await rescan(tissues, biased, { seed: 3, noiseFree: true });
    const flat = await rescan(tissues, plain, { seed: 3, noiseFree: true });
    const field = phantomBiasField(biased, tissues, 3);
    scan.data.forEach((value, at) => assert.ok(Math.abs(value - flat.data[at] * field.data[at]) < 1e-2));
    assert.ok(Math.max(...field.data) / Math.min(...field.data) > 1.05);
  });

  it('scans onto another grid', async () => {
    const grid = { shape: [10, 6, 6] as const, affine: makeAffine([4, 4, 4], [-19, -11, -11]) };
    const scan = await rescan(slabs(), plain, { noiseFree: true, grid });
    assert.deepEqual(scan.shape, [10, 6, 6]);
    assert.ok(Math.abs(scan.data[1 + 10 * (2 + 6 * 2)] - 400) < 0.01);
    assert.equal(scan.mask?.length, 360);
  });

  it('refuses scanners that cannot be', async () => {
    const tissues = slabs();
    const code = { code: 'invalid-option' };
    await assert.rejects(rescan(tissues, { ...plain, whiteMatterSnr: 0 }), code);
    await assert.rejects(rescan(tissues, { ...plain, ringing: 2 }), code);
    const late = {
      kind: 'mprage',
      repetitionTime: 2,
      echoTime: 0.003,
      inversionTime: 0.2,
      flipAngle: 8,
    } as const;
    await assert.rejects(rescan(tissues, { ...plain, sequence: late }), /invalid inversionTime: 0.2/);
  });
});

describe('makeTissueMaps', () => {
  it('refuses maps that do not fit', () => {
    const grid = { shape: [2, 2, 2] as const, affine: makeAffine([1, 1, 1]) };
    assert.throws(() => makeTissueMaps({}, grid), { code: 'invalid-option' });
    assert.throws(() => makeTissueMaps({ csf: new Float32Array(7) }, grid), { code: 'invalid-option' });
  });
});

describe('scanPhantom', () => {
  it('makes the same bits from the same seed, and only other noise from another', async () => {
    const phantom = await makePhantom({ seed: 1, spacing: 4 });
    const [one, same, other] = await Promise.all(
      [7, 7, 8].map((seed) => scanPhantom(phantom, scanner, { seed })),
    );
    assert.deepEqual(one.data, same.data);
    assert.notDeepEqual(one.data, other.data);
    assert.deepEqual(
      one.provenance.map(({ step, seed }) => [step, seed]),
      [
        ['makePhantom', 1],
        ['rescan', 7],
      ],
    );
    assert.equal(one.mask, phantom.tissues.mask);
  });

  it('dims white matter with age', async () => {
    const flat = { ...plain, whiteMatterSnr: 1e9 };
    const brightness = async (age: number): Promise<number> => {
      const phantom = await makePhantom({ seed: 1, age, spacing: 4 });
      const { data } = await scanPhantom(phantom, flat);
      let most = 0;
      for (const value of data) most = Math.max(most, value);
      return most;
    };
    assert.ok((await brightness(80)) < 0.97 * (await brightness(35)));
  });

  it('leaves nothing outside the mask when asked', async () => {
    const phantom = await makePhantom({ spacing: 4 });
    const { data } = await scanPhantom(phantom, scanner, { masked: true });
    assert.ok(data.every((value, at) => phantom.tissues.mask[at] === 1 || value === 0));
  });
});
