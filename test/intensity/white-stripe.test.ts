import assert from 'node:assert/strict';
import { whiteStripe, whiteStripeMap, whiteStripeSettings } from '../../sdk/intensity/white-stripe';
import { tissueValues, tissueVolume } from '../support/tissue-values';

describe('whiteStripe', () => {
  const values = tissueValues(4000);
  it('takes mean and deviation of the stripe, as numpy 2.4.6 does about the peak at quantile 0.7975', () => {
    const { map, learned } = whiteStripeMap(values, whiteStripeSettings({}));
    const [low, high] = learned['stripe'] as readonly number[];
    assert.ok(Math.abs(low - 109.22858984444423) < 0.02 && Math.abs(high - 112.24878797894742) < 0.02);
    assert.ok(map.kind === 'linear');
    assert.ok(Math.abs(1 / map.scale - 0.8871329077340976) < 0.005);
    assert.ok(Math.abs(-map.offset / map.scale - 110.75818587274918) < 0.01);
  });
  it('gives the same for a scan in other units', () => {
    const one = whiteStripe(tissueVolume(values)).data;
    const scaled = whiteStripe(tissueVolume(values.map((value) => 2.7 * value))).data;
    assert.ok(one.every((value, i) => Math.abs(value - scaled[i]) < 1e-2));
  });
  it('records what it found', () => {
    const [{ step, options }] = whiteStripe(tissueVolume(values)).provenance;
    assert.equal(step, 'whiteStripe');
    assert.equal(options['width'], 0.05);
    assert.equal(options['contrast'], 'T1w');
    assert.deepEqual(Object.keys(options['learned'] as object), [
      'mean',
      'sd',
      'peak',
      'bandwidth',
      'stripe',
    ]);
  });
  it('refuses a width, a bandwidth or a contrast that is none, and a stripe without spread', () => {
    const volume = tissueVolume(values);
    assert.throws(() => whiteStripe(volume, { width: 0.5 }), { code: 'invalid-option' });
    assert.throws(() => whiteStripe(volume, { bandwidth: -1 }), { code: 'invalid-option' });
    assert.throws(() => whiteStripe(volume, { contrast: 'DWI' as 'T1w' }), {
      code: 'invalid-option',
      message: /contrast: "DWI" \(allowed are "T1w", "T2w", "FLAIR", "PDw"\)/,
    });
    const steps = tissueVolume(Float64Array.from({ length: 1000 }, (_, i) => [10, 50, 90][i % 3]));
    assert.throws(() => whiteStripe(steps), {
      code: 'failed-step',
      message: /without spread \(raise the option width, /,
    });
  });
});
