import assert from 'node:assert/strict';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { engine, memory, tensor2d } from '@tensorflow/tfjs-core';
import { drawNoise, denoisingLoss, minSnrWeight } from '../../sdk/diffusion/denoising-loss';
import { invertDdim, sampleDdim, stepTimes } from '../../sdk/diffusion/ddim';
import { makeNoiseSchedule } from '../../sdk/diffusion/noise-schedule';
import type { Prediction } from '../../sdk/diffusion/noise-schedule';
import { addNoise, predictionTarget, readPrediction } from '../../sdk/diffusion/prediction';
import { makeRandom } from '../../sdk/math/random';
import { onEachBackend } from '../support/backends';

const schedule = makeNoiseSchedule({ kind: 'cosine' });

describe('noise schedules', () => {
  it('the linear one keeps 4.04e-5 of the variance at T = 1000 (the product of 1 − β, Ho et al. 2020)', () => {
    let kept = 1;
    for (let t = 0; t < 1000; t++) kept *= 1 - (1e-4 + ((0.02 - 1e-4) * t) / 999);
    const { signal } = makeNoiseSchedule();
    assert.ok(Math.abs(signal[1000] ** 2 / kept - 1) < 1e-10);
    assert.ok(Math.abs(kept - 4.04e-5) < 0.005e-5);
  });

  it('the cosine one follows its formula where β is not cut (Nichol & Dhariwal 2021, equation 17)', () => {
    const level = (t: number): number => Math.cos(((t / 1000 + 0.008) / 1.008) * (Math.PI / 2)) ** 2;
    for (const t of [1, 100, 500, 900]) {
      assert.ok(Math.abs(schedule.signal[t] ** 2 - level(t) / level(0)) < 1e-12);
    }
    schedule.signal.forEach((s, t) => assert.ok(Math.abs(s ** 2 + schedule.noise[t] ** 2 - 1) < 1e-12));
  });

  it('refuses what makes no sense', () => {
    assert.throws(() => makeNoiseSchedule({ steps: 3 }), { code: 'invalid-option' });
    assert.throws(() => makeNoiseSchedule({ kind: 'square' as never }), { code: 'invalid-option' });
    assert.throws(() => stepTimes(schedule, 0), { code: 'invalid-option' });
    assert.throws(() => stepTimes(schedule, 10, 1001), { code: 'invalid-option' });
  });

  it('spaces the times of a way evenly, both ends included', () => {
    assert.deepEqual([...stepTimes(schedule, 4)], [0, 250, 500, 750, 1000]);
    assert.deepEqual([...stepTimes(schedule, 4, 500)], [0, 250, 500]);
  });
});

