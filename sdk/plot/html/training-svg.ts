import type { TrainingSoFar } from '../../data/networks/training-record';
import { linearTicks, logTicks, tickText } from '../panels/axis-ticks';
import { escapeHtml } from './html';
import type { TrainingCurve, TrainingCurveOptions } from '../training-curves';
import { trainingCurves, valueKind, wantsLogAxis } from '../training-curves';

const width = 720;
const plotHeight = 240;
/** Room around the plot; the legend is above it. */
const room = { left: 64, right: 16, top: 8, bottom: 42 };
const legendLineHeight = 20;
/** Grays that are legible on white and on near-black: the picture does not know its page. */
const ink = '#7A7A7A';
const grid = 'rgba(128,128,128,0.22)';

/** How SVG writes the dashes of lines. */
const dashArray: Readonly<Record<TrainingCurve['dash'], string>> = {
  solid: '',
  dash: '8 5',
  dot: '2 3',
  dashdot: '8 4 2 4',
  longdash: '12 6',
};

/** A picture of training. */
export interface TrainingSvg {
  /** The text of an SVG image. */
  readonly svg: string;
  /** What it shows, in words. */
  readonly text: string;
}

/** From a value to a place in the picture, with the marks of the axis. */
interface Scale {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

/**
 * Draws the losses and the validation metric of a run as a picture in SVG, without any script: for views that change
 * every second. `plotTraining` makes the figure to look at closely.
 *
 * @returns `null` when there is no point to be drawn yet
 */
export function trainingSvg(run: TrainingSoFar, options: TrainingCurveOptions = {}): TrainingSvg | null {
  const curves = trainingCurves({ '': run }, options).filter(({ value }) => valueKind(value) === 'loss');
  if (curves.length === 0) return null;
  const legend = legendItems(curves);
  const top = room.top + legendLineHeight * (1 + legend[legend.length - 1].line);
  const bottom = top + plotHeight;
  const steps = [0, ...curves.flatMap((curve) => curve.x)];
  const heights = curves.flatMap((curve) => curve.y);
  const x = makeScale(steps, { from: room.left, to: width - room.right, wanted: 8 });
  const y = makeScale(heights, { from: bottom, to: top, wanted: 5, log: wantsLogAxis(curves) });
  const height = bottom + room.bottom;
  const text = `training: ${curves.map(legendText).join(', ')}`;
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="system-ui,sans-serif" font-size="12" fill="${ink}">`,
    `<title>${escapeHtml(text)}</title>`,
    ...x.ticks.map((tick) => verticalTick(tick, x.at(tick), { top, bottom })),
    ...y.ticks.map((tick) => horizontalTick(tick, y.at(tick))),
    `<text x="${(room.left + width - room.right) / 2}" y="${height - 8}" text-anchor="middle">${options.by === 'seconds' ? 'seconds of training' : 'steps'}</text>`,
    ...legend.map(legendEntry),
    ...curves.map((curve) => curveLine(curve, x, y)),
    '</svg>',
  ];
  return { svg: lines.join('\n'), text };
}

function makeScale(
  values: readonly number[],
  options: { readonly from: number; readonly to: number; readonly wanted: number; readonly log?: boolean },
): Scale {
  const { from, to, wanted, log = false } = options;
  const along = log ? Math.log : (value: number): number => value;
  const low = values.reduce((least, value) => Math.min(least, value), Infinity);
  const high = values.reduce((greatest, value) => Math.max(greatest, value), -Infinity);
  const [first, last] = log ? [low / 1.05, high * 1.05] : high > low ? [low, high] : [low - 0.5, low + 0.5];
  const at = (value: number): number =>
    from + ((along(value) - along(first)) / (along(last) - along(first))) * (to - from);
  return { at, ticks: log ? logTicks(first, last) : linearTicks(first, last, wanted) };
}

function verticalTick(
  tick: number,
  x: number,
  { top, bottom }: { readonly top: number; readonly bottom: number },
): string {
  return (
    `<path d="M${pixel(x)} ${top}V${bottom}" stroke="${grid}"/>` +
    `<text x="${pixel(x)}" y="${bottom + 16}" text-anchor="middle">${tickText(tick)}</text>`
  );
}

function horizontalTick(tick: number, y: number): string {
  return (
    `<path d="M${room.left} ${pixel(y)}H${width - room.right}" stroke="${grid}"/>` +
    `<text x="${room.left - 6}" y="${pixel(y + 4)}" text-anchor="end">${tickText(tick)}</text>`
  );
}

function curveLine({ x, y, color, dash, sparse, best }: TrainingCurve, across: Scale, up: Scale): string {
  const points = x.map((value, i) => [pixel(across.at(value)), pixel(up.at(y[i]))] as const);
  const dot = ([cx, cy]: readonly [number, number]): string =>
    `<circle cx="${cx}" cy="${cy}" r="2.5" fill="${color}"/>`;
  return [
    `<polyline points="${points.map((point) => point.join(',')).join(' ')}" fill="none" stroke="${color}" stroke-width="2" stroke-linejoin="round"${dashed(dash)}/>`,
    ...(sparse ? points.map(dot) : []),
    best === undefined
      ? ''
      : `<circle cx="${pixel(across.at(best.x))}" cy="${pixel(up.at(best.y))}" r="6.5" fill="none" stroke="${color}" stroke-width="2.5"/>`,
  ].join('');
}

/** An entry of the legend: a curve, its last value, and where it is. */
interface LegendItem {
  readonly curve: TrainingCurve;
  readonly text: string;
  readonly x: number;
  readonly line: number;
}

/** The entries one after the other, in as many lines as they need; letters are taken to be 7 pixels wide. */
function legendItems(curves: readonly TrainingCurve[]): LegendItem[] {
  let x = room.left;
  let line = 0;
  return curves.map((curve) => {
    const text = legendText(curve);
    const needed = 48 + 7 * text.length;
    if (x > room.left && x + needed > width) [x, line] = [room.left, line + 1];
    const item = { curve, text, x, line };
    x += needed;
    return item;
  });
}

function legendText({ value, y, best }: TrainingCurve): string {
  const short = (number: number): string => String(Number(number.toPrecision(3)));
  return `${value} ${short(y[y.length - 1])}${best === undefined ? '' : ` (best ${short(best.y)})`}`;
}

function legendEntry({ curve, text, x, line }: LegendItem): string {
  const y = room.top + legendLineHeight * line + 6;
  return (
    `<path d="M${x} ${y}h24" stroke="${curve.color}" stroke-width="2.5"${dashed(curve.dash)}/>` +
    `<text x="${x + 30}" y="${y + 4}">${escapeHtml(text)}</text>`
  );
}

function dashed(dash: TrainingCurve['dash']): string {
  return dash === 'solid' ? '' : ` stroke-dasharray="${dashArray[dash]}"`;
}

function pixel(value: number): number {
  return Number(value.toFixed(1));
}
