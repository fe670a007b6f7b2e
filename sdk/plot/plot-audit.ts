import type { JsonObject } from '../data/json';
import type { Protocol, TableAudit } from '../evaluate/audit';
import { auditNumber, subjectsText } from '../evaluate/rows/audit-numbers';
import type { AuditQuestion, AuditRow, AuditValue } from '../evaluate/rows/audit-row';
import { auditQuestions, quantityText, usedProtocols } from '../evaluate/rows/audit-row';
import { auditRows } from '../evaluate/rows/audit-rows';
import type { Figure, Trace } from './figure';
import { label, plainNumber, plainNumbers } from './figure';
import { axis, axisKey, axisName, baseLayout, count } from './layout';
import { neutral, protocolStyle } from './palette';

/** Rows that share an axis. */
interface Panel {
  readonly question: AuditQuestion;
  /** The quantity that the rows share, with its unit. */
  readonly quantity: string;
  readonly rows: readonly AuditRow[];
  /** Whether it is the first panel of its question and so carries the heading. */
  readonly opens: boolean;
  /** Pixels from the top of the plot area to the top of the panel. */
  readonly top: number;
  readonly height: number;
}

const rowHeight = 34;
const headingHeight = 34;
const axisHeight = 52;

/** Vertical offsets of the states within a row, in rows: raw on top. */
const offsets: Readonly<Record<Protocol, number>> = { raw: -0.24, 'in-sample': 0, 'in-folds': 0.24 };

/**
 * Sums up an audit in one picture: every figure with its interval for raw data, harmonized in-sample and harmonized
 * in-folds, grouped under the three questions; dotted marks show what guessing achieves, dashed ones how well the
 * covariates alone identify the site.
 */
export function plotAudit(audit: TableAudit): Figure {
  const drawn = auditRows(audit).filter((row) => row.drawn);
  const { panels, total } = arrange(drawn);
  const used = usedProtocols(drawn);
  const flattering = 'In-sample figures flatter the method';
  return {
    data: [
      ...panels.flatMap((panel, index) => used.flatMap((protocol) => valueTrace(panel, index, protocol))),
      ...marks.flatMap((mark) => panels.flatMap((panel, index) => markTrace(panel, index, mark))),
      ...used.map(legendEntry),
      ...marks
        .filter(({ of }) => panels.some((panel) => panel.rows.some((row) => row[of] !== undefined)))
        .map(markLegend),
    ],
    layout: baseLayout(
      {
        title: `How good is ${label(audit.method)}?`,
        subtitle:
          `${subjectsText(audit)}, ${audit.sites.length} sites, ${count(audit.features.length)} features; ` +
          `bars are 95 % intervals over participants where there are any. ${flattering}${used.includes('in-folds') ? ': read those in folds.' : '.'}`,
        height: total + 200,
        above: 24,
        bottom: 50,
      },
      {
        ...Object.fromEntries(panels.flatMap((panel, index) => panelAxes(panel, index, total))),
        legend: { orientation: 'h', x: 0, xanchor: 'left', xref: 'paper', y: 1, yanchor: 'bottom' },
        annotations: panels.filter((panel) => panel.opens).map((panel) => questionHeading(panel, total)),
      },
    ),
  };
}

function arrange(rows: readonly AuditRow[]): { panels: Panel[]; total: number } {
  const keyOf = (row: AuditRow): string => JSON.stringify([row.question, quantityText(row)]);
  const keys = [...new Set(rows.map(keyOf))];
  let top = 0;
  let last: AuditQuestion | null = null;
  const panels = keys.map((key): Panel => {
    const own = rows.filter((row) => keyOf(row) === key);
    const { question } = own[0];
    const quantity = quantityText(own[0]);
    const opens = question !== last;
    last = question;
    if (opens) top += headingHeight;
    const height = own.length * rowHeight;
    const panel = { question, quantity, rows: own, opens, top, height };
    top += height + axisHeight;
    return panel;
  });
  return { panels, total: Math.max(1, top - axisHeight) };
}

function valueTrace(panel: Panel, index: number, protocol: Protocol): Trace[] {
  const points = panel.rows.flatMap((row, place) => {
    const value = row.values[protocol];
    return value === undefined || !Number.isFinite(value.estimate) ? [] : [{ row, place, value }];
  });
  if (points.length === 0) return [];
  const { color, symbol, title } = protocolStyle[protocol];
  const arm = (side: 'low' | 'high', { estimate, interval }: AuditValue): number =>
    interval === undefined ? NaN : Math.abs(interval[side] - estimate);
  return [
    {
      type: 'scatter',
      mode: 'markers',
      name: title,
      showlegend: false,
      x: plainNumbers(points.map(({ value }) => value.estimate)),
      y: points.map(({ place }) => place + offsets[protocol]),
      error_x: {
        type: 'data',
        symmetric: false,
        array: plainNumbers(points.map(({ value }) => arm('high', value))),
        arrayminus: plainNumbers(points.map(({ value }) => arm('low', value))),
        color,
        thickness: 2,
        width: 0,
      },
      text: points.map(({ row, value }) => `${label(row.name)}<br>${title}: ${auditNumber(row, value)}`),
      hovertemplate: '%{text}<extra></extra>',
      marker: { color, symbol, size: 9, line: { color, width: 1.5 } },
      xaxis: axisName('x', index),
      yaxis: axisName('y', index),
    },
  ];
}

