// Child process of combat.bench.ts: harmonizes the table in a folder with Concord and reports on itself.
//     node --import tsx harmonize-concord.ts FOLDER VALUES OUTPUT [in-place]
// Modules are loaded beforehand, by harmonizing a table of a few rows, as the imports of Python are.
import { createRequire } from 'node:module';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { applyCombat } from '../../sdk/combat/apply-combat';
import type { fitCombat } from '../../sdk/combat/fit-combat';
import type { categorical, continuous } from '../../sdk/data/people/covariate';
import type { makeFeatureCohort } from '../../sdk/data/cohort';
import type { makeFeatureMatrix } from '../../sdk/data/feature-matrix';
import type { makeParticipants } from '../../sdk/data/people/participants';
import type { simulateFeatureCohort } from '../../sdk/simulate/simulate-feature-cohort';
import { checkout } from '../../scripts/checkout';
import type { BenchTable } from './bench-case';
import { peakMemory, residentMemory } from './process-memory';
import { readNumbers } from './read-numbers';

/** What is used of the package. */
interface Concord {
  readonly applyCombat: typeof applyCombat;
  readonly categorical: typeof categorical;
  readonly continuous: typeof continuous;
  readonly fitCombat: typeof fitCombat;
  readonly makeFeatureCohort: typeof makeFeatureCohort;
  readonly makeFeatureMatrix: typeof makeFeatureMatrix;
  readonly makeParticipants: typeof makeParticipants;
  readonly simulateFeatureCohort: typeof simulateFeatureCohort;
}

async function harmonize(folder: string, file: string, output: string, where?: string): Promise<void> {
  // The compiled package as users run it: compiling on the way would be measured too.
  const entry = createRequire(__filename)(resolve(checkout, 'sdk', 'dist', 'index.js')) as Concord;
  const few = entry.simulateFeatureCohort({ seed: 1, subjects: 12, features: 3, sites: 2 }).cohort;
  await entry.applyCombat(await entry.fitCombat(few, { preserve: ['age', 'sex'] }), few);
  const base = residentMemory();
  const table = JSON.parse(readFileSync(join(folder, 'meta.json'), 'utf8')) as BenchTable;
  const ids = table.site.map((_, row) => `sub-${row}`);
  const names = table.sd.map((_, column) => `feature-${column}`);
  const cohort = entry.makeFeatureCohort(
    entry.makeParticipants(ids, table.site, [
      entry.continuous('age', table.age, 'years'),
      entry.categorical('sex', table.sex),
    ]),
    entry.makeFeatureMatrix(readNumbers(join(folder, file), ids.length * names.length), ids, names),
  );
  const loaded = residentMemory();
  const processor = process.cpuUsage();
  const started = performance.now();
  const model = await entry.fitCombat(cohort, { preserve: ['age', 'sex'], eb: table.eb });
  const fitted = performance.now();
  const into = where === 'in-place' ? cohort.features.values : undefined;
  const harmonized = await entry.applyCombat(model, cohort, { into });
  const ended = performance.now();
  const used = process.cpuUsage(processor);
  const user = used.user / 1e6;
  const system = used.system / 1e6;
  const peak = peakMemory();
  writeFileSync(output, new Uint8Array(harmonized.features.values.buffer));
  const seconds = (ended - started) / 1000;
  const notes = `fit ${((fitted - started) / 1000).toFixed(3)} s, apply ${((ended - fitted) / 1000).toFixed(3)} s`;
  console.log(JSON.stringify({ seconds, user, system, base, loaded, peak, notes }));
}

void harmonize(process.argv[2], process.argv[3], process.argv[4], process.argv[5]);
