import type { AuditQuestion, AuditRow } from '../evaluate/rows/audit-row';
import type { AuditPanel } from './audit-panels';
import type { Trace } from './figure';
import { label, plainNumber } from './figure';
import { axisName } from './layout';
import { neutral } from './panels/palette';

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
  { of: 'confound', name: () => 'from the mask alone', dash: 'dashdot' },
];

/** What the values of the panels are to be held against. */
export function markTraces(panels: readonly AuditPanel[]): Trace[] {
  return marks.flatMap((mark) => panels.flatMap((panel, index) => markTrace(panel, index, mark)));
}

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

/** The marks that there are, for the legend. */
export function markLegend(rows: readonly AuditRow[]): Trace[] {
  return marks.flatMap((mark) => legendOf(mark, rows));
}

function legendOf({ of, name, dash }: Mark, rows: readonly AuditRow[]): Trace[] {
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
