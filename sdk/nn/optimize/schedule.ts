import { ConcordError } from '../../errors';

/** What every schedule has. */
export interface ScheduleBase {
  /** The learning rate at its highest. */
  readonly rate: number;
  /**
   * Steps at the beginning over which the rate rises in a line to what the schedule says, from 1 / `warmUpSteps` of it.
   *
   * @defaultValue 0: no warm-up
   */
  readonly warmUpSteps?: number;
}

/** The same learning rate all along. */
export interface ConstantSchedule extends ScheduleBase {
  readonly kind: 'constant';
}

/** The rate stays, then falls in a line to 0 at the end. */
export interface LinearSchedule extends ScheduleBase {
  readonly kind: 'linear';
  /** Steps of the whole run. */
  readonly steps: number;
  /**
   * The fraction of the run before the rate begins to fall, as 0.5 in MURD and CycleGAN.
   *
   * @defaultValue 0
   */
  readonly constantUntil?: number;
}

/** The rate falls along half a wave of the cosine (Loshchilov & Hutter 2017, "SGDR", equation 5, without restarts). */
export interface CosineSchedule extends ScheduleBase {
  readonly kind: 'cosine';
  /** Steps of the whole run. */
  readonly steps: number;
  /**
   * The rate at the end.
   *
   * @defaultValue 0
   */
  readonly lowest?: number;
}

/** The rate is multiplied by a factor every so many steps. */
export interface StepSchedule extends ScheduleBase {
  readonly kind: 'step';
  /** Steps between two falls. */
  readonly every: number;
  /**
   * What is left of the rate after a fall.
   *
   * @defaultValue 0.1
   */
  readonly factor?: number;
}

/** How the learning rate changes over a run: plain values, so that a training record can hold them. */
export type Schedule = ConstantSchedule | LinearSchedule | CosineSchedule | StepSchedule;

/**
 * The learning rate of a step.
 *
 * @param schedule - a number is the same rate for all steps
 * @param step - from 0; after the end of a schedule its last rate stays
 * @throws ConcordError `invalid-option` for a value of the schedule that is out of range.
 */
export function learningRateAt(schedule: Schedule | number, step: number): number {
  if (typeof schedule === 'number') return learningRateAt({ kind: 'constant', rate: schedule }, step);
  const { rate, warmUpSteps = 0 } = schedule;
  requireRange('rate', rate, rate >= 0 && Number.isFinite(rate), 'a finite number, 0 or more');
  requireRange('warmUpSteps', warmUpSteps, warmUpSteps >= 0, '0 or more');
  const warmUp = step < warmUpSteps ? (step + 1) / warmUpSteps : 1;
  return warmUp * withoutWarmUp(schedule, step);
}

function withoutWarmUp(schedule: Schedule, step: number): number {
  const { rate } = schedule;
  switch (schedule.kind) {
    case 'constant':
      return rate;
    case 'linear': {
      const { steps, constantUntil = 0 } = schedule;
      requireRange('steps', steps, steps > 0, 'above 0');
      requireRange('constantUntil', constantUntil, constantUntil >= 0 && constantUntil <= 1, '0 to 1');
      const falling = steps * (1 - constantUntil);
      const left = steps - step;
      if (left <= 0) return 0;
      return rate * Math.min(1, left / falling);
    }
    case 'cosine': {
      const { steps, lowest = 0 } = schedule;
      requireRange('steps', steps, steps > 0, 'above 0');
      requireRange('lowest', lowest, lowest >= 0 && lowest <= rate, '0 to the rate');
      const done = Math.min(1, step / steps);
      return lowest + ((rate - lowest) * (1 + Math.cos(Math.PI * done))) / 2;
    }
    case 'step': {
      const { every, factor = 0.1 } = schedule;
      requireRange('every', every, every > 0, 'above 0');
      requireRange('factor', factor, factor >= 0 && factor <= 1, '0 to 1');
      return rate * factor ** Math.floor(step / every);
    }
  }
}

function requireRange(name: string, value: number, allowed: boolean, range: string): void {
  if (!allowed)
    throw new ConcordError('invalid-option', `invalid ${name} of the schedule: ${value} (${range})`);
}
