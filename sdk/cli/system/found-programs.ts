import { readFile, readdir, statfs } from 'node:fs/promises';
import { basename, delimiter, dirname, isAbsolute, join, win32 } from 'node:path';
import type { SearchedSystem } from '../../browser/drawing-browsers';
import { existing, installedBrowsers, ownSystem } from '../../browser/drawing-browsers';
import { isFolder } from '../../io/files/make-folder';
import type { JupyterVariables } from '../../io/files/jupyter-folders';
import { jupyterDataFolders } from '../../io/files/jupyter-folders';
import { isThere } from '../../io/files/write-file';
import { runProgram } from '../tensorflow-setup/run-program';

/** Room on the disk of a folder. */
export interface DiskRoom {
  readonly of: string;
  readonly folder: string;
  /** In bytes; `null` where the system does not say. */
  readonly free: number | null;
}

/** What `jupyter --version` says, line by line; nothing where there is no Jupyter or it takes too long. */
export async function jupyterVersions(signal?: AbortSignal): Promise<readonly string[]> {
  const result = await runProgram('jupyter', ['--version'], { timeout: 20, signal });
  if (result?.status !== 0) return [];
  return result.out
    .split('\n')
    .map((line) => line.replaceAll(/\s+/g, ' ').trim())
    .filter((line) => / : \d/.test(line));
}

/** The kernels in the folders where Jupyter looks: name, title and program. */
export async function findKernels(env: JupyterVariables = process.env): Promise<readonly string[]> {
  const found: string[] = [];
  for (const folder of kernelFolders(env)) {
    for (const name of (await readdir(folder).catch(() => [])).sort()) {
      const title = await titleOf(join(folder, name, 'kernel.json'));
      if (title !== undefined) found.push(`${name}: ${title} (${join(folder, name)})`);
    }
  }
  return [...new Set(found)];
}

function kernelFolders(env: JupyterVariables): readonly string[] {
  const shared = ['/usr/local/share/jupyter', '/usr/share/jupyter'];
  return [...jupyterDataFolders(env), ...shared].map((folder) => join(folder, 'kernels'));
}

async function titleOf(path: string): Promise<string | undefined> {
  try {
    const spec = JSON.parse(await readFile(path, 'utf8')) as { display_name?: unknown; argv?: unknown };
    const title = typeof spec.display_name === 'string' ? spec.display_name : 'without a title';
    const words = Array.isArray(spec.argv) ? spec.argv.map(String) : [];
    return [title, ...(await programWords(words, dirname(path)))].join(', ');
  } catch {
    return (await isThere(path)) ? 'its kernel.json cannot be read' : undefined;
  }
}

/** What is to be known of the programs that start a kernel: which of them are gone, and the version of ours. */
async function programWords(argv: readonly string[], folder: string): Promise<readonly string[]> {
  const said: string[] = [];
  for (const word of argv.map((one) => one.replace('{resource_dir}', folder)).filter(isAbsolute)) {
    if (!(await isThere(word))) said.push(`${word} is not there`);
    else if (basename(word) === 'concord-kernel.js') {
      const parts = await readFile(join(dirname(word), '..', 'package.json'), 'utf8');
      said.push(`of concord-mri ${(JSON.parse(parts) as { version: string }).version}`);
    }
  }
  return said;
}

/** Those that show figures, though they cannot draw them into files. */
const others = ['firefox', 'firefox.exe'];
const otherApps = ['Firefox', 'Safari'].map((name) => `/Applications/${name}.app`);

/** The programs of browsers, by their names: on the path, and where each system has them. */
export async function findBrowsers(machine: SearchedSystem = ownSystem()): Promise<readonly string[]> {
  const folders = (machine.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const paths = [...others.flatMap((name) => folders.map((folder) => join(folder, name))), ...otherApps];
  const found = [...(await installedBrowsers(machine)), ...(await existing(paths, machine))];
  return [...new Set(found.map((path) => win32.basename(path).replace(/\.app$/, '')))];
}

/** How much room the disks of some folders have; of a folder that is not there yet, the one above. */
export async function roomOnDisks(folders: Readonly<Record<string, string>>): Promise<readonly DiskRoom[]> {
  const rooms = Object.entries(folders).map(async ([of, folder]): Promise<DiskRoom> => {
    let there = folder;
    while (!(await isFolder(there)) && dirname(there) !== there) there = dirname(there);
    const free = await statfs(there).then(
      ({ bavail, bsize }) => bavail * bsize,
      () => null,
    );
    return { of, folder, free };
  });
  return Promise.all(rooms);
}
