// `npm run notebooks:store` executes the notebooks and stores their outputs in them, as GitHub shows them (see
// stored-outputs.ts); `npm run notebooks:store -- notebooks/04-ddae.ipynb` does so for those named.
import { mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative, resolve } from 'node:path';
import { endDrawing } from '../../sdk/browser/draw-figure';
import { buildSdkWhenStale } from '../build-sdk';
import { checkout, jupyterEnvironment, notebooks } from '../checkout';
import { drawPicture } from './draw-picture';
import { executeNotebook, twoAtATime } from './execute-notebook';
import type { Notebook } from './notebook-file';
import { notebooksIn, readNotebook } from './notebook-file';
import { largestNotebook, withStoredOutputs } from './stored-outputs';

const say = (text: string): void => console.log(`concord: ${text}`);

async function store(paths: readonly string[]): Promise<void> {
  const environment = jupyterEnvironment(say);
  buildSdkWhenStale(say);
  const scratch = mkdtempSync(join(tmpdir(), 'concord-store-'));
  try {
    const execution = twoAtATime(paths, (path) =>
      executeNotebook(path, { environment, output: join(scratch, basename(path)) }),
    );
    const failures: string[] = [];
    for (const path of paths) {
      const { notebook, failure } = await execution(path);
      if (failure === undefined) failures.push(...write(path, await storedText(notebook, path)));
      else failures.push(`${path} does not run, and stays as it was: ${failure}`);
    }
    if (failures.length > 0) throw new Error(failures.join('\n'));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
    await endDrawing();
  }
}

/** Keys in the order in which Jupyter writes them, so that saving a notebook there changes nothing. */
function inOrder(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The notebook as it is stored; where it would be too large, with smaller pictures of scans. */
async function storedText(executed: Notebook, path: string): Promise<string> {
  // Of the kernel that ran it, versions would be stored as well.
  const { metadata } = readNotebook(path);
  let text = '';
  for (const shrink of [1, 2, 3]) {
    const stored = await withStoredOutputs(executed, { draw: drawPicture, shrink });
    text = `${JSON.stringify({ ...stored, metadata }, inOrder, 1)}\n`;
    if (Buffer.byteLength(text) <= largestNotebook) return text;
  }
  return text;
}

/** Writes a notebook, or says why not. */
function write(path: string, text: string): readonly string[] {
  const bytes = Buffer.byteLength(text);
  const size = `${(bytes / 1e6).toFixed(2)} MB`;
  const name = relative(checkout, path);
  if (bytes > largestNotebook) {
    return [`${name} would take ${size}, more than ${largestNotebook / 1e6} MB: show less in it`];
  }
  const part = `${path}.part`;
  writeFileSync(part, text);
  renameSync(part, path);
  say(`${name}: ${size}`);
  return [];
}

const named = process.argv.slice(2).map((path) => resolve(path));
for (const path of named) statSync(path);
store(named.length > 0 ? named : notebooksIn(notebooks)).catch((error: unknown) => {
  console.error(`concord: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
