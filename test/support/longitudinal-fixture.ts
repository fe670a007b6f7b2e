import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FeatureCohort } from '../../sdk/data/cohort';
import { makeFeatureCohort } from '../../sdk/data/cohort';
import { makeFeatureMatrix } from '../../sdk/data/feature-matrix';
import { categorical, continuous } from '../../sdk/data/people/covariate';
import { makeParticipants } from '../../sdk/data/people/participants';

/** What lme4, pbkrtest and `fligner.test` of R find in one feature; see `fixtures/combat/longitudinal.R`. */
export interface KnownFeature {
  readonly criterion: number;
  readonly personVariance: number;
  readonly residualVariance: number;
  readonly mlCriterion: number;
  readonly mlResidualVariance: number;
  readonly effects: Readonly<Record<string, number>>;
  readonly slopeCriterion: number;
  readonly kenwardRoger: { readonly statistic: number; readonly denominator: number; readonly p: number };
  readonly flignerKilleen: { readonly statistic: number; readonly p: number };
}

interface Row {
  readonly person: string;
  readonly site: string;
  readonly [name: string]: string | number | null | undefined;
}

/** A table of persons with several scans, and what R found in each of its features. */
export interface VisitFixture<Found> {
  readonly cohort: FeatureCohort;
  readonly found: Readonly<Record<string, Found>>;
}

/** 26 persons of one to five visits at three sites; four features, the last with missing cells. */
export type LongitudinalFixture = VisitFixture<KnownFeature>;

/** Reads the fixture. */
export function longitudinalFixture(): LongitudinalFixture {
  return readVisits('longitudinal', ['age', 'male', 'time']);
}

/** What mgcv finds in one feature by curves over age beside a level of each person; see `fixtures/combat/longitudinal-smooths.R`. */
export interface KnownCurve {
  readonly criterion: number;
  readonly lambda: number | readonly number[];
  readonly freedom: number | readonly number[];
  readonly residualVariance: number;
  readonly personVariance: number;
  readonly effects: Readonly<Record<string, number>>;
  /** What is expected of each scan, its person's level included, by its number from 1 on. */
  readonly fitted: Readonly<Record<string, number>>;
}

/** One curve, a curve for each sex, and two curves; and the criterion of one curve where persons have slopes too. */
export interface KnownCurves {
  readonly curve: KnownCurve;
  readonly bySex: KnownCurve;
  readonly two: KnownCurve;
  readonly slopeCriterion: number;
}

/** 36 persons of one to four visits at three sites; four features, the last with missing cells. */
export function longitudinalSmoothsFixture(): VisitFixture<KnownCurves> {
  return readVisits('longitudinal-smooths', ['age', 'dose', 'time']);
}

function readVisits<Found>(name: string, amounts: readonly string[]): VisitFixture<Found> {
  const path = join(__dirname, `../../fixtures/combat/${name}.json`);
  const { rows, found } = JSON.parse(readFileSync(path, 'utf8')) as {
    readonly rows: readonly Row[];
    readonly found: VisitFixture<Found>['found'];
  };
  const names = Object.keys(found);
  const ids = rows.map(({ person }, row) => `${person}@${row}`);
  const number = (column: string): number[] => rows.map((row) => Number(row[column] ?? NaN));
  const sex = rows.flatMap((row) => (typeof row['sex'] === 'string' ? [row['sex']] : []));
  const participants = makeParticipants(
    ids,
    rows.map(({ site }) => site),
    [
      ...amounts.map((column) => continuous(column, number(column))),
      ...(sex.length === 0 ? [] : [categorical('sex', sex)]),
    ],
    { persons: rows.map(({ person }) => person) },
  );
  const columns = names.map(number);
  const values = Float64Array.from(rows.flatMap((_, row) => columns.map((column) => column[row])));
  return { cohort: makeFeatureCohort(participants, makeFeatureMatrix(values, ids, names)), found };
}
