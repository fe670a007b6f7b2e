// `npm run gallery` executes the notebooks and makes the site: notebooks, how-to pages, the reference, and a search over all
// of it, in a folder that opens in a browser without a server. Options: --stored takes the outputs that the notebooks
// have; --out FOLDER (site); --check opens every page in a browser and follows every link.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { endDrawing } from '../../sdk/browser/draw-figure';
import { buildSdkWhenStale } from '../build-sdk';
import { checkout, jupyterEnvironment, notebooks } from '../checkout';
import { drawPicture } from '../notebooks/draw-picture';
import { executeNotebook, twoAtATime } from '../notebooks/execute-notebook';
import type { Notebook } from '../notebooks/notebook-file';
import { notebooksIn, readNotebook } from '../notebooks/notebook-file';
import { buildSite } from './build-site';
import { checkSite } from './check-site';
import { guidePages } from './guide-pages';
import type { NotebookPage } from './notebook-page';
import { notebookPage } from './notebook-page';

const say = (text: string): void => console.log(`concord: ${text}`);

async function makeGallery(): Promise<void> {
  const { values } = parseArgs({
    options: {
      stored: { type: 'boolean', default: false },
      out: { type: 'string', default: join(checkout, 'site') },
      check: { type: 'boolean', default: false },
    },
  });
  const { stored, out, check } = values;
  const paths = notebooksIn(notebooks);
  const pages = stored
    ? await pagesOf(paths, (path) => Promise.resolve(readNotebook(path)))
    : await executed(paths);
  say('writing the pages and the reference');
  await buildSite({ notebooks: pages, guides: guidePages(), reference: true }, out);
  if (check) {
    const { pages: count, figures, faults } = await checkSite(out);
    say(`${count} pages, ${figures} figures, ${faults.length} faults`);
    if (faults.length > 0) throw new Error(faults.join('\n'));
  }
  say(`open ${join(out, 'index.html')}`);
}

async function executed(paths: readonly string[]): Promise<readonly NotebookPage[]> {
  const environment = jupyterEnvironment(say);
  buildSdkWhenStale(say);
  const scratch = mkdtempSync(join(tmpdir(), 'concord-gallery-'));
  const execution = twoAtATime(paths, (path) =>
    executeNotebook(path, { environment, output: join(scratch, basename(path)) }),
  );
  try {
    return await pagesOf(paths, async (path) => {
      say(`executing ${basename(path)}`);
      const { notebook, failure } = await execution(path);
      if (failure !== undefined) throw new Error(`${path} does not run: ${failure}`);
      return notebook;
    });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function pagesOf(
  paths: readonly string[],
  read: (path: string) => Promise<Notebook>,
): Promise<readonly NotebookPage[]> {
  const pages: NotebookPage[] = [];
  for (const path of paths) {
    pages.push(await notebookPage(await read(path), { name: basename(path, '.ipynb'), draw: drawPicture }));
  }
  return pages;
}

makeGallery()
  .catch((error: unknown) => {
    console.error(`concord: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  })
  .finally(() => endDrawing());