/** A figure to hold the others against. */
interface Mark {
  readonly of: 'chance' | 'floor';
  readonly name: string;
  readonly dash: 'dot' | 'dash';
}

const marks: readonly Mark[] = [
  { of: 'chance', name: 'guessing', dash: 'dot' },
  { of: 'floor', name: 'from covariates alone', dash: 'dash' },
];

/** A mark over the height of each row, since it can differ between rows. */
function markTrace(panel: Panel, index: number, { of, dash }: Mark): Trace[] {
  const found = panel.rows.flatMap((row, place) => {
    const mark = row[of];
    return mark === undefined ? [] : [{ ...mark, place }];
  });
  if (found.length === 0) return [];
  return [
    {
      type: 'scatter',
      mode: 'lines',
      name: label(found[0].label),
      showlegend: false,
      x: found.flatMap(({ value }) => [plainNumber(value), plainNumber(value), null]),
      y: found.flatMap(({ place }) => [place - 0.46, place + 0.46, null]),
      text: found.flatMap((mark) => [label(mark.label), label(mark.label), '']),
      hovertemplate: '%{text}: %{x:.3g}<extra></extra>',
      line: { color: neutral, width: 2, dash },
      xaxis: axisName('x', index),
      yaxis: axisName('y', index),
    },
  ];
}

function legendEntry(protocol: Protocol): Trace {
  const { color, symbol, title } = protocolStyle[protocol];
  return {
    type: 'scatter',
    mode: 'markers',
    name: title,
    x: [null],
    y: [null],
    marker: { color, symbol, size: 9, line: { color, width: 1.5 } },
  };
}

function markLegend({ name, dash }: Mark): Trace {
  return {
    type: 'scatter',
    mode: 'lines',
    name,
    x: [null],
    y: [null],
    line: { color: neutral, width: 2, dash },
  };
}

function panelAxes(panel: Panel, index: number, total: number): [string, JsonObject][] {
  const domain = [1 - (panel.top + panel.height) / total, 1 - panel.top / total].map((at) =>
    Math.min(1, Math.max(0, at)),
  );
  const range = panelRange(panel);
  return [
    [
      axisKey('x', index),
      axis(label(panel.quantity), {
        anchor: axisName('y', index),
        range,
        tickformat: panel.rows.every((row) => row.share) ? '.0%' : undefined,
        zeroline: false,
      }),
    ],
    [
      axisKey('y', index),
      axis('', {
        anchor: axisName('x', index),
        domain,
        range: [panel.rows.length - 0.5, -0.5],
        tickvals: panel.rows.map((_, place) => place),
        ticktext: panel.rows.map((row) => label(row.name)),
        showgrid: false,
        zeroline: false,
      }),
    ],
  ];
}

/**
 * From zero to the largest value, or to the most that there can be. Where more is better and guessing has a value, from
 * a little below that: what lies under it says nothing.
 */
function panelRange({ rows }: Panel): [number, number] {
  const present = rows.flatMap(valuesIn).filter(Number.isFinite);
  const most = Math.max(...rows.map(({ bounds }) => bounds.high ?? NaN));
  const high = Number.isFinite(most) ? most : Math.max(...present, 0);
  const guesses = rows.map(
    ({ chance, direction }) => (direction === 'higher' ? chance?.value : undefined) ?? 0,
  );
  const guess = Math.min(...guesses);
  const low = Math.min(...present, guess - 0.2 * (high - guess) * Number(guess > 0));
  const margin = 0.025 * (high - low || 1);
  return [low - margin, high + margin];
}

/** Every number that a row draws. */
function valuesIn({ chance, floor, values }: AuditRow): number[] {
  return [
    ...[chance, floor].map((reference) => reference?.value ?? NaN),
    ...Object.values(values).flatMap(({ estimate, interval }) => [
      estimate,
      interval?.low ?? NaN,
      interval?.high ?? NaN,
    ]),
  ];
}

function questionHeading(panel: Panel, total: number): JsonObject {
  return {
    text: `<b>${auditQuestions[panel.question]}</b>`,
    showarrow: false,
    x: 0,
    y: 1 - panel.top / total,
    xref: 'paper',
    yref: 'paper',
    xanchor: 'left',
    yanchor: 'bottom',
    yshift: 6,
    font: { size: 14 },
  };
}
