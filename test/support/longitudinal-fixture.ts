import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FeatureCohort } from '../../sdk/data/cohort';
import { makeFeatureCohort } from '../../sdk/data/cohort';
import { makeFeatureMatrix } from '../../sdk/data/feature-matrix';
import { continuous } from '../../sdk/data/people/covariate';
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

/** 26 persons of one to five visits at three sites; four features, the last with missing cells. */
export interface LongitudinalFixture {
  readonly cohort: FeatureCohort;
  readonly found: Readonly<Record<string, KnownFeature>>;
}

/** Reads the fixture. */
export function longitudinalFixture(): LongitudinalFixture {
  const path = join(__dirname, '../../fixtures/combat/longitudinal.json');
  const { rows, found } = JSON.parse(readFileSync(path, 'utf8')) as {
    readonly rows: readonly Row[];
    readonly found: LongitudinalFixture['found'];
  };
  const names = Object.keys(found);
  const ids = rows.map(({ person }, row) => `${person}@${row}`);
  const number = (name: string): number[] => rows.map((row) => Number(row[name] ?? NaN));
  const participants = makeParticipants(
    ids,
    rows.map(({ site }) => site),
    ['age', 'male', 'time'].map((name) => continuous(name, number(name))),
    { persons: rows.map(({ person }) => person) },
  );
  const columns = names.map(number);
  const values = Float64Array.from(rows.flatMap((_, row) => columns.map((column) => column[row])));
  return { cohort: makeFeatureCohort(participants, makeFeatureMatrix(values, ids, names)), found };
}
