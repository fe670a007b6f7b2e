import type { AuditFinding } from './audit-finding';
import { judgedRows, makeFinding, sentenceOf } from './audit-finding';
import type { AuditRow } from '../rows/audit-row';

/** From this correlation on persons count as kept, and from this one as partly kept. */
const kept = 0.9;
const partlyKept = 0.7;
/** Reliability may lose this share of itself. */
const tolerated = 0.1;
/** Smaller losses are not held against a harmonizer. */
const small = 0.02;

/** Whether the person is still there; the rule is stated at `audits.findings`. */
export function personFinding(rows: readonly AuditRow[]): AuditFinding {
  const [overall, ...sites] = judgedRows(rows, 'agreement');
  const edges = judgedRows(rows, 'edges');
  const lostEdges = edges.filter(({ after }) => after.estimate < partlyKept);
  if (overall === undefined && lostEdges.length > 0) {
    const against = lostEdges.map(({ row }) => row);
    return makeFinding('person', 'no', { sentences: edges.map(sentenceOf), against });
  }
  if (overall === undefined) {
    return makeFinding('person', 'open', { sentences: ['No site has enough participants to say.'] });
  }
  const reliability = judgedRows(rows, 'reliability');
  const fallen = reliability.filter(({ row, raw, after }) => {
    if (raw === undefined) return false;
    const fall = row.direction === 'lower' ? after.estimate - raw.estimate : raw.estimate - after.estimate;
    return fall > small && fall > tolerated * Math.abs(raw.estimate);
  });
  const blurred = edges.filter(({ after }) => after.estimate < kept);
  const lost = sites.filter(({ after }) => after.estimate < partlyKept);
  const mean = overall.after.estimate;
  const lowest = sites.reduce(
    (low, site) => (site.after.estimate < low.after.estimate ? site : low),
    overall,
  );
  const unknown = rows.filter(
    (row) => row.rule === 'agreement' && judgedRows([row], 'agreement').length === 0,
  );
  const sentences = [
    sentenceOf(overall),
    ...(lowest === overall ? [] : [sentenceOf(lowest)]),
    ...edges.map(sentenceOf),
    ...reliability.map(sentenceOf),
    ...(unknown.length === 0
      ? []
      : [`Too few participants for a figure: ${unknown.map(({ name }) => name).join('; ')}.`]),
  ];
  const against = [...(mean < kept ? [overall] : []), ...lost, ...blurred, ...fallen].map(({ row }) => row);
  const gone = mean < partlyKept || lostEdges.length > 0;
  const grade = gone ? 'no' : against.length > 0 ? 'partly' : 'yes';
  return makeFinding('person', grade, { sentences, against });
}
