import { readPackageAsset } from '../io/files/package-asset';
import { readAsset } from '../io/files/read-file';
import type { WriteFileOptions } from '../io/files/write-file';
import { writeFileSafely } from '../io/files/write-file';
import { renderReport } from './render-report';
import type { ReportContent } from './report-content';
import { requireValueThenPath } from '../io/files/argument-order';

/**
 * Writes a report as one HTML file that opens offline (about 2 MB, most of it plotly.js; with a viewer, 1 MB and the
 * scan more).
 *
 * @throws ConcordError `file-exists` when the file is there and `overwrite` is not set; `unwritable-file`;
 * `missing-package` when the report has a viewer and NiiVue is not installed.
 */
export async function writeReport(
  content: ReportContent,
  path: string,
  options: WriteFileOptions = {},
): Promise<void> {
  requireValueThenPath('writeReport', content, path);
  const plotly = readAsset(require.resolve('plotly.js-dist'));
  const viewed = (content.viewers ?? []).length > 0;
  const niivue = viewed ? readPackageAsset('@niivue/niivue', 'dist/niivue.umd.js') : '';
  await writeFileSafely(path, renderReport(content, plotly, niivue), options);
}
