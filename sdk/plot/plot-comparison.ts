import type { JsonObject } from '../data/json';
import { comparisonTitle } from '../evaluate/comparison/format-comparison';
import type { ComparisonRow, MethodComparison } from '../evaluate/comparison/method-comparison';
import { auditNumber } from '../evaluate/rows/audit-numbers';
import type { AuditQuestion, AuditValue } from '../evaluate/rows/audit-row';
import { auditQuestions, quantityText } from '../evaluate/rows/audit-row';
import type { Figure, Trace } from './figure';
import { label, plainNumber, plainNumbers } from './figure';
import { axis, axisKey, axisName, baseLayout, wrap } from './layout';
import { methodStyle, neutral } from './panels/palette';
import { requireCall } from '../data/calls/require-call';

const columns = 2;
const rowHeight = 24;
const headingHeight = 40;
const titleHeight = 44;
const axisHeight = 60;

/** One figure of the comparison, and where it is drawn. */
interface ComparisonPanel {
  readonly row: ComparisonRow;
  readonly column: number;
  /** Pixels from the top of the plot area to the top of the panel. */
  readonly top: number;
}

/** One line of a panel. */
interface Line {
  readonly name: string;
  readonly value: AuditValue;
  readonly color: string;
  /** A Plotly marker symbol. */
  readonly symbol: string;
  readonly inSample: boolean;
}

/**
 * Draws a comparison: a panel for each figure that audits draw, under its question, with a line for raw data and for
 * each method, and their intervals. Titles of axes say which way is better; dotted marks are what guessing achieves,
 * dashed ones what covariates alone or a second scan do. In-sample values, which flatter, are open; inconclusive ones
 * are pale, with a question mark.
 *
 * @example
 * ```ts
 * show(plotComparison(comparison));
 * ```
 */
export function plotComparison(comparison: MethodComparison): Figure {
  requireCall('plotComparison', { comparison });
  const names = comparison.methods.map(({ name }) => name);
  const drawn = comparison.rows.filter(({ drawn: own, values }) => own && Object.keys(values).length > 0);
  const height = rowHeight * (names.length + 1);
  const gap = gapFor(names);
  const { panels, headings, total } = arrange(drawn, height);
  return {
    data: [...panels.flatMap((panel, index) => panelTraces(panel, index, names)), ...legend(drawn)],
    layout: baseLayout(
      {
        title: 'How do the methods compare?',
        subtitle: `${label(comparisonTitle(comparison))}; bars are 95 % intervals over the participants tested, where there are any`,
        height: total + 200,
        above: 24,
        bottom: 50,
      },
      {
        ...Object.fromEntries(
          panels.flatMap((panel, index) => panelAxes(panel, index, { names, height, total })),
        ),
        legend: { orientation: 'h', x: 0, xanchor: 'left', xref: 'paper', y: 1, yanchor: 'bottom' },
        annotations: [
          ...headings.map(({ question, top }) =>
            heading(`<b>${auditQuestions[question]}</b>`, 0, 1 - top / total, 14),
          ),
          ...panels.map(({ row, column, top }) =>
            heading(wrap(label(row.name), 62), stretchOf(column, gap)[0], 1 - top / total, 12),
          ),
        ],
      },
    ),
  };
}

/** Panels in two columns, each question on lines of its own. */
function arrange(
  rows: readonly ComparisonRow[],
  height: number,
): {
  readonly panels: readonly ComparisonPanel[];
  readonly headings: readonly { readonly question: AuditQuestion; readonly top: number }[];
  readonly total: number;
} {
  const panels: ComparisonPanel[] = [];
  const headings: { readonly question: AuditQuestion; readonly top: number }[] = [];
  let top = 0;
  for (const question of Object.keys(auditQuestions) as AuditQuestion[]) {
    const own = rows.filter((row) => row.question === question);
    if (own.length === 0) continue;
    top += headingHeight;
    headings.push({ question, top });
    own.forEach((row, at) => {
      if (at % columns === 0) top += titleHeight;
      panels.push({ row, column: at % columns, top });
      if (at % columns === columns - 1 || at === own.length - 1) top += height + axisHeight;
    });
  }
  return { panels, headings, total: Math.max(1, top - axisHeight) };
}

