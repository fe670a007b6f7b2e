import type { SiteProbe } from '../audit';
import type { AuditRow, AuditValue } from './audit-row';

/** With one answer for everybody in this share of folds or more, a probe counts as one that learned nothing. */
const mostFolds = 0.5;

/** What a probe scored, with why that says nothing where it named one site for everybody. */
export function probeValue({ overSubjects, oneAnswer }: SiteProbe<string>): AuditValue {
  const value = { estimate: overSubjects.estimate, interval: overSubjects };
  if (!(oneAnswer >= mostFolds)) return value;
  const where = oneAnswer === 1 ? '' : ` in ${Math.round(100 * oneAnswer)} % of the folds`;
  return { ...value, inconclusive: `the probe named one site for everybody${where}, so it learned nothing` };
}

type Measured = Pick<AuditRow, 'rule' | 'direction' | 'bounds' | 'chance' | 'floor'>;

/**
 * Why a harmonized figure and the raw one cannot be compared; `undefined` where they can. A probe that gives everybody
 * the same answer has learned nothing; one that finds no site in raw data cannot show that it is gone; a prediction no
 * better than guessing, before and after, says nothing of what was kept; and an interval without width comes from a
 * single person or a single answer. Where harmonized data do identify the site, that counts whatever raw data show.
 */
export function whyInconclusive(
  row: Measured,
  raw: AuditValue | undefined,
  after: AuditValue,
): string | undefined {
  if (after.inconclusive !== undefined) return after.inconclusive;
  if (raw?.inconclusive !== undefined) return `on raw data ${raw.inconclusive}`;
  const values = raw === undefined ? [after] : [raw, after];
  if (raw !== undefined && bar(row) !== undefined && values.every((value) => !isAboveBar(row, value))) {
    return row.rule === 'identification'
      ? `the probe does not identify the site in raw data better than ${barName(row)} either`
      : 'it is predicted no better than by guessing, on raw data and harmonized';
  }
  const flat = values.find((value) => hasNoWidth(row, value));
  if (flat === undefined) return undefined;
  return `the interval${flat === raw ? ' of raw data' : ''} has no width`;
}

/** What guessing achieves, or of a site probe the covariates alone where that is more. */
function bar({ rule, chance, floor }: Measured): number | undefined {
  if (rule === 'identification') return Math.max(chance?.value ?? -Infinity, floor?.value ?? -Infinity);
  return rule === 'prediction' ? chance?.value : undefined;
}

function barName({ chance, floor }: Measured): string {
  const byFloor = floor !== undefined && floor.value > (chance?.value ?? -Infinity);
  return byFloor ? `the covariates do (${floor.label})` : 'guessing does';
}

/** Whether a probe or a prediction does better than guessing, beyond its interval. */
function isAboveBar(row: Measured, { estimate, interval }: AuditValue): boolean {
  const limit = bar(row) ?? NaN;
  // The errors of a prediction are to be small; whatever identifies scores high.
  const errors = row.rule === 'prediction' && row.direction === 'lower';
  return errors ? (interval?.high ?? estimate) < limit : (interval?.low ?? estimate) > limit;
}

/** Whether an interval is a point; where every answer is right, it has to be one. */
function hasNoWidth({ rule, bounds }: Measured, { estimate, interval }: AuditValue): boolean {
  if (interval === undefined || !(interval.low === interval.high)) return false;
  const allRight = (rule === 'identification' || rule === 'prediction') && estimate === bounds.high;
  return !allRight;
}
