import assert from 'node:assert/strict';
import { biasField } from '../../sdk/preprocess/bias-field/bias-field';
import { correctBias } from '../../sdk/preprocess/correct-bias';
import { biasPhantom } from './bias-field/bias-phantom';

describe('correctBias', () => {
  const options = { maxIterations: 5, fittingLevels: 3 };

  it('is the volume divided by its bias field, with mask and record', async () => {
    const { volume } = biasPhantom();
    const before = volume.data.slice();
    const even = await correctBias(volume, options);
    const { corrected, field } = await biasField(volume, options);
    assert.deepEqual(even, corrected);
    assert.deepEqual(volume.data, before);
    assert.equal(even.mask, volume.mask);
    assert.deepEqual(
      [even.provenance, field.provenance].map(([step]) => step.step),
      ['correctBias', 'biasField'],
    );
    assert.deepEqual(even.provenance[0].options, {
      mask: 'volume',
      shrinkFactor: [1, 1, 1],
      fittingLevels: 3,
      maxIterations: [5, 5, 5],
      convergenceThreshold: 0.001,
      fwhm: 0.15,
      wienerNoise: 0.01,
      histogramBins: 200,
      mesh: [1, 1, 1],
    });
  });

  it('splits the image by the spline distance', async () => {
    const { volume } = biasPhantom();
    const even = await correctBias(volume, { ...options, splineDistance: 20 });
    assert.deepEqual(even.provenance[0].options['mesh'], [2, 3, 2]);
  });

  it('gives the same bits each time', async () => {
    const { volume } = biasPhantom();
    assert.deepEqual((await correctBias(volume, options)).data, (await correctBias(volume, options)).data);
  });
});