/** The share of the width between the columns: the names of the right one have to fit, on a page of the usual width. */
function gapFor(names: readonly string[]): number {
  const longest = Math.max(...names.map(({ length }) => length), 3) + 2;
  return Math.min(0.35, Math.max(0.1, (7 * longest + 16) / 760));
}

function stretchOf(column: number, gap: number): readonly [from: number, to: number] {
  return column === 0 ? [0, (1 - gap) / 2] : [(1 + gap) / 2, 1];
}

function panelTraces({ row }: ComparisonPanel, index: number, names: readonly string[]): Trace[] {
  const where = { xaxis: axisName('x', index), yaxis: axisName('y', index) };
  const lines = linesOf(row, names);
  const arm = (side: 'low' | 'high', { estimate, interval }: AuditValue): number =>
    interval === undefined ? NaN : Math.abs(interval[side] - estimate);
  const points = lines.map(({ name, value, color, symbol, inSample }): Trace => ({
    type: 'scatter',
    mode: 'markers',
    name: label(name),
    showlegend: false,
    x: [plainNumber(value.estimate)],
    y: [name === 'raw' ? 0 : 1 + names.indexOf(name)],
    error_x: {
      type: 'data',
      symmetric: false,
      color,
      thickness: 2,
      width: 0,
      array: plainNumbers([arm('high', value)]),
      arrayminus: plainNumbers([arm('low', value)]),
    },
    text: [
      `${label(row.name)}<br>${label(name)}: ${auditNumber(row, value)}${inSample ? ', in-sample' : ''}${name in row.inconclusive ? `<br>inconclusive: ${label(row.inconclusive[name])}` : ''}`,
    ],
    hovertemplate: '%{text}<extra></extra>',
    opacity: name in row.inconclusive ? 0.4 : 1,
    marker: {
      color,
      symbol: inSample || name === 'raw' ? `${symbol}-open` : symbol,
      size: 9,
      line: { color, width: 1.5 },
    },
    ...where,
  }));
  const marks = marksOf(row).map(({ text, value, dash }): Trace => ({
    type: 'scatter',
    mode: 'lines',
    name: label(text),
    showlegend: false,
    x: [plainNumber(value), plainNumber(value)],
    y: [-0.5, names.length + 0.5],
    text: [label(text), label(text)],
    hovertemplate: '%{text}: %{x:.3g}<extra></extra>',
    line: { color: neutral, width: 2, dash },
    ...where,
  }));
  return [...marks, ...points];
}

/** Raw data and the methods that have a value. */
function linesOf(row: ComparisonRow, names: readonly string[]): readonly Line[] {
  const ofRaw = { name: 'raw', color: neutral, symbol: 'circle', inSample: false } as const;
  const raw = row.raw === undefined ? [] : [{ ...ofRaw, value: row.raw }];
  return [
    ...raw,
    ...names.flatMap((name, at): Line[] => {
      const value = row.values[name];
      if (value === undefined) return [];
      return [{ name, value, ...methodStyle(at), inSample: value.protocol === 'in-sample' }];
    }),
  ].filter(({ value }) => Number.isFinite(value.estimate));
}

const dashes = { chance: 'dot', floor: 'dash', confound: 'dashdot' } as const;

function marksOf(
  row: ComparisonRow,
): readonly { readonly text: string; readonly value: number; readonly dash: string }[] {
  return (['chance', 'floor', 'confound'] as const).flatMap((of) => {
    const mark = row[of];
    return mark === undefined || !Number.isFinite(mark.value)
      ? []
      : [{ text: mark.label, value: mark.value, dash: dashes[of] }];
  });
}

