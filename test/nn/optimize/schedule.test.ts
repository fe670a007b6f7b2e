import assert from 'node:assert/strict';
import type { Schedule } from '../../../sdk/nn/optimize/schedule';
import { learningRateAt } from '../../../sdk/nn/optimize/schedule';

// PyTorch 2.13.0, torch.optim.lr_scheduler on an optimizer of learning rate 0.3.
const expected: { name: string; schedule: Schedule; rates: number[] }[] = [
  {
    name: 'LinearLR(start_factor=1/4, total_iters=3)',
    schedule: { kind: 'constant', rate: 0.3, warmUpSteps: 4 },
    rates: [0.075, 0.15, 0.225, 0.3, 0.3, 0.3],
  },
  {
    name: 'LinearLR(start_factor=1, end_factor=0, total_iters=10)',
    schedule: { kind: 'linear', rate: 0.3, steps: 10 },
    rates: [0.3, 0.27, 0.24, 0.21, 0.18, 0.15, 0.12, 0.09, 0.06, 0.03, 0, 0],
  },
  {
    name: 'SequentialLR: 5 steps constant, then LinearLR(end_factor=0, total_iters=5)',
    schedule: { kind: 'linear', rate: 0.3, steps: 10, constantUntil: 0.5 },
    rates: [0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.24, 0.18, 0.12, 0.06, 0, 0],
  },
  {
    name: 'CosineAnnealingLR(T_max=10, eta_min=0.01)',
    schedule: { kind: 'cosine', rate: 0.3, steps: 10, lowest: 0.01 },
    rates: [
      0.3, 0.2929031949, 0.2723074642, 0.2402288616, 0.1998074642, 0.155, 0.1101925358, 0.0697711384,
      0.0376925358, 0.0170968051, 0.01,
    ],
  },
  {
    name: 'StepLR(step_size=4, gamma=0.5)',
    schedule: { kind: 'step', rate: 0.3, every: 4, factor: 0.5 },
    rates: [0.3, 0.3, 0.3, 0.3, 0.15, 0.15, 0.15, 0.15, 0.075, 0.075, 0.075, 0.075],
  },
];

describe('learning-rate schedules', () => {
  for (const { name, schedule, rates } of expected) {
    it(`${schedule.kind} agrees with PyTorch's ${name}`, () => {
      rates.forEach((rate, step) => {
        const given = learningRateAt(schedule, step);
        assert.ok(Math.abs(given - rate) < 1e-9, `step ${step}: ${given} is not ${rate}`);
      });
    });
  }

  it('stay at their last rate after the end, survive JSON, and a number is constant', () => {
    const cosine: Schedule = { kind: 'cosine', rate: 1, steps: 7, lowest: 0.25, warmUpSteps: 2 };
    assert.equal(learningRateAt(cosine, 500), 0.25);
    const read = JSON.parse(JSON.stringify(cosine)) as Schedule;
    assert.equal(learningRateAt(read, 3), learningRateAt(cosine, 3));
    assert.equal(learningRateAt(cosine, 0), 0.5);
    assert.equal(learningRateAt(2e-4, 12345), 2e-4);
    assert.equal(learningRateAt({ kind: 'linear', rate: 1, steps: 4, constantUntil: 1 }, 3), 1);
  });

  it('refuse values out of range', () => {
    const bad: [Schedule, RegExp][] = [
      [{ kind: 'constant', rate: -1 }, /rate of the schedule: -1/],
      [{ kind: 'constant', rate: 1, warmUpSteps: -1 }, /warmUpSteps/],
      [{ kind: 'linear', rate: 1, steps: 0 }, /steps of the schedule: 0/],
      [{ kind: 'linear', rate: 1, steps: 5, constantUntil: 1.5 }, /constantUntil.*1\.5 \(0 to 1\)/],
      [{ kind: 'cosine', rate: 1, steps: 5, lowest: 2 }, /lowest/],
      [{ kind: 'step', rate: 1, every: 0 }, /every/],
      [{ kind: 'step', rate: 1, every: 2, factor: 2 }, /factor/],
    ];
    for (const [schedule, message] of bad) {
      assert.throws(() => learningRateAt(schedule, 0), { code: 'invalid-option', message });
    }
  });
});
