// Child process of family.bench.ts: harmonizes the table in a folder with a member of the family and reports on itself.
//     node --import tsx family-concord.ts FOLDER OUTPUT
// Modules are loaded beforehand, by harmonizing a table of a few rows, as the imports of Python and the libraries of R are.
import { createRequire } from 'node:module';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { checkout } from '../../../scripts/checkout';
import type * as Package from '../../../sdk/index';
import { peakMemory, residentMemory } from '../process-memory';
import { readNumbers } from '../read-numbers';
import type { FamilyTable } from './family-cases';

type Concord = typeof Package;
type Cohort = ReturnType<Concord['makeFeatureCohort']>;

/** What a member made of a table, and the numbers to compare with a peer's. */
interface Outcome {
  readonly values: Float64Array;
  readonly compared: Float64Array;
}

function cohortOf(concord: Concord, folder: string, table: FamilyTable): Cohort {
  const { scans, features, site, person, age, sex, time } = table;
  const ids = site.map((_, row) => `scan-${row}`);
  const names = Array.from({ length: features }, (_, w) => `feature-${w}`);
  const covariates = [
    concord.continuous('age', age, 'years'),
    concord.categorical('sex', sex),
    ...(table.member === 'longitudinal' ? [concord.continuous('time', time, 'years')] : []),
  ];
  const participants = concord.makeParticipants(ids, site, covariates, { persons: person });
  const values = readNumbers(join(folder, 'values.f64'), scans * features);
  return concord.makeFeatureCohort(participants, concord.makeFeatureMatrix(values, ids, names));
}

/** The member's fit and apply, and what is compared: the freedom of smooths, the criterion, the values. */
async function harmonize(
  concord: Concord,
  member: FamilyTable['member'],
  cohort: Cohort,
): Promise<() => Outcome> {
  if (member === 'gam') {
    const model = await concord.fitCombat(cohort, { preserve: ['sex'], smooth: ['age'] });
    const { values } = (await concord.applyCombat(model, cohort)).features;
    return () => ({ values, compared: model.freedom });
  }
  if (member === 'longitudinal') {
    const model = await concord.combat.fitLongitudinal(cohort, { preserve: ['age', 'sex', 'time'] });
    const { values } = (await concord.combat.applyLongitudinal(model, cohort)).features;
    return () => ({ values, compared: model.criterion });
  }
  const { after } = await concord.combat.harmonizeCovbat(cohort, { preserve: ['age', 'sex'] });
  const { values } = after.features;
  return () => ({ values, compared: values });
}

/** Four scans of three persons at each of two sites. */
function fewScans(concord: Concord): Cohort {
  const rows = Array.from({ length: 24 }, (_, row) => row);
  const ids = rows.map((row) => `scan-${row}`);
  const names = ['a', 'b', 'c', 'd'];
  const covariates = [
    concord.continuous(
      'age',
      rows.map((row) => 20 + ((row * 7) % 41)),
      'years',
    ),
    concord.categorical(
      'sex',
      rows.map((row) => (row % 3 === 0 ? 'f' : 'm')),
    ),
    concord.continuous(
      'time',
      rows.map((row) => row % 4),
      'years',
    ),
  ];
  const sites = rows.map((row) => (row < 12 ? 'one' : 'other'));
  const persons = rows.map((row) => `person-${Math.floor(row / 4)}`);
  const participants = concord.makeParticipants(ids, sites, covariates, { persons });
  const values = Float64Array.from({ length: ids.length * names.length }, (_, at) => (at * 37) % 101);
  return concord.makeFeatureCohort(participants, concord.makeFeatureMatrix(values, ids, names));
}

async function main(folder: string, output: string): Promise<void> {
  // The compiled package as users run it: compiling on the way would be measured too.
  const concord = createRequire(__filename)(resolve(checkout, 'sdk', 'dist', 'index.js')) as Concord;
  const table = JSON.parse(readFileSync(join(folder, 'table.json'), 'utf8')) as FamilyTable;
  await harmonize(concord, table.member, fewScans(concord));
  const base = residentMemory();
  const cohort = cohortOf(concord, folder, table);
  const processor = process.cpuUsage();
  const started = performance.now();
  const outcome = await harmonize(concord, table.member, cohort);
  const seconds = (performance.now() - started) / 1000;
  const user = process.cpuUsage(processor).user / 1e6;
  const peak = peakMemory();
  const { values, compared } = outcome();
  // A result that is not a number would be a fast one.
  if (values.some((value) => Number.isNaN(value))) throw new Error('a harmonized value is not a number');
  writeFileSync(output, new Uint8Array(compared.buffer, compared.byteOffset, compared.byteLength));
  console.log(JSON.stringify({ seconds, user, base, peak }));
}

void main(process.argv[2], process.argv[3]);
