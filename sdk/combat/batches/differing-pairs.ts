import type { FeatureCohort } from '../../data/cohort';
import type { RunOptions } from '../../data/run-options';
import { breathe } from '../../data/run-options';
import { andersonDarling } from '../../math/statistics/anderson-darling';
import type { CodedVariable } from './batch-overlap';

/** A test finds a difference below this p. */
const significant = 0.05;

/**
 * Counts, for each batch variable, the features whose distribution differs between its levels: those for which the k-sample
 * Anderson–Darling test has p < 0.05, as OPNested ComBat counts them.
 */
export async function differingPairs(
  { features: { features, values } }: FeatureCohort,
  variables: readonly CodedVariable[],
  run: RunOptions,
): Promise<readonly number[]> {
  const width = features.length;
  const pause = Math.max(1, Math.floor(2e5 / (variables.length * (values.length / width))));
  const counts = new Array<number>(variables.length).fill(0);
  const rows = variables.map(({ levels, codes }) => rowsOfLevels(codes, levels.length));
  for (let w = 0; w < width; w++) {
    if (w % pause === 0) await breathe(run.signal);
    rows.forEach((own, v) => {
      const samples = own.map((level) => Float64Array.from(level, (row) => values[row * width + w]));
      if (andersonDarling(samples) < significant) counts[v]++;
    });
  }
  return counts;
}

function rowsOfLevels(codes: Int32Array, count: number): readonly (readonly number[])[] {
  const rows = Array.from({ length: count }, (): number[] => []);
  codes.forEach((code, row) => rows[code].push(row));
  return rows;
}
