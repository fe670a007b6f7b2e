import type { TrainingPoint } from '../../data/networks/training-record';
import { ConcordError } from '../../errors';
import { advise, option } from '../../remedy';

/** A loss this many times larger than at the beginning will not come back. */
const runaway = 1e4;

/** What one update of one step came to. */
export interface StepOutcome {
  readonly update: string;
  readonly step: number;
  readonly learningRate: number;
  /** The loss and its parts by name. */
  readonly losses: Readonly<Record<string, number>>;
  /** The norm of all gradients together, before any clipping. */
  readonly gradientNorm: number;
}

/**
 * Checks that a step came to numbers, and that the loss has not run away.
 *
 * @param history - the points so far; the first says how large the loss was at the beginning
 * @throws ConcordError `diverged` with a diagnosis.
 */
export function requireConvergence(outcome: StepOutcome, history: readonly TrainingPoint[]): void {
  const { losses, gradientNorm, update } = outcome;
  const broken = Object.entries(losses).filter(([, value]) => !Number.isFinite(value));
  if (broken.length > 0) {
    const terms = broken.map(([name, value]) => `${name} is ${value}`).join(', ');
    throw diverged(outcome, history, terms);
  }
  if (!Number.isFinite(gradientNorm)) {
    throw diverged(outcome, history, `the loss is a number, but the norm of its gradient is ${gradientNorm}`);
  }
  const beginning = Math.abs(history.at(0)?.values[`${update} loss`] ?? NaN);
  if (Math.abs(losses['loss']) > runaway * Math.max(1, beginning)) {
    throw diverged(outcome, history, `the loss is ${short(losses['loss'])}, and was ${short(beginning)}`);
  }
}

function diverged(outcome: StepOutcome, history: readonly TrainingPoint[], finding: string): ConcordError {
  const { update, step, learningRate } = outcome;
  const last = history.at(-1);
  const before =
    last === undefined
      ? 'these are the first steps: check the scale of the images, and look for values that are not numbers'
      : `at step ${last.step} the gradient norm was ${short(last.values[`${update} gradient norm`])}`;
  return new ConcordError(
    'diverged',
    `training diverged at step ${step} in "${update}": ${finding}; the learning rate was ${short(learningRate)}; ${before}`,
    { remedy: advise`lower ${option('learningRate')}, and look at the images` },
  );
}

function short(value: number | undefined): string {
  return value === undefined ? 'not known' : String(Number(value.toPrecision(3)));
}
