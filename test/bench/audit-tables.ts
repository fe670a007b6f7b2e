import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { combatHarmonizer } from '../../sdk/combat/combat-harmonizer';
import type { FeatureCohort } from '../../sdk/data/cohort';
import { resolveEvaluateOptions } from '../../sdk/evaluate/evaluate-options';
import { harmonizedInFolds } from '../../sdk/evaluate/splits/fold-source';
import { planSplits } from '../../sdk/evaluate/splits/split-plan';
import { simulateFeatureCohort } from '../../sdk/simulate/simulate-feature-cohort';

/** What an audit is of. */
export interface AuditSize {
  readonly subjects: number;
  readonly features: number;
  readonly sites: number;
  /** How many subjects the probes use at most. */
  readonly maxSubjects: number;
}

/**
 * Writes what the probes of `audit-run.cjs` are trained on, for another program to do the same: `raw.f64` and `in-sample.f64`
 * (the subjects of the splits × features), `in-folds-0.f64` … (harmonized by what was fitted without that fold), and
 * `meta.json` with the site and the fold of each subject.
 *
 * @param folder - it is made
 */
export async function writeAuditTables({ maxSubjects, ...size }: AuditSize, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const { cohort } = simulateFeatureCohort({ ...size, seed: 2024 });
  const harmonizer = combatHarmonizer({ preserve: ['age', 'sex'] });
  const settings = resolveEvaluateOptions(cohort, { seeds: 1, maxSubjects });
  const plan = planSplits(cohort, settings, harmonizer.preserves);
  const [assignment] = plan.assignments;
  const width = size.features;
  const write = (name: string, rowOf: (at: number) => Float64Array): void => {
    const table = new Float64Array(plan.rows.length * width);
    plan.rows.forEach((_, at) => table.set(rowOf(at), at * width));
    writeFileSync(join(folder, `${name}.f64`), new Uint8Array(table.buffer));
  };
  const rowsOf = ({ features: { values } }: Pick<FeatureCohort, 'features'>) => {
    return (row: number) => values.subarray(row * width, (row + 1) * width);
  };
  const writeWhole = (name: string, cohortOf: FeatureCohort): void =>
    write(name, (at) => rowsOf(cohortOf)(plan.rows[at]));
  writeWhole('raw', cohort);
  writeWhole('in-sample', await harmonizer.apply(await harmonizer.fit(cohort, {}), cohort, {}));
  const source = harmonizedInFolds(cohort, harmonizer);
  for (let fold = 0; fold < plan.folds; fold++) {
    const places = [...plan.rows.keys()];
    const train = places.filter((at) => assignment[at] !== fold);
    const test = places.filter((at) => assignment[at] === fold);
    const rows = (some: readonly number[]): Int32Array => Int32Array.from(some, (at) => plan.rows[at]);
    const made = await source.split(rows(train), rows(test), {});
    const sides = [made.train, await made.test()].map((features) => rowsOf({ features }));
    const place = new Int32Array(plan.rows.length);
    for (const side of [train, test]) side.forEach((at, i) => (place[at] = i));
    write(`in-folds-${fold}`, (at) => sides[assignment[at] === fold ? 1 : 0](place[at]));
  }
  const meta = {
    subjects: plan.rows.length,
    features: width,
    site: Array.from(plan.sites),
    fold: Array.from(assignment),
    folds: plan.folds,
  };
  writeFileSync(join(folder, 'meta.json'), JSON.stringify(meta));
}
