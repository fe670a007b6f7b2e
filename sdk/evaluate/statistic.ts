import { fUpperTail } from '../math/statistics/f-distribution';

/** A test statistic with its p value. */
export interface Statistic {
  readonly statistic: number;
  readonly p: number;
}

/** Used where a test cannot be computed. */
export const NOT_COMPUTABLE: Statistic = { statistic: NaN, p: NaN };

/** Degrees of freedom of an F ratio. */
export interface FDegrees {
  readonly numerator: number;
  readonly denominator: number;
}

/** The F ratio of two sums of squares, with its upper-tail p value. */
export function fStatistic(explained: number, residual: number, df: FDegrees): Statistic {
  if (df.numerator < 1 || df.denominator < 1) return NOT_COMPUTABLE;
  const statistic = explained / df.numerator / (residual / df.denominator);
  return { statistic, p: fUpperTail(statistic, df.numerator, df.denominator) };
}
