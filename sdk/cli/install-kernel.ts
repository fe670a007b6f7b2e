import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ConcordError } from '../errors';
import { dataFolderIn, userJupyterFolder } from '../io/files/jupyter-folders';
import { makeFolder } from '../io/files/make-folder';
import { testedTslab, tslabVersion } from '../kernel/upstream';
import { advise } from '../remedy';

/** Where a kernel is put, and how it is called there. */
export interface KernelPlace {
  /** A prefix, as that of a Python environment: the kernel goes below its `share/jupyter/kernels`. */
  readonly prefix?: string;
  /** The name of its folder, by which notebooks know it. @defaultValue `concord`, with `gpu` `concord-gpu` */
  readonly name?: string;
  /** The name that the menu shows. */
  readonly displayName?: string;
  /** Whether networks run on native TensorFlow with graphics memory as it is needed. */
  readonly gpu?: boolean;
}

/** The program that Jupyter starts: two folders above the compiled files, one above the sources. */
const kernelProgram = ['..', join('..', '..')]
  .map((up) => resolve(__dirname, up, 'bin', 'concord-kernel.js'))
  .find((path) => existsSync(path)) as string;

/**
 * Puts the kernel where Jupyter looks for kernels.
 *
 * @returns the folder that it is in
 * @throws ConcordError `missing-package` without tslab or when run by `npx` alone, `file-exists` where another program's kernel
 * has the name, `unwritable-file`
 */
export async function installKernel(place: KernelPlace = {}): Promise<string> {
  tslabVersion();
  if (/[\\/]_npx[\\/]/.test(kernelProgram)) {
    throw new ConcordError(
      'missing-package',
      'concord-mri is only in the cache of npx, which npm may empty',
      {
        remedy: advise`npm install -g concord-mri tslab@${testedTslab}, then concord kernel install`,
      },
    );
  }
  const kernels = kernelsFolder(place.prefix);
  const folder = join(kernels, nameOf(place));
  await refuseOthers(folder);
  let made: string | undefined;
  try {
    await makeFolder(kernels);
    made = await mkdtemp(join(kernels, '.concord-'));
    await writeFile(join(made, 'kernel.json'), `${JSON.stringify(kernelSpec(place), null, 2)}\n`);
    await rm(folder, { recursive: true, force: true });
    await rename(made, folder);
  } catch (cause) {
    if (made !== undefined) await rm(made, { recursive: true, force: true });
    const remedy = advise`--prefix FOLDER names another place`;
    if (cause instanceof ConcordError) throw new ConcordError(cause.code, cause.problem, { remedy, cause });
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ConcordError('unwritable-file', `cannot write ${folder}: ${why}`, { remedy, cause });
  }
  return folder;
}

/**
 * Takes the kernel away again.
 *
 * @returns the folder that it was in; `null` where there was none
 * @throws ConcordError `file-exists` where the name is that of another program's kernel
 */
export async function removeKernel(place: KernelPlace = {}): Promise<string | null> {
  const folder = join(kernelsFolder(place.prefix), nameOf(place));
  if (!existsSync(folder)) return null;
  await refuseOthers(folder);
  await rm(folder, { recursive: true });
  return folder;
}

function nameOf({ name, gpu = false }: KernelPlace): string {
  const chosen = name ?? (gpu ? 'concord-gpu' : 'concord');
  // What Jupyter takes for the name of a kernel.
  if (/^[a-z0-9._-]+$/i.test(chosen)) return chosen;
  throw new ConcordError('invalid-option', `invalid name of a kernel: ${JSON.stringify(chosen)}`, {
    remedy: advise`letters, digits, points, hyphens and underscores`,
  });
}

/** The description by which Jupyter starts the kernel: the same as in kernels-config, with whole paths. */
function kernelSpec({ displayName, gpu = false }: KernelPlace): object {
  const own = gpu ? { CONCORD_BACKEND: 'tensorflow', TF_FORCE_GPU_ALLOW_GROWTH: 'true' } : {};
  const flags = ['--max-old-space-size=8192', '--enable-source-maps', '--no-deprecation'];
  return {
    argv: [process.execPath, ...flags, kernelProgram, '{connection_file}'],
    display_name: displayName ?? (gpu ? 'Concord (TypeScript, GPU)' : 'Concord (TypeScript)'),
    language: 'typescript',
    interrupt_mode: 'message',
    env: { ...own, TF_CPP_MIN_LOG_LEVEL: '2' },
  };
}

/** A folder of that name that another program has made is not ours to replace. */
async function refuseOthers(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  const spec = await readFile(join(folder, 'kernel.json'), 'utf8').catch(() => '');
  if (spec.includes('concord-kernel.js')) return;
  throw new ConcordError('file-exists', `${folder} is a kernel of another program`, {
    remedy: advise`--name NAME gives this one another name`,
  });
}

/** The folder of kernels of a prefix, or of the user. */
export function kernelsFolder(prefix?: string, variables: NodeJS.ProcessEnv = process.env): string {
  return join(prefix === undefined ? userJupyterFolder(variables) : resolve(dataFolderIn(prefix)), 'kernels');
}
