import type { JsonObject } from '../data/json';
import type { Protocol } from '../evaluate/audit';
import type { Audit } from '../evaluate/images-audit/image-audit';
import { auditNumber, payloadText, subjectsText } from '../evaluate/rows/audit-numbers';
import type { AuditQuestion, AuditRow, AuditValue } from '../evaluate/rows/audit-row';
import { auditQuestions, quantityText, usedBaselines, usedProtocols } from '../evaluate/rows/audit-row';
import { auditRows } from '../evaluate/rows/audit-rows';
import type { Figure, Trace } from './figure';
import { label, plainNumber, plainNumbers } from './figure';
import { axis, axisKey, axisName, baseLayout } from './layout';
import type { CategoryStyle } from './palette';
import { baselineStyle, neutral, protocolStyle } from './palette';

/** Rows that share an axis. */
interface AuditPanel {
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

/** What a row has a value for: a state of the data, or a simple method; how it is drawn, and where within the row. */
interface Shown extends CategoryStyle {
  readonly title: string;
  /** Vertical offset, in rows. */
  readonly offset: number;
  readonly value: (row: AuditRow) => AuditValue | undefined;
}

/** Where states alone are, whether or not the others are there: raw on top. */
const offsets: Readonly<Record<Protocol, number>> = {
  raw: -0.24,
  'in-sample': 0,
  'held-out': 0,
  'in-folds': 0.24,
};

/** Raw on top, then harmonized, then simple methods, spread over the height of the row. */
function shownStates(rows: readonly AuditRow[]): readonly Shown[] {
  const states = usedProtocols(rows).map((protocol): Shown => ({
    ...protocolStyle[protocol],
    offset: offsets[protocol],
    value: ({ values }) => values[protocol],
  }));
  const simple = usedBaselines(rows).map((name, index): Shown => ({
    ...baselineStyle(index),
    title: label(name),
    offset: 0,
    value: ({ baselines }) => baselines?.[name],
  }));
  if (simple.length === 0) return states;
  const all = [...states, ...simple];
  const step = Math.min(0.24, 0.72 / (all.length - 1));
  return all.map((one, at) => ({ ...one, offset: (at - (all.length - 1) / 2) * step }));
}

/**
 * Sums up an audit in one picture: every figure with its interval for raw data, harmonized in-sample and harmonized
 * in-folds, grouped under the three questions; dotted marks show what guessing achieves, dashed ones how well the
 * covariates alone identify the site.
 */
export function plotAudit(audit: Audit): Figure {
  const drawn = auditRows(audit).filter((row) => row.drawn);
  const { panels, total } = arrange(drawn);
  const used = usedProtocols(drawn);
  const states = shownStates(drawn);
  const advice = !used.includes('in-sample')
    ? ''
    : ` In-sample figures flatter the method${used.includes('in-folds') ? ': read those in folds.' : '.'}`;
  return {
    data: [
      ...panels.flatMap((panel, index) => states.flatMap((state) => valueTrace(panel, index, state))),
      ...marks.flatMap((mark) => panels.flatMap((panel, index) => markTrace(panel, index, mark))),
      ...states.map(legendEntry),
      ...marks.flatMap((mark) => markLegend(mark, drawn)),
    ],
    layout: baseLayout(
      {
        title: `How good is ${label(audit.method)}?`,
        subtitle:
          `${subjectsText(audit)}, ${audit.sites.length} sites, ${payloadText(audit)}; ` +
          `bars are 95 % intervals over participants where there are any.${advice}`,
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

function arrange(rows: readonly AuditRow[]): { panels: AuditPanel[]; total: number } {
  const keyOf = (row: AuditRow): string => JSON.stringify([row.question, quantityText(row)]);
  const keys = [...new Set(rows.map(keyOf))];
  let top = 0;
  let last: AuditQuestion | null = null;
  const panels = keys.map((key): AuditPanel => {
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

function valueTrace(panel: AuditPanel, index: number, state: Shown): Trace[] {
  const points = panel.rows.flatMap((row, place) => {
    const value = state.value(row);
    return value === undefined || !Number.isFinite(value.estimate) ? [] : [{ row, place, value }];
  });
  if (points.length === 0) return [];
  const { color, symbol, title } = state;
  const arm = (side: 'low' | 'high', { estimate, interval }: AuditValue): number =>
    interval === undefined ? NaN : Math.abs(interval[side] - estimate);
  return [
    {
      type: 'scatter',
      mode: 'markers',
      name: title,
      showlegend: false,
      x: plainNumbers(points.map(({ value }) => value.estimate)),
      y: points.map(({ place }) => place + state.offset),
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
  readonly of: 'chance' | 'floor' | 'confound';
  /** What the legend says of marks under the question. */
  readonly name: (question: AuditQuestion) => string;
  readonly dash: 'dot' | 'dash' | 'dashdot';
}

const floorNames: Readonly<Record<AuditQuestion, string>> = {
  site: 'from covariates alone',
  biology: 'from covariates alone',
  person: 'scanned again',
  truth: 'scanned again at the target',
  distribution: 'real images, half against half',
};

const marks: readonly Mark[] = [
  { of: 'chance', name: () => 'guessing', dash: 'dot' },
  { of: 'floor', name: (question) => floorNames[question], dash: 'dash' },
  {
    of: 'confound',
    name: (question) => (question === 'site' ? 'from the mask alone' : 'from brightness alone'),
    dash: 'dashdot',
  },
];

/** A mark over the height of each row, since it can differ between rows. */
function markTrace(panel: AuditPanel, index: number, { of, dash }: Mark): Trace[] {
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

function legendEntry({ color, symbol, title }: Shown): Trace {
  return {
    type: 'scatter',
    mode: 'markers',
    name: title,
    x: [null],
    y: [null],
    marker: { color, symbol, size: 9, line: { color, width: 1.5 } },
  };
}

function markLegend({ of, name, dash }: Mark, rows: readonly AuditRow[]): Trace[] {
  const names = new Set(rows.filter((row) => row[of] !== undefined).map(({ question }) => name(question)));
  return [...names].map((own) => ({
    type: 'scatter',
    mode: 'lines',
    name: own,
    x: [null],
    y: [null],
    line: { color: neutral, width: 2, dash },
  }));
}

function panelAxes(panel: AuditPanel, index: number, total: number): [string, JsonObject][] {
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
function panelRange({ rows }: AuditPanel): [number, number] {
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
function valuesIn({ chance, floor, confound, values, baselines = {} }: AuditRow): number[] {
  return [
    ...[chance, floor, confound].map((reference) => reference?.value ?? NaN),
    ...[...Object.values(values), ...Object.values(baselines)].flatMap(({ estimate, interval }) => [
      estimate,
      interval?.low ?? NaN,
      interval?.high ?? NaN,
    ]),
  ];
}

function questionHeading(panel: AuditPanel, total: number): JsonObject {
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
