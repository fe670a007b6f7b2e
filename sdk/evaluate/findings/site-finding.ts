import type { AuditFinding, Judged } from './audit-finding';
import { flattering, inSampleOnly, judgedRows, makeFinding, sentenceOf } from './audit-finding';
import type { AuditRow } from '../rows/audit-row';

/** Whether the site is gone; the rule is stated at `auditFindings`. */
export function siteFinding(rows: readonly AuditRow[]): AuditFinding {
  const probes = judgedRows(rows, 'identification');
  if (probes.length === 0) {
    return makeFinding('site', 'open', { sentences: ['No probe was trained on harmonized data.'] });
  }
  const tests = judgedRows(rows, 'difference');
  const differing = tests.filter(({ after }) => after.estimate > 0);
  const above = probes.filter((probe) => lowEnd(probe) > barOf(probe));
  const inFolds = probes.every(({ protocol }) => protocol === 'in-folds');
  const sentences = [
    ...probes.map(sentenceOf),
    ...excuse(probes, above),
    ...(inFolds ? [] : [above.length + differing.length > 0 ? flattering : inSampleOnly]),
    ...tests.map(sentenceOf),
    ...overcorrection(rows),
  ];
  const against = [...above, ...differing].map(({ row }) => row);
  if (above.length > 0) {
    return makeFinding('site', halved(probes) ? 'partly' : 'no', { sentences, against });
  }
  if (differing.length > 0) return makeFinding('site', 'partly', { sentences, against });
  return makeFinding('site', inFolds ? 'yes' : 'open', { sentences });
}

function lowEnd({ after }: Judged): number {
  return after.interval?.low ?? after.estimate;
}

/** What a probe may reach on perfectly harmonized data. */
function barOf({ row }: Judged): number {
  return Math.max(row.chance?.value ?? 0, row.floor?.value ?? 0);
}

/** Whether the best probe has lost at least half of what it knew beyond its bar on raw data. */
function halved(probes: readonly Judged[]): boolean {
  const excess = (state: 'raw' | 'after'): number =>
    Math.max(...probes.map((probe) => (probe[state]?.estimate ?? NaN) - barOf(probe)));
  return excess('after') <= excess('raw') / 2;
}

/** Above chance and yet no fault: the covariates that are kept identify the site as well. */
function excuse(probes: readonly Judged[], above: readonly Judged[]): string[] {
  const floor = probes.find(({ row }) => row.floor !== undefined)?.row.floor;
  if (floor === undefined || above.length > 0) return [];
  const overChance = probes.some((probe) => lowEnd(probe) > (probe.row.chance?.value ?? 0));
  return overChance
    ? [`That is above chance, but no better than ${floor.label}, and these covariates are to stay.`]
    : [];
}

/** In-sample figures below chance look like success and are not. */
function overcorrection(rows: readonly AuditRow[]): string[] {
  const below = rows.some(
    ({ rule, chance, values }) =>
      rule === 'identification' && (values['in-sample']?.interval?.high ?? Infinity) < (chance?.value ?? 0),
  );
  return below
    ? [
        'An in-sample probe falls below chance: the harmonizer was fitted on the tested participants too and removed ' +
          'even the chance differences between them. That is no sign of a better result.',
      ]
    : [];
}