/** What the marks and the open circles mean, of those that are there. */
function legend(rows: readonly ComparisonRow[]): Trace[] {
  const marks = new Map(rows.flatMap(marksOf).map(({ text, dash }) => [text, dash]));
  const entry = (name: string, look: JsonObject): Trace => ({
    type: 'scatter',
    name,
    x: [null],
    y: [null],
    ...look,
  });
  const inSample = rows.some(({ values }) =>
    Object.values(values).some(({ protocol }) => protocol === 'in-sample'),
  );
  return [
    ...[...marks].map(([text, dash]) =>
      entry(label(text), { mode: 'lines', line: { color: neutral, width: 2, dash } }),
    ),
    ...(inSample
      ? [
          entry('in-sample, flattering', {
            mode: 'markers',
            marker: { color: neutral, symbol: 'circle-open', size: 9 },
          }),
        ]
      : []),
    ...(rows.some(({ inconclusive }) => Object.keys(inconclusive).length > 0)
      ? [
          entry('?, pale: inconclusive', {
            mode: 'markers',
            opacity: 0.4,
            marker: { color: neutral, symbol: 'circle', size: 9 },
          }),
        ]
      : []),
  ];
}

function panelAxes(
  { row, column, top }: ComparisonPanel,
  index: number,
  {
    names,
    height,
    total,
  }: { readonly names: readonly string[]; readonly height: number; readonly total: number },
): [string, JsonObject][] {
  const domain = [1 - (top + height) / total, 1 - top / total].map((at) => Math.min(1, Math.max(0, at)));
  const better = { lower: '← better', higher: 'better →', unchanged: 'should stay' }[row.direction];
  return [
    [
      axisKey('x', index),
      axis(`${label(quantityText(row))} (${better})`, {
        anchor: axisName('y', index),
        domain: [...stretchOf(column, gapFor(names))],
        range: rangeOf(row),
        tickformat: row.share ? '.0%' : undefined,
        zeroline: false,
      }),
    ],
    [
      axisKey('y', index),
      axis('', {
        anchor: axisName('x', index),
        domain,
        range: [names.length + 0.5, -0.5],
        tickvals: ['raw', ...names].map((_, place) => place),
        ticktext: ['raw', ...names].map((name) => label(markedName(row, name))),
        showgrid: false,
        zeroline: false,
      }),
    ],
  ];
}

/** A method with its mark: better or worse than raw data, the best, or inconclusive. */
function markedName({ best, standing, inconclusive }: ComparisonRow, name: string): string {
  if (name in inconclusive) return `${name} ?`;
  if (best.includes(name)) return `${name} *`;
  const found = standing[name];
  return found === 'better' ? `${name} +` : found === 'worse' ? `${name} −` : name;
}

/**
 * From zero to the largest value, or to the most that there can be, so that small differences look small. Where more is
 * better and guessing has a value, from a little below that: what is under it says nothing.
 */
function rangeOf({ bounds, chance, direction, ...row }: ComparisonRow): [number, number] {
  const values = [row.raw, ...Object.values(row.values)].flatMap((value) =>
    value === undefined ? [] : [value.estimate, value.interval?.low ?? NaN, value.interval?.high ?? NaN],
  );
  const marks = [chance, row.floor, row.confound].map((mark) => mark?.value ?? NaN);
  const present = [...values, ...marks].filter(Number.isFinite);
  const high = bounds.high ?? Math.max(...present, 0);
  const guess = direction === 'higher' ? (chance?.value ?? 0) : 0;
  const low = Math.min(...present, guess - 0.2 * (high - guess) * Number(guess > 0));
  const room = 0.025 * (high - low || 1);
  return [low - room, high + room];
}

function heading(text: string, x: number, y: number, size: number): JsonObject {
  return {
    text,
    showarrow: false,
    x,
    y,
    xref: 'paper',
    yref: 'paper',
    xanchor: 'left',
    yanchor: 'bottom',
    yshift: size > 12 ? 8 : 4,
    align: 'left',
    font: { size },
  };
}