describe('what is drawn for a step of training', () => {
  it('spreads the times of a batch over all of 1 … T, and is the same for the same seed', () => {
    const draw = drawNoise(makeRandom(3), [10, 4], schedule);
    assert.deepEqual(draw, drawNoise(makeRandom(3), [10, 4], schedule));
    const tenths = [...draw.times].map((t) => Math.ceil(t / 100)).sort((a, b) => a - b);
    assert.deepEqual(tenths, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    assert.notDeepEqual(
      [...draw.times],
      [...draw.times].sort((a, b) => a - b),
    );
  });

  it('weighs steps so that ε and v weigh the error in x₀ alike: min(SNR, γ)', () => {
    for (const time of [10, 300, 700]) {
      const snr = (schedule.signal[time] / schedule.noise[time]) ** 2;
      // An error e in x₀ is an error e·signal/noise in ε, and e/noise in v.
      const ofEpsilon = minSnrWeight(schedule, time, { prediction: 'epsilon', minSnr: 5 }) * snr;
      const ofV = minSnrWeight(schedule, time, { prediction: 'v', minSnr: 5 }) / schedule.noise[time] ** 2;
      assert.ok(Math.abs(ofEpsilon - Math.min(snr, 5)) < 1e-9);
      assert.ok(Math.abs(ofV - Math.min(snr, 5)) < 1e-9);
    }
  });
});

/** A mixture of normal distributions on the line, and what its exact denoiser says. */
interface Mixture {
  readonly weights: readonly number[];
  readonly means: readonly number[];
  readonly sds: readonly number[];
}

/**
 * The mean of x₀ given x_t in closed form: of each component by the rule of two normals, weighed by how likely it is to have
 * made x_t.
 */
function meanOfClean({ weights, means, sds }: Mixture, x: number, time: number): number {
  const a = schedule.signal[time];
  const b = schedule.noise[time];
  const parts = weights.map((weight, i) => {
    const variance = a * a * sds[i] ** 2 + b * b;
    const away = x - a * means[i];
    return {
      log: Math.log(weight) - 0.5 * Math.log(variance) - away ** 2 / (2 * variance),
      mean: means[i] + ((a * sds[i] ** 2) / variance) * away,
    };
  });
  const top = Math.max(...parts.map(({ log }) => log));
  const shares = parts.map(({ log }) => Math.exp(log - top));
  const all = shares.reduce((sum, share) => sum + share, 0);
  return parts.reduce((sum, { mean }, i) => sum + (shares[i] / all) * mean, 0);
}

function exactDenoiser(
  mixture: Mixture,
  kind: Prediction,
): (x: Tensor2D, times: ArrayLike<number>) => Tensor2D {
  return (x, times) => {
    const values = x.dataSync();
    const said = Float32Array.from(values, (value, i) => {
      const time = times[Math.floor((i * times.length) / values.length)];
      const a = schedule.signal[time];
      const b = schedule.noise[time];
      const clean = meanOfClean(mixture, value, time);
      const epsilon = (value - a * clean) / b;
      return kind === 'epsilon' ? epsilon : a * epsilon - b * clean;
    });
    return tensor2d(said, x.shape);
  };
}

const two: Mixture = { weights: [0.3, 0.7], means: [-1, 0.8], sds: [0.2, 0.3] };

onEachBackend('diffusion with the exact score', (backend) => {
  // The exact denoiser reads tensors at once, which a graphics card cannot do in Node.
  if (backend === 'webgpu') return;
  beforeEach(() => engine().startScope());
  afterEach(() => engine().endScope());

  for (const prediction of ['epsilon', 'v'] as const) {
    it(`reads ${prediction} back into image and noise`, () => {
      const clean = tensor2d([[0.5], [-1]]);
      const epsilon = tensor2d([[0.3], [1.2]]);
      const mixture = { signal: 0.6, noise: 0.8 };
      const noisy = addNoise(clean, epsilon, mixture);
      const predicted = predictionTarget(prediction, { clean, epsilon }, mixture);
      const found = readPrediction(prediction, { noisy, predicted }, mixture);
      [0.5, -1].forEach((value, i) => assert.ok(Math.abs(found.clean.dataSync()[i] - value) < 1e-6));
      [0.3, 1.2].forEach((value, i) => assert.ok(Math.abs(found.epsilon.dataSync()[i] - value) < 1e-6));
    });
  }

  it('traces a normal distribution back to the noise of the closed form', async () => {
    // dx/dt along the curve keeps (x_t − a·m) / √(a²s² + b²): the noise of x₀ is (x₀ − m)/s stretched to the end.
    const m = 0.4;
    const s = 0.5;
    const one: Mixture = { weights: [1], means: [m], sds: [s] };
    const start = tensor2d([[-0.6], [0.4], [1.3]]);
    const until = 900;
    const a = schedule.signal[until];
    const b = schedule.noise[until];
    const errors: number[] = [];
    for (const steps of [50, 200, 800]) {
      const options = { schedule, prediction: 'v', steps, until, order: 1 } as const;
      const noise = await invertDdim(exactDenoiser(one, 'v'), start, options);
      const wanted = [-0.6, 0.4, 1.3].map((x) => a * m + ((x - m) / s) * Math.sqrt(a * a * s * s + b * b));
      errors.push(Math.max(...wanted.map((value, i) => Math.abs(noise.dataSync()[i] - value))));
      noise.dispose();
    }
    assert.ok(errors[0] > 2.5 * errors[1] && errors[1] > 2.5 * errors[2], `errors ${errors.join(', ')}`);
    assert.ok(errors[2] < 0.005, `error ${errors[2]}`);
  });

  it('is of second order when asked: four times the steps, a tenth of the error at most', async () => {
    const m = 0.4;
    const s = 0.5;
    const one: Mixture = { weights: [1], means: [m], sds: [s] };
    const until = 900;
    const a = schedule.signal[until];
    const b = schedule.noise[until];
    const wanted = a * m + ((1.3 - m) / s) * Math.sqrt(a * a * s * s + b * b);
    const start = tensor2d([[1.3]]);
    const errors: number[] = [];
    for (const [steps, order] of [
      [20, 1],
      [20, 2],
      [80, 2],
    ] as const) {
      const noise = await invertDdim(exactDenoiser(one, 'v'), start, {
        schedule,
        prediction: 'v',
        steps,
        until,
        order,
      });
      errors.push(Math.abs(noise.dataSync()[0] - wanted));
      noise.dispose();
    }
    assert.ok(errors[1] < 0.3 * errors[0] && errors[2] < 0.1 * errors[1], errors.join(', '));
    start.dispose();
  });

  it('comes back from the noise of a mixture, the better the more steps', async () => {
    const points = [-1.4, -1, -0.7, 0.2, 0.8, 1.5];
    const start = tensor2d(points.map((x) => [x]));
    const errors: number[] = [];
    for (const steps of [20, 80, 320]) {
      const options = { schedule, prediction: 'v', steps } as const;
      const noise = await invertDdim(exactDenoiser(two, 'v'), start, options);
      const back = await sampleDdim(exactDenoiser(two, 'v'), noise, options);
      errors.push(Math.max(...points.map((x, i) => Math.abs(back.dataSync()[i] - x))));
    }
    assert.ok(errors[0] > errors[1] && errors[1] > errors[2] && errors[2] < 0.02, errors.join(', '));
  });

  for (const eta of [0, 1]) {
    it(`draws samples of the mixture from noise (eta ${eta})`, async () => {
      const random = makeRandom(5);
      const count = 2000;
      const noise = tensor2d(
        Float32Array.from({ length: count }, () => random.normal()),
        [count, 1],
      );
      const options = { schedule, prediction: 'epsilon', steps: 200, eta, random: makeRandom(6) } as const;
      const samples = await sampleDdim(exactDenoiser(two, 'epsilon'), noise, options);
      const values = [...samples.dataSync()];
      const low = values.filter((x) => x < -0.3);
      const mean = (list: number[]): number => list.reduce((sum, x) => sum + x, 0) / list.length;
      const sd = (list: number[]): number => Math.sqrt(mean(list.map((x) => (x - mean(list)) ** 2)));
      // Three standard errors: √(0.3·0.7/2000) = 0.0102 of the share, 0.2/√600 = 0.0082 of the mean; the rest for the steps.
      assert.ok(Math.abs(low.length / count - 0.3) < 0.04, `share ${low.length / count}`);
      assert.ok(Math.abs(mean(low) + 1) < 0.04, `mean ${mean(low)}`);
      assert.ok(Math.abs(sd(low) - 0.2) < 0.03, `sd ${sd(low)}`);
      const high = values.filter((x) => x >= -0.3);
      assert.ok(Math.abs(mean(high) - 0.8) < 0.04 && Math.abs(sd(high) - 0.3) < 0.03);
    });
  }

  it('has its least loss with the exact denoiser, and leaves nothing behind', async () => {
    const before = memory().numTensors;
    const random = makeRandom(8);
    const clean = tensor2d(
      Array.from({ length: 400 }, () => [
        random.uniform() < 0.3 ? -1 + 0.2 * random.normal() : 0.8 + 0.3 * random.normal(),
      ]),
    );
    const draw = drawNoise(makeRandom(9), [400, 1], schedule);
    const exact = denoisingLoss(exactDenoiser(two, 'v'), { clean, draw }, { schedule, prediction: 'v' });
    const other = exactDenoiser({ ...two, means: [-0.5, 0.8] }, 'v');
    const worse = denoisingLoss(other, { clean, draw }, { schedule, prediction: 'v' });
    assert.ok(exact.dataSync()[0] < worse.dataSync()[0]);
    const noise = await invertDdim(exactDenoiser(two, 'v'), clean, { schedule, prediction: 'v', steps: 5 });
    for (const used of [clean, exact, worse, noise]) used.dispose();
    assert.equal(memory().numTensors, before);
  });

  it('stops when it is told to, and leaves nothing behind', async () => {
    const before = memory().numTensors;
    const start = tensor2d([[1]]);
    const cancel = new AbortController();
    const options = {
      ...({ schedule, prediction: 'v', steps: 50, signal: cancel.signal } as const),
      onStep: () => cancel.abort(),
    };
    await assert.rejects(invertDdim(exactDenoiser(two, 'v'), start, options), { code: 'aborted' });
    start.dispose();
    assert.equal(memory().numTensors, before);
  });
});
