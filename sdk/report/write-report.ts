import { readPackage, readPartBytes } from '../io/files/package-asset';
import type { WriteFileOptions } from '../io/files/write-file';
import { writeFileSafely } from '../io/files/write-file';
import { renderReport } from './page/render-report';
import type { ReportContent } from './report-content';
import { requireValueThenPath } from '../io/files/argument-order';
import { requireCall } from '../data/calls/require-call';

/**
 * Writes a report as one HTML file that opens offline (about 2 MB, most of it plotly.js; with a viewer, 1 MB and the
 * scan more).
 *
 * @throws ConcordError `file-exists` when the file is there and `overwrite` is not set; `unwritable-file`;
 * `missing-package` when plotly.js, or a file of this package for a viewer, is not there.
 *
 * @example
 * ```ts
 * const { issues, provenance } = after;
 * const figures = [{ figure: plotAudit(audit), caption: 'Raw and harmonized, with intervals.' }];
 * const lead = 'ComBat, age and sex preserved.';
 * await writeReport({ title: 'Three sites', lead, facts: [], audit, figures, issues, provenance }, 'report.html');
 * ```
 */
export async function writeReport(
  content: ReportContent,
  path: string,
  options: WriteFileOptions = {},
): Promise<void> {
  requireValueThenPath('writeReport', content, path);
  requireCall('writeReport', { content, path, options });
  const plotly = readPackage('plotly.js-dist');
  const viewed = (content.viewers ?? []).length > 0;
  const niivue = viewed ? readPartBytes('niivue.umd.js') : '';
  await writeFileSafely(path, renderReport(content, plotly, niivue), options);
}
