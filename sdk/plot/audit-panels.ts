import type { JsonObject } from '../data/json';
import type { AuditQuestion, AuditRow } from '../evaluate/rows/audit-row';
import { auditQuestions, quantityText } from '../evaluate/rows/audit-row';
import { label } from './figure';
import { axis, axisKey, axisName } from './layout';

/** Rows that share an axis. */
export interface AuditPanel {
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

/** The panels of a figure of an audit, and how many pixels they are high together. */
export function auditPanels(rows: readonly AuditRow[]): { panels: AuditPanel[]; total: number } {
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

/** The axes of a panel; `total` is the height of all panels. */
export function auditPanelAxes(panel: AuditPanel, index: number, total: number): [string, JsonObject][] {
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
 * a little below that: what is under it says nothing.
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

/** The question, above its first panel. */
export function questionHeading(panel: AuditPanel, total: number): JsonObject {
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
