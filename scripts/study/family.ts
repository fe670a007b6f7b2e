// Every member of ComBat's family in one table, on the 559 cortical thickness tables of IXI, in folds:
// npm run study:family -- [--data FOLDER] [--seeds 5] [--out .cache/study-family]
// FOLDER has tables/ixi_ants_dkt_thickness.csv (@default: CONCORD_DATA). The table is printed; family.csv has every figure.
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import * as concord from 'concord-mri';
import { csvRows, markdownTable } from './family-table';

const { values: given } = parseArgs({
  options: {
    data: { type: 'string', default: process.env['CONCORD_DATA'] },
    seeds: { type: 'string', default: '5' },
    out: { type: 'string', default: '.cache/study-family' },
  },
});

/** What all of them keep, as lines. */
const lines = ['age', 'sex'];
const site = { unseen: 'estimate' } as const;
const { combatHarmonizer, combat } = concord;

/** The members by how the table names them. Longitudinal ComBat is there to be left out with its reason. */
const members: concord.ComparedHarmonizers = {
  'ComBat, nothing kept': combatHarmonizer(site),
  ComBat: combatHarmonizer({ preserve: lines, ...site }),
  'age by sex': combatHarmonizer({ preserve: ['age*sex'], ...site }),
  'shifts alone': combatHarmonizer({ preserve: lines, meanOnly: 'shrunk-by-size', ...site }),
  robust: combatHarmonizer({ preserve: lines, robust: true, ...site }),
  'ComBat-GAM': combatHarmonizer({ preserve: ['sex'], smooth: ['age'], ...site }),
  'a curve for each sex': combatHarmonizer({ smooth: [{ name: 'age', by: 'sex' }], ...site }),
  ComBatLS: combatHarmonizer({ preserve: lines, scaleCovariates: lines, ...site }),
  'ComBatLS on curves': combatHarmonizer({
    preserve: ['sex'],
    smooth: ['age'],
    scaleCovariates: lines,
    ...site,
  }),
  CovBat: combat.covbatHarmonizer({ preserve: lines, ...site }),
  'CovBat on curves': combat.covbatHarmonizer({ preserve: ['sex'], smooth: ['age'], ...site }),
  'longitudinal ComBat': combat.longitudinalHarmonizer({ preserve: lines, ...site }),
};

async function main(): Promise<void> {
  if (given.data === undefined)
    throw new Error('missing --data: the folder with tables/ixi_ants_dkt_thickness.csv');
  const cohort = await concord.loadTable(join(given.data, 'tables/ixi_ants_dkt_thickness.csv'), {
    id: 'subject',
    covariates: [
      { name: 'age', kind: 'continuous', unit: 'years' },
      { name: 'sex', kind: 'categorical' },
    ],
    features: ['left.*', 'right.*'],
  });
  const comparison = await concord.compareMethods(cohort, members, {
    folds: true,
    seeds: Number(given.seeds),
  });
  const out = resolve(given.out);
  mkdirSync(out, { recursive: true });
  await concord.writeRows(csvRows(comparison), join(out, 'family.csv'), { overwrite: true });
  console.log(markdownTable(comparison));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
