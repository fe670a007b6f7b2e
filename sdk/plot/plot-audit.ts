import type { Protocol } from '../evaluate/audit';
import type { Audit } from '../evaluate/images-audit/image-audit';
import { auditNumber, payloadText, subjectsText } from '../evaluate/rows/audit-numbers';
import type { AuditRow, AuditValue } from '../evaluate/rows/audit-row';
import { usedBaselines, usedProtocols } from '../evaluate/rows/audit-row';
import { auditRows } from '../evaluate/rows/audit-rows';
import { markLegend, markTraces } from './audit-marks';
import type { AuditPanel } from './audit-panels';
import { auditPanels, auditPanelAxes, questionHeading } from './audit-panels';
import type { Figure, Trace } from './figure';
import { label, plainNumbers } from './figure';
import { axisName, baseLayout } from './layout';
import type { CategoryStyle } from './panels/palette';
import { baselineStyle, protocolStyle } from './panels/palette';
import { requireCall } from '../data/calls/require-call';
import { counted } from '../data/counted';

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
 * Sums up an audit in one picture: every figure with its interval for each state of the data, grouped under the
 * questions. Dotted marks show what guessing achieves, dashed ones the floor (covariates alone, a repeated scan),
 * dash-dotted ones a confound.
 *
 * @example
 * ```ts
 * show(plotAudit(audit));
 * ```
 */
export function plotAudit(audit: Audit): Figure {
  requireCall('plotAudit', { audit });
  const drawn = auditRows(audit).filter((row) => row.drawn);
  const { panels, total } = auditPanels(drawn);
  const used = usedProtocols(drawn);
  const states = shownStates(drawn);
  const advice = !used.includes('in-sample')
    ? ''
    : ` In-sample figures flatter the method${used.includes('in-folds') ? ': read those in folds.' : '.'}`;
  return {
    data: [
      ...panels.flatMap((panel, index) => states.flatMap((state) => valueTrace(panel, index, state))),
      ...markTraces(panels),
      ...states.map(legendEntry),
      ...markLegend(drawn),
    ],
    layout: baseLayout(
      {
        title: `How good is ${label(audit.method)}?`,
        subtitle:
          `${subjectsText(audit)}, ${counted(audit.sites.length, 'site')}, ${payloadText(audit)}; ` +
          `bars are 95 % intervals over the participants tested, where there are any.${advice}`,
        height: total + 200,
        above: 24,
        bottom: 50,
      },
      {
        ...Object.fromEntries(panels.flatMap((panel, index) => auditPanelAxes(panel, index, total))),
        legend: { orientation: 'h', x: 0, xanchor: 'left', xref: 'paper', y: 1, yanchor: 'bottom' },
        annotations: panels.filter((panel) => panel.opens).map((panel) => questionHeading(panel, total)),
      },
    ),
  };
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
