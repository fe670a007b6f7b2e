import type { Issue } from '../../data/issue';
import type { BuiltCovariate, TextColumn } from './build-covariate';
import { buildCovariate } from './build-covariate';
import { doubtfulCovariateIssues } from './doubtful-covariates';
import { doubtfulValueIssues } from './doubtful-values';
import { nearLevels, prepareCovariate } from './labels/prepare-labels';
import type { CovariateSpec } from '../tables/table-options';

/**
 * Reads a covariate as every table has it, of features, of files or of a dataset: ages in years, levels merged that are said
 * to be the same, and what was noticed of its kind and its levels.
 *
 * @throws ConcordError those of {@link prepareCovariate} and {@link buildCovariate}.
 */
export function readCovariate(
  column: TextColumn,
  spec: CovariateSpec,
  setting: Parameters<typeof prepareCovariate>[2],
): BuiltCovariate {
  const prepared = prepareCovariate(column, spec, setting);
  const made = buildCovariate(prepared.column, prepared.spec, setting.reader.in(column.name));
  const issues = [...prepared.issues, ...made.issues, ...nearLevels(prepared.column, made.covariate)];
  return { ...made, issues };
}

/**
 * What was noticed of covariates, and what may be wrong with their kinds and values where there are no features beside them.
 *
 * @param specs - of each covariate, as it was asked for
 */
export function covariateDoubts(
  built: readonly BuiltCovariate[],
  specs: readonly CovariateSpec[],
  file: string,
): readonly Issue[] {
  const roles = { covariates: specs.map((spec) => ({ spec })) };
  return [
    ...built.flatMap(({ issues }) => issues),
    ...doubtfulCovariateIssues(built, roles, file),
    ...doubtfulValueIssues(
      built.map(({ covariate }) => covariate),
      { names: [], values: new Float64Array(0) },
      file,
    ),
  ];
}
