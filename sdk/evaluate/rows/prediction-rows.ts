import type { CovariateClassification, CovariateRegression, Interval, TableAudit } from '../audit';
import type { AuditRow, AuditValue } from './audit-row';
import { byProtocol } from './audit-row';
import { groupBy } from '../../data/group-by';

const schemes = { 'within-site': 'within sites', 'leave-one-site-out': 'at sites left out' } as const;

/** How well each covariate is predicted, within sites and at sites left out. */
export function predictionRows({
  regressions,
  classifications,
}: Pick<TableAudit, 'regressions' | 'classifications'>): AuditRow[] {
  return [...groups(regressions).flatMap(regressionRows), ...groups(classifications).map(classificationRow)];
}

function regressionRows(own: readonly CovariateRegression[]): AuditRow[] {
  const { covariate, unit, scheme, baselineMae } = own[0];
  const about = {
    question: 'biology' as const,
    name: `${covariate} predicted ${schemes[scheme]}`,
    share: false,
  };
  const id = `biology/${encodeURIComponent(covariate)}/${scheme}`;
  return [
    {
      ...about,
      id: `${id}/error`,
      quantity: 'mean absolute error',
      ...(unit === undefined ? {} : { unit }),
      bounds: { low: 0 },
      direction: 'lower',
      rule: 'prediction',
      values: byProtocol(own, ({ mae, change }) => withInterval(mae, change)),
      chance: { label: 'by the mean', value: baselineMae },
      drawn: true,
    },
    {
      ...about,
      id: `${id}/r2`,
      quantity: 'R²',
      bounds: { high: 1 },
      direction: 'higher',
      values: byProtocol(own, (entry) => ({ estimate: entry.r2 })),
      drawn: false,
    },
  ];
}

function classificationRow(own: readonly CovariateClassification[]): AuditRow {
  const { covariate, positive, scheme } = own[0];
  return {
    id: `biology/${encodeURIComponent(covariate)}/${scheme}/auc`,
    question: 'biology',
    name: `${covariate} (${positive}) classified ${schemes[scheme]}`,
    quantity: 'AUC',
    bounds: { low: 0, high: 1 },
    direction: 'higher',
    rule: 'prediction',
    values: byProtocol(own, ({ auc, change }) => withInterval(auc, change)),
    chance: { label: 'by chance', value: 0.5 },
    share: false,
    drawn: true,
  };
}

function withInterval(interval: Interval, change: Interval | undefined): AuditValue {
  const { estimate } = interval;
  return change === undefined ? { estimate, interval } : { estimate, interval, change };
}

/** Entries of the same covariate and scheme together, in the order met. */
function groups<Entry extends CovariateRegression | CovariateClassification>(
  entries: readonly Entry[],
): Entry[][] {
  return [...groupBy(entries, ({ covariate, scheme }) => JSON.stringify([covariate, scheme])).values()];
}
