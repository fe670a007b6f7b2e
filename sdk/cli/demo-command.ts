import type { Command } from 'commander';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { applyCombat } from '../combat/apply-combat';
import { combatHarmonizer } from '../combat/combat-harmonizer';
import { fitCombat } from '../combat/fit-combat';
import type { FeatureCohort } from '../data/cohort';
import { auditTable } from '../evaluate/audit-table';
import { auditToJson } from '../evaluate/rows/audit-json';
import { formatAudit } from '../evaluate/rows/format-audit';
import { requireAbsent } from '../io/files/write-file';
import { harmonizationReport } from '../report/harmonization-report';
import { writeReport } from '../report/write-report';
import { issuesInCommandWords } from './command-words';
import { inFolder } from './in-folder';
import { countOf, integerOf } from './option-values';
import { distinctIssues } from '../data/issue';
import { progressLine } from './progress-line';
import type { CommandStreams } from './streams';

interface DemoFlags {
  readonly out: string;
  readonly seed: number;
  readonly seeds: number;
  readonly overwrite: boolean;
  readonly json: boolean;
}

/** Adds `concord demo`. */
export function demoCommand(program: Command, streams: CommandStreams): void {
  program
    .command('demo')
    .description('simulate a multi-site cohort with known truth, harmonize it, audit it, write a report')
    .option('--out <file>', 'the report to write', 'concord-report.html')
    .option('--seed <number>', 'seed of the simulation', integerOf, 1)
    .option('--seeds <count>', 'how often the audit repeats its cross-validation', countOf, 5)
    .option('--overwrite', 'replace a file that is not a report of an earlier run', false)
    .option('--json', 'print the evaluation as JSON', false)
    .action((flags: DemoFlags) => demo(flags, streams));
}

async function demo(flags: DemoFlags, streams: CommandStreams): Promise<void> {
  const overwrite = flags.overwrite || (await isOurs(flags.out));
  if (!overwrite) await requireAbsent(flags.out);
  await inFolder(dirname(flags.out), async () => {
    const { clear, ...run } = progressLine(streams);
    const { simulateFeatureCohort } = await import('../simulate/simulate-feature-cohort.js');
    const { cohort, truth } = simulateFeatureCohort({ seed: flags.seed });
    const preserve = ['age', 'sex'];
    const unseen = 'estimate';
    const model = await fitCombat(cohort, { preserve, ...run });
    const harmonized = await applyCombat(model, cohort, { unseen, ...run });
    const audit = await auditTable(cohort, combatHarmonizer({ preserve, unseen }), {
      after: harmonized,
      seeds: flags.seeds,
      ...run,
    });
    clear();
    const result = { before: cohort, after: harmonized, model, audit };
    const source = `simulated cortical thickness, seed ${flags.seed}`;
    const about = { title: 'ComBat on a simulated cohort', source, unit: 'mm' };
    const content = harmonizationReport(result, about);
    const issues = issuesInCommandWords(content.issues, 'demo');
    await writeReport({ ...content, issues }, flags.out, { overwrite });
    if (flags.json) {
      const all = distinctIssues([...model.issues, ...harmonized.issues, ...audit.issues]);
      streams.out(`${JSON.stringify(auditToJson({ ...audit, issues: all }))}\n`);
      return;
    }
    const raw = distanceToTruth(cohort, truth.harmonized);
    const done = distanceToTruth(harmonized, truth.harmonized);
    streams.out(`${formatAudit({ ...audit, issues: issuesInCommandWords(audit.issues, 'demo') })}\n`);
    streams.out(`distance to the true values without site effects (root mean square): `);
    streams.out(`raw ${raw.toFixed(4)} mm, harmonized ${done.toFixed(4)} mm\n`);
    streams.out(`report: ${flags.out} (open it in a browser)\n`);
  });
}

/** Whether a file may be replaced because an earlier report of ours is all it is. */
async function isOurs(path: string): Promise<boolean> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.slice(-2000).includes('Made with concord-mri');
}

/**
 * Root mean square difference from the truth, each feature first moved to the truth's mean: the level of the average
 * site is a convention that no method can know.
 */
function distanceToTruth(cohort: FeatureCohort, truth: FeatureCohort): number {
  const width = truth.features.features.length;
  const offsets = new Float64Array(width);
  const counts = new Float64Array(width);
  const difference = cohort.features.values.map((value, i) => value - truth.features.values[i]);
  difference.forEach((value, i) => {
    if (Number.isNaN(value)) return;
    offsets[i % width] += value;
    counts[i % width]++;
  });
  let sum = 0;
  let cells = 0;
  difference.forEach((value, i) => {
    if (Number.isNaN(value)) return;
    sum += (value - offsets[i % width] / counts[i % width]) ** 2;
    cells++;
  });
  return Math.sqrt(sum / cells);
}
