import type { TrainingSoFar } from '../data/networks/training-record';
import { categoryStyle } from './panels/palette';

/** Training runs by the names they have in a figure. */
export type TrainingRuns = Readonly<Record<string, TrainingSoFar>>;

/** One value of one run during training. */
export interface TrainingCurve {
  readonly run: string;
  /** What is shown: `autoencoder loss`, `validation`. */
  readonly value: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly color: string;
  /** How the line is drawn: parts of a loss beside each other, several runs by color. */
  readonly dash: 'solid' | 'dash' | 'dot' | 'dashdot' | 'longdash';
  /** Whether there are few points, far apart, and each is marked. */
  readonly sparse: boolean;
  /** Where the best weights were. */
  readonly best?: { readonly x: number; readonly y: number };
}

/** Options of the curves of a training run. */
export interface TrainingCurveOptions {
  /**
   * Which values are shown, by name.
   *
   * @defaultValue of one run all losses and the validation metric; of several runs those that end in `loss`, and the
   * validation metric
   */
  readonly values?: readonly string[];
  /**
   * Against what they are drawn: steps, or seconds of training.
   *
   * @defaultValue `'step'`
   */
  readonly by?: 'step' | 'seconds';
}

/** Curves of more points than these are shown by the means of neighboring points. */
const most = 400;

/** Measurements fewer than these are marked. */
const few = 60;

/** The dashes of values other than the validation metric, which is dotted. */
const dashes = ['solid', 'dash', 'dashdot', 'longdash'] as const;

/** What a value is about: losses and validation share an axis, the others are of kinds of their own. */
export function valueKind(value: string): 'loss' | 'gradient norm' | 'learning rate' {
  if (/(^|\s)gradient norm$/.test(value)) return 'gradient norm';
  return /(^|\s)learning rate$/.test(value) ? 'learning rate' : 'loss';
}

/**
 * The curves of training runs. Of one run each value has a color; of several each run has one, and values differ by
 * their dashes. A value that a run has not (yet) recorded has no curve.
 */
export function trainingCurves(runs: TrainingRuns, options: TrainingCurveOptions = {}): TrainingCurve[] {
  const { by = 'step' } = options;
  const names = Object.keys(runs);
  const values = curvesToShow(runs, options.values);
  return names.flatMap((run, r) =>
    values.flatMap((value, v): TrainingCurve[] => {
      const { history, best } = runs[run];
      const points = history.filter((point) => Number.isFinite(point.values[value]));
      if (points.length === 0) return [];
      const x = points.map((point) => point[by]);
      const y = points.map((point) => point.values[value]);
      const { color } = categoryStyle(names.length > 1 ? r : v);
      const bestAt = value === 'validation' ? points.find(({ step }) => step === best?.step) : undefined;
      return [
        {
          run,
          value,
          color,
          ...thinned(x, y),
          dash: value === 'validation' ? 'dot' : dashes[names.length > 1 ? v % dashes.length : 0],
          sparse: points.length === 1 || (value === 'validation' && points.length <= few),
          ...(bestAt === undefined ? {} : { best: { x: bestAt[by], y: bestAt.values[value] } }),
        },
      ];
    }),
  );
}

function curvesToShow(runs: TrainingRuns, wanted: readonly string[] | undefined): readonly string[] {
  if (wanted !== undefined) return wanted;
  const losses = recordedValues(runs).filter((value) => valueKind(value) === 'loss');
  if (Object.keys(runs).length === 1) return losses;
  return losses.filter((value) => value === 'validation' || /(^|\s)loss$/.test(value));
}

/** The names of everything recorded in any of the runs. */
export function recordedValues(runs: TrainingRuns): readonly string[] {
  const all = Object.values(runs).flatMap(({ history }) =>
    history.flatMap(({ values }) => Object.keys(values)),
  );
  return [...new Set(all)];
}

/** Whether a logarithmic axis shows curves better: all are above 0 and differ by more than ten times. */
export function wantsLogAxis(curves: readonly TrainingCurve[]): boolean {
  const all = curves.flatMap(({ y }) => y);
  const low = all.reduce((least, value) => Math.min(least, value), Infinity);
  const high = all.reduce((greatest, value) => Math.max(greatest, value), -Infinity);
  return low > 0 && high > 10 * low;
}

/** At most {@link most} points: means of as many neighbors each. The last point stays the last one. */
function thinned(x: readonly number[], y: readonly number[]): Pick<TrainingCurve, 'x' | 'y'> {
  if (x.length <= most) return { x, y };
  const edge = (part: number): number => Math.round((part * x.length) / most);
  const parts = Array.from({ length: most }, (_, part) => [edge(part), edge(part + 1)] as const);
  const mean = ([from, to]: readonly [number, number]): number =>
    y.slice(from, to).reduce((sum, value) => sum + value, 0) / (to - from);
  return { x: parts.map(([, to]) => x[to - 1]), y: parts.map(mean) };
}
