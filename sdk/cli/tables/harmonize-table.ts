import type { Command } from 'commander';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { covariatesOf } from '../../combat/design/formula';
import type { FeatureCohort } from '../../data/cohort';
import { fitAndApply } from '../../data/fit-and-apply';
import type { Harmonizer } from '../../data/harmonizer';
import { distinctIssues } from '../../data/issue';
import type { RunOptions } from '../../data/run-options';
import { auditTable } from '../../evaluate/audit-table';
import { auditToJson } from '../../evaluate/rows/audit-json';
import { formatAudit } from '../../evaluate/rows/format-audit';
import { auditedCovariates } from '../../io/columns/notice-covariates';
import { requireFreeSidecar } from '../../io/files/sidecar';
import type { AnyModel, Method } from '../../methods/method';
import { requireFolder } from './folder-options';
import type { HarmonizeFlags } from './harmonize-flags';
import { inFolder } from '../in-folder';
import { isFolder } from '../../io/files/make-folder';
import { loadForHarmonize } from './load-for-harmonize';
import { afterReading } from '../noticed-before';
import { issueLines } from '../print-issues';
import { progressLine } from '../progress-line';
import { requireFigures } from '../report-figures';
import { requireOutputs } from '../require-outputs';
import type { Harmonized } from './save-harmonized';
import { harmonizeOutputs, saveHarmonized } from './save-harmonized';
import type { CommandStreams } from '../streams';
import { tableText } from './table-text';

/** One call of `concord harmonize` on a table. */
export interface HarmonizeTableRun {
  readonly method: Method;
  readonly harmonizer: Harmonizer<AnyModel>;
  readonly flags: HarmonizeFlags;
  readonly command: Command;
  readonly streams: CommandStreams;
}

/** Harmonizes a table, or a folder of FreeSurfer subjects; audits it, and writes what came of it. */
export async function harmonizeTable(table: string, call: HarmonizeTableRun): Promise<void> {
  const { flags, command, streams } = call;
  const { overwrite, participants } = flags;
  const written = harmonizeOutputs.map((name) => join(flags.out, name));
  const inputs = participants === undefined ? [table] : [table, participants];
  await requireOutputs(written, { inputs, overwrite });
  await requireFigures(flags, flags.out, { command, needs: '--out' });
  const asFolder = await isFolder(table);
  if (existsSync(table)) requireFolder(command, asFolder);
  if (asFolder) await requireFreeSidecar(join(flags.out, 'harmonized.csv'), { overwrite });
  await inFolder(flags.out, async () => {
    const { clear, ...run } = progressLine(streams);
    const result = await compute(table, call, run);
    clear();
    const figures = await saveHarmonized(result, { table, asFolder, flags, inputs, run });
    clear();
    report(result, flags, { streams, files: [...harmonizeOutputs, ...figures] });
  });
}

async function compute(table: string, call: HarmonizeTableRun, run: RunOptions): Promise<Harmonized> {
  const before = await loadForHarmonize(table, call.flags, run);
  return afterReading(before, () => harmonizeLoaded(before, call, run));
}

async function harmonizeLoaded(
  before: FeatureCohort,
  { method, harmonizer, flags }: HarmonizeTableRun,
  run: RunOptions,
): Promise<Harmonized> {
  const { model, after } = await fitAndApply(harmonizer, before, run);
  if (!flags.audit) {
    return { before, after, method, model, issues: distinctIssues([...model.issues, ...after.issues]) };
  }
  const { seed, seeds, maxSubjects, preserve, batches = [] } = flags;
  const covariates = auditedCovariates(before.participants, covariatesOf(preserve, 'preserve'), batches);
  const audit = await auditTable(before, harmonizer, { after, seed, seeds, maxSubjects, covariates, ...run });
  const issues = distinctIssues([...model.issues, ...after.issues, ...audit.issues]);
  return { before, after, method, model, audit, issues };
}

function report(
  { after, method, audit, issues }: Harmonized,
  flags: HarmonizeFlags,
  { streams, files }: { readonly streams: CommandStreams; readonly files: readonly string[] },
): void {
  if (flags.json) {
    const json = audit === undefined ? { issues } : auditToJson({ ...audit, issues });
    streams.out(`${JSON.stringify(json)}\n`);
    return;
  }
  const done = `${method.title}: ${tableText(after)}; not audited`;
  streams.out(`${audit === undefined ? done : formatAudit({ ...audit, issues: [] })}\n`);
  streams.out(issueLines(issues, 'harmonize tables', 'provenance.json'));
  streams.out(`\nwritten to ${flags.out}: ${files.join(', ')}\n`);
}
