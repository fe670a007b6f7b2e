import type { Progress } from '../data/run-options';
import type { TrainingPoint, TrainingSoFar, TrainingWatcher } from '../data/networks/training-record';
import { trainingSvg } from '../plot/html/training-svg';
import type { TrainingCurveOptions } from '../plot/training-curves';
import { valueKind } from '../plot/training-curves';
import type { NotebookDisplay } from './kernel';
import { notebookDisplay } from './kernel';
import { progressBar } from './progress-bar';
import { requireCall } from '../data/calls/require-call';

/** Options of {@link watchTraining}. */
export interface WatchTrainingOptions extends TrainingCurveOptions {
  /** What is being trained; by default what the training itself says. */
  readonly label?: string;
  /**
   * At least so many seconds pass between two drawings of the curve.
   *
   * @defaultValue `1`
   */
  readonly every?: number;
}

let views = 0;

/**
 * Makes the callbacks that show a training run while it is under way. In a notebook: a progress bar with the time left
 * and the latest loss, and below it the curves of losses and validation metric, both updated in place; the last state
 * stays. Elsewhere only the progress, as `progressBar` writes it to standard error. To look at the curves closely
 * afterwards, show `plotTraining(record)`.
 *
 * @example
 * ```ts
 * const model = await networks.fitAutoencoder(cohort, { ...watchTraining(), steps: 500 });
 * ```
 */
export function watchTraining(options: WatchTrainingOptions = {}): TrainingWatcher {
  requireCall('watchTraining', { options });
  const { label, every = 1, ...curves } = options;
  const display = notebookDisplay();
  const bar = progressBar();
  const picture = display === null ? null : pictureInPlace(display, every, curves);
  let latest: TrainingPoint | undefined;
  let name = label ?? 'training';
  return {
    onProgress: (progress) => {
      name = label ?? progress.label;
      bar({ ...progress, label: withLoss(name, latest) });
      if (isDone(progress)) picture?.draw();
    },
    onPoint: (point, run) => {
      latest = point;
      picture?.later(run);
    },
    onEnd: (record) => {
      const { steps, stopped } = record;
      if (stopped === 'converged') {
        bar({ label: `${withLoss(name, latest)}, converged`, done: steps, total: steps });
      }
      picture?.later(record);
      picture?.draw();
    },
  };
}

function isDone({ done, total }: Progress): boolean {
  return done >= total;
}

/** For example `autoencoder, loss 0.0123`: the first loss of the point. */
function withLoss(label: string, point: TrainingPoint | undefined): string {
  const [, loss] =
    Object.entries(point?.values ?? {}).find(
      ([name]) => name !== 'validation' && valueKind(name) === 'loss',
    ) ?? [];
  return loss === undefined ? label : `${label}, loss ${Number(loss.toPrecision(3))}`;
}

/** A picture that is drawn anew now and then, always in the same output. */
interface LivePicture {
  /** Draws this state of the run when it is time. */
  later(run: TrainingSoFar): void;
  /** Draws the newest state now, unless it has been. */
  draw(): void;
}

function pictureInPlace(display: NotebookDisplay, every: number, options: TrainingCurveOptions): LivePicture {
  const id = `concord-training-${process.pid}-${views++}`;
  let newest: TrainingSoFar | undefined;
  let timer: NodeJS.Timeout | undefined;
  // The first drawing waits like the others, so that the progress bar is above.
  let last: number | undefined;
  let begun = false;
  const draw = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (newest === undefined) return;
    const picture = trainingSvg(newest, options);
    newest = undefined;
    if (picture === null) return;
    last = performance.now();
    const bundle = { 'image/svg+xml': picture.svg, 'text/plain': picture.text };
    if (begun) display.update(bundle, id);
    else display.show(bundle, id);
    begun = true;
  };
  return {
    draw,
    later: (run) => {
      newest = run;
      last ??= performance.now();
      const wait = 1000 * every - (performance.now() - last);
      if (wait <= 0) draw();
      // The last point before training stops is drawn as well, and nobody waits for it.
      else timer ??= setTimeout(draw, wait).unref();
    },
  };
}
