import { readdir } from 'node:fs/promises';
import type { Command, Option } from 'commander';
import { join } from 'node:path';
import type { DrawnFormat } from '../browser/draw-task';
import { drawingBrowsers } from '../browser/drawing-browsers';
import { requireAbsent } from '../io/files/write-file';
import { plainId } from '../report/page/page-section';
import type { ReportContent } from '../report/report-content';
import { figureFormats, writeFigure } from '../report/write-figure';
import { choice, wrongUsage } from './option-values';

/** What a command is given for the figures of its report. */
export interface FiguresFlags {
  /** The format in which they are written as files; none are without. */
  readonly figures?: DrawnFormat;
}

/** What `--figures` goes with where a report can be left out. */
export const reportNeeded = 'a report, which --no-report leaves out';

/** The option of every command that writes a report. */
export function figuresOption(): Option {
  return choice(
    '--figures <format>',
    'write each figure of the report as a file beside it, too (needs Chrome, Chromium or Edge)',
    figureFormats,
  );
}

/**
 * Checks before any work that figures can be drawn: that there is a report to draw them for, and a browser. Where files of
 * an earlier run may not be replaced, there must be none.
 *
 * @param folder - where the report is to be written; `undefined` where none is
 * @param options - `needs`: the option without which there is none
 * @throws ConcordError `missing-package`, `file-exists`.
 */
export async function requireFigures(
  { figures, overwrite }: FiguresFlags & { readonly overwrite: boolean },
  folder: string | undefined,
  { command, needs }: { readonly command: Command; readonly needs: string },
): Promise<void> {
  if (figures === undefined) return;
  if (folder === undefined) wrongUsage(command, `option '--figures' goes with ${needs}`);
  await drawingBrowsers();
  if (overwrite) return;
  const names = await readdir(folder).catch(() => []);
  const there = names.find((name) => name.startsWith('report-') && name.endsWith(`.${figures}`));
  if (there !== undefined) await requireAbsent(join(folder, there));
}

/**
 * Writes the figures of a report into its folder, named after it and what they show: `report-audit.svg`.
 *
 * @returns the names of the files; none without `--figures`
 * @throws ConcordError those of {@link writeFigure}.
 */
export async function writeReportFigures(
  { figures: drawn }: ReportContent,
  folder: string,
  {
    figures,
    overwrite,
    stem = 'report',
  }: FiguresFlags & { readonly overwrite: boolean; readonly stem?: string },
): Promise<readonly string[]> {
  if (figures === undefined) return [];
  const names = distinctNames(drawn.map(({ name = 'figure' }) => plainId(name)));
  const files = names.map((name) => `${stem}-${name}.${figures}`);
  for (const [k, { figure }] of drawn.entries()) {
    await writeFigure(figure, join(folder, files[k]), { overwrite });
  }
  return files;
}

/** The names, each once: of those alike, also on disks that know no case, the second becomes `NAME-2`. */
function distinctNames(names: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  return names.map((name) => {
    const count = (counts.get(name.toLowerCase()) ?? 0) + 1;
    counts.set(name.toLowerCase(), count);
    return count === 1 ? name : `${name}-${count}`;
  });
}
