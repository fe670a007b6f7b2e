import type { JsonObject } from '../data/json';
import type { Protocol, TableAudit } from '../evaluate/audit';
import type { AuditQuestion, AuditRow, AuditValue } from '../evaluate/audit-rows';
import { auditQuestions, auditRows } from '../evaluate/audit-rows';
import { auditNumber } from '../evaluate/audit-numbers';
import type { Figure, Trace } from './figure';
import { label, plainNumber, plainNumbers } from './figure';
import { axis, axisKey, axisName, baseLayout, count } from './layout';
import { protocols } from '../evaluate/audit-rows';
import { neutral, protocolStyle } from './palette';

/** Rows that share an axis. */
interface Panel {
  readonly question: AuditQuestion;
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
 * covariates alone name the site. The bars of site probes are intervals over subjects.
 */
export function plotAudit(audit: TableAudit): Figure {
  const { panels, total } = arrange(auditRows(audit).filter((row) => row.drawn));
  const used = protocols.filter((protocol) =>
    panels.some((panel) => panel.rows.some((row) => protocol in row.values)),
  );
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
        title: `What did ${label(audit.method)} do?`,
        subtitle:
          `${count(audit.subjects)} subjects, ${audit.sites.length} sites, ${count(audit.features.length)} features; ` +
          'bars are 95 % intervals where the audit has them, over subjects for site probes. In-sample figures flatter the method: read the in-folds ones.',
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
  const keys = [...new Set(rows.map((row) => JSON.stringify([row.question, row.quantity])))];
  let top = 0;
  let last: AuditQuestion | null = null;
  const panels = keys.map((key): Panel => {
    const own = rows.filter((row) => JSON.stringify([row.question, row.quantity]) === key);
    const { question, quantity } = own[0];
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
      text: points.map(({ row, value }) => `${label(row.measure)}<br>${title}: ${auditNumber(row, value)}`),
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
        ticktext: panel.rows.map((row) => label(row.measure)),
        showgrid: false,
        zeroline: false,
      }),
    ],
  ];
}

/** From zero (or what lies below) to the largest value, or to one where that is the most there can be. */
function panelRange({ rows, quantity }: Panel): [number, number] {
  const all = rows.flatMap((row) => [
    row.chance?.value ?? NaN,
    row.floor?.value ?? NaN,
    ...Object.values(row.values).flatMap(({ estimate, interval }) => [
      estimate,
      interval?.low ?? NaN,
      interval?.high ?? NaN,
    ]),
  ]);
  const present = all.filter(Number.isFinite);
  const bounded = rows.every((row) => row.share) || /accuracy|correlation|ROC/.test(quantity);
  const high = bounded ? 1 : Math.max(...present, 0);
  const low = Math.min(...present, /ROC/.test(quantity) ? 0.4 : 0);
  const margin = 0.025 * (high - low || 1);
  return [low - margin, high + margin];
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
