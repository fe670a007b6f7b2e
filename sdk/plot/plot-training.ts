import type { JsonObject } from '../data/json';
import { listNames } from '../data/list-names';
import { suggestName } from '../data/nearest-names';
import type { TrainingSoFar } from '../data/networks/training-record';
import { ConcordError } from '../errors';
import type { Figure, Trace } from './figure';
import { label, plainNumber, plainNumbers } from './figure';
import { axis, axisKey, axisName, baseLayout, count, legendHeight, stretches } from './layout';
import type { TrainingCurve, TrainingCurveOptions, TrainingRuns } from './training-curves';
import { recordedValues, trainingCurves, valueKind, wantsLogAxis } from './training-curves';
import { requireCall } from '../data/calls/require-call';
import { counted } from '../data/counted';

/** Options of {@link plotTraining}: which values, and against steps or seconds. */
export interface PlotTrainingOptions extends TrainingCurveOptions {
  /**
   * The axis of losses.
   *
   * @defaultValue logarithmic when all are above 0 and differ by more than ten times
   */
  readonly scale?: 'linear' | 'log';
}

/** A part of the figure with an axis of its own: losses, gradient norms, learning rates. */
interface TrainingPanel {
  readonly kind: ReturnType<typeof valueKind>;
  readonly curves: readonly TrainingCurve[];
}

/**
 * Draws how training went: one line per part of the loss, the validation metric with each measurement marked, and a
 * ring where the best weights were. Several runs are drawn over each other, a color each, for example the same training
 * on several backends. Gradient norms and learning rates are drawn below when `values` names them. Long curves are shown
 * by the means of neighboring points.
 *
 * @param runs - a training record, or several by name
 * @throws ConcordError `too-little-data` when nothing was recorded yet; `unknown-column` for a value that was not.
 *
 * @example
 * ```ts
 * show(plotTraining({ wasm: one.record, tensorflow: other.record }, { by: 'seconds' }));
 * ```
 */
export function plotTraining(runs: TrainingSoFar | TrainingRuns, options: PlotTrainingOptions = {}): Figure {
  requireCall('plotTraining', { runs, options });
  const named = isRun(runs) ? { '': runs } : runs;
  const curves = trainingCurves(named, options);
  requireRecorded(named, options.values);
  if (curves.length === 0) {
    throw new ConcordError('too-little-data', 'no point of the training has been recorded yet');
  }
  const panels = (['loss', 'gradient norm', 'learning rate'] as const)
    .map((kind): TrainingPanel => ({ kind, curves: curves.filter(({ value }) => valueKind(value) === kind) }))
    .filter((panel) => panel.curves.length > 0);
  return {
    data: panels.flatMap((panel, index) => panel.curves.flatMap((curve) => traces(curve, index))),
    layout: baseLayout(
      {
        title: 'Is the network still learning?',
        subtitle: subtitle(named),
        height: 300 + 160 * panels.length,
        bottom: 76 + legendHeight(curves.length, 6),
      },
      { ...axes(panels, options), hovermode: 'x' },
    ),
  };
}

function isRun(runs: TrainingSoFar | TrainingRuns): runs is TrainingSoFar {
  return Array.isArray(runs.history);
}

function requireRecorded(runs: TrainingRuns, values: readonly string[] = []): void {
  const known = recordedValues(runs);
  for (const value of values) {
    if (known.includes(value)) continue;
    const hint = suggestName(value, known, `recorded are ${listNames(known)}`);
    throw new ConcordError('unknown-column', `unknown value: "${value}" (${hint})`);
  }
}

function traces(curve: TrainingCurve, panel: number): Trace[] {
  const { run, value, color, dash, sparse, best } = curve;
  const name = label(run === '' ? value : `${run}: ${value}`);
  const place = { xaxis: 'x', yaxis: axisName('y', panel), legendgroup: name };
  const line: Trace = {
    type: 'scatter',
    mode: sparse ? 'lines+markers' : 'lines',
    name,
    ...place,
    x: plainNumbers(curve.x),
    y: plainNumbers(curve.y),
    line: { color, width: 2, dash },
    ...(sparse ? { marker: { color, size: 5 } } : {}),
  };
  if (best === undefined) return [line];
  const ring: Trace = {
    type: 'scatter',
    mode: 'markers',
    name: `best, ${name}`,
    ...place,
    showlegend: false,
    x: [plainNumber(best.x)],
    y: [plainNumber(best.y)],
    marker: { color, size: 13, symbol: 'circle-open', line: { width: 2.5 } },
  };
  return [line, ring];
}

function axes(panels: readonly TrainingPanel[], options: PlotTrainingOptions): JsonObject {
  const gap = 0.08;
  const bands = stretches(panels.length, gap).reverse();
  const entries = panels.map(({ kind, curves }, index): [string, JsonObject] => {
    const log =
      kind === 'loss' && options.scale !== undefined ? options.scale === 'log' : wantsLogAxis(curves);
    const losses = curves.some(({ value }) => value !== 'validation') ? 'loss' : 'validation';
    return [
      axisKey('y', index),
      axis(kind === 'loss' ? losses : kind, {
        domain: bands[index],
        anchor: 'x',
        zeroline: false,
        ...(log ? logAxis(curves) : {}),
      }),
    ];
  });
  const title = options.by === 'seconds' ? 'seconds of training' : 'steps';
  const last = axisName('y', panels.length - 1);
  return {
    xaxis: axis(title, { anchor: last, zeroline: false, rangemode: 'tozero' }),
    ...Object.fromEntries(entries),
  };
}

/** Labels at 1, 2 and 5 of each decade where these are few, at decades else: Plotly's own run into each other. */
function logAxis(curves: readonly TrainingCurve[]): JsonObject {
  const heights = curves.flatMap(({ y }) => y.filter((value) => value > 0)).map(Math.log10);
  const decades =
    heights.reduce((a, b) => Math.max(a, b), -Infinity) - heights.reduce((a, b) => Math.min(a, b), Infinity);
  return { type: 'log', tickformat: '~r', ...(decades > 0.8 && decades < 4 ? { dtick: 'D2' } : {}) };
}

function subtitle(runs: TrainingRuns): string {
  const told = Object.entries(runs).map(
    ([name, run]) => `${name === '' ? '' : `${label(name)}: `}${inWords(run)}`,
  );
  const shown = told.length > 6 ? [...told.slice(0, 6), `and ${told.length - 6} more`] : told;
  return shown.join('; ');
}

/** For example `3,000 steps of 16 images on wasm in 12 min, best validation 0.0123 at step 2,400 (ring)`. */
function inWords({ steps, batchSize, backend, seconds, best }: TrainingSoFar): string {
  const device = backend.device === undefined ? '' : ` (${label(backend.device)})`;
  const kept =
    best === undefined
      ? ''
      : `, best validation ${Number(best.metric.toPrecision(3))} at step ${count(best.step)} (ring)`;
  return `${counted(steps, 'step')} of ${counted(batchSize, 'image')} on ${label(backend.name)}${device} in ${duration(seconds)}${kept}`;
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Number(seconds.toPrecision(2))} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
