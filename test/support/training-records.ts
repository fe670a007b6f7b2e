import type { TrainingPoint, TrainingRecord } from '../../sdk/data/networks/training-record';

/** A training run of so many points, ten steps apart, whose loss halves at each; validated at every second. */
export function trainingRecord(points: number, backend = 'wasm'): TrainingRecord {
  const history = Array.from({ length: points }, (_, i): TrainingPoint => {
    const loss = 2 ** -i;
    const values: Record<string, number> = {
      'net loss': loss,
      'net divergence': loss / 4,
      'net gradient norm': 3,
      'net learning rate': 0.001,
    };
    if (i % 2 === 1) values['validation'] = loss + (i > 3 ? 1 : 0);
    return { step: 10 * (i + 1), seconds: i + 1, values };
  });
  const best = points > 3 ? { best: { step: 40, metric: 0.125 } } : {};
  const run = { steps: 10 * points, seconds: points, seed: 1, batchSize: 16, history, ...best };
  return { ...run, backend: { name: backend, device: '<two> threads' }, stopped: 'finished' };
}
