import { basename, join, resolve } from 'node:path';
import type { Issue } from '../../data/issue';
import { distinctIssues } from '../../data/issue';
import { ignoreInBids } from '../../io/bids/ignored-files';
import type { ScansReportOptions, ScansResult } from '../../report/scans-report';
import { scansReport } from '../../report/scans-report';
import { writeReport } from '../../report/write-report';
import type { BidsSelectionFlags } from './bids-selection';
import { selectionName } from './selection-name';
import type { CommandName } from '../vocabularies';
import type { FiguresFlags } from '../report-figures';
import { writeReportFigures } from '../report-figures';
import { issuesInCommandWords } from '../command-words';
import { measureFiles } from './measure-files';

/** Where the report of a run on scans goes, and what it is about. */
export interface SavedScansReport extends ScansReportOptions {
  /** The dataset that was read. */
  readonly input: string;
  /** The dataset that was written. */
  readonly target: string;
  readonly flags: Pick<BidsSelectionFlags, 'participantLabel' | 'sessionLabel'> & FiguresFlags;
  readonly command: CommandName;
}

/** What was written of a report. */
export interface SavedReport {
  readonly name: string;
  readonly figures: readonly string[];
  readonly issues: readonly Issue[];
}

/** Where a report is, for the last line of a command. */
export function savedReportInWords({ name, figures }: SavedReport, folder: string): string {
  const drawn = figures.length === 0 ? '' : ` (figures: ${figures.join(', ')})`;
  return `, what was done in ${join(folder, name)}${drawn}`;
}

/**
 * Writes the report of a run on scans into the dataset that it wrote, and has validators pass over it. A report of an
 * earlier run is replaced, as the dataset is added to. What was measured before is not measured again, and a run that was
 * stopped and continued has the same report as one that was not. A run of some participants only has a report of its own.
 *
 * @returns the names of the report and of the figures written beside it, and everything noticed
 * @throws ConcordError `unwritable-file`, `aborted`.
 */
export async function saveScansReport(
  result: ScansResult,
  { input, target, flags, command, ...options }: SavedScansReport,
): Promise<SavedReport> {
  const source = basename(resolve(input));
  const content = await scansReport(result, { source, kept: measureFiles(target), ...options });
  const name = `report${selectionName(flags)}.html`;
  const issues = issuesInCommandWords(content.issues, command);
  const { figures: format } = flags;
  const drawn = format === undefined ? [] : [`report*.${format}`];
  await ignoreInBids(target, ['report*.html', ...drawn, '.concord']);
  await writeReport({ ...content, issues }, join(target, name), { overwrite: true });
  const figures = await writeReportFigures(content, target, {
    figures: format,
    overwrite: true,
    stem: basename(name, '.html'),
  });
  return { name, figures, issues: distinctIssues(content.issues) };
}
