import type { Command } from 'commander';
import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, resolve, sep } from 'node:path';
import { ConcordError } from '../../errors';
import { isThere } from '../../io/files/write-file';
import { advise, option } from '../../remedy';
import { version } from '../../version';
import { wrongUsage } from '../option-values';
import { shellWord } from '../wording';
import type { Container } from './container-words';
import { containerWords } from './container-words';
import type { JobCommand } from './read-command';

/** What the user said of a container. */
export interface ContainerFlags {
  /** The image. */
  readonly container?: string;
  readonly containerProgram: string;
  /** Folders that the container sees besides. */
  readonly containerBind: readonly string[];
  /** Options of sbatch, which may ask for graphics cards. */
  readonly sbatch: readonly string[];
}

/** What a container is found by. */
interface ContainerSearch {
  readonly flags: ContainerFlags;
  readonly command: Command;
  /** The folder of the jobs: what runs in the container notes there what it used. */
  readonly folder: string;
  /** What the command writes. */
  readonly output: string;
}

/**
 * The container that was asked for, which was tried, and what is to be said of it.
 *
 * @param search.files - files that it must see
 * @throws ConcordError `invalid-option` for an image that is not a file or folder here or has no Concord, and for paths that
 * cannot be bound; `invalid-dataset` for a file that it would not see.
 */
export async function triedContainer(
  job: JobCommand,
  { files = [], ...search }: ContainerSearch & { readonly files?: readonly string[] },
): Promise<{ readonly container?: Container; readonly tried: readonly string[] }> {
  const container = await containerFor(job, search);
  if (container === undefined) return { tried: [] };
  requireVisible(container, files);
  return { container, tried: triedImage(container) };
}

/** The container that was asked for, with all that the words of the command name bound to it. */
async function containerFor(
  job: JobCommand,
  { flags, command, folder, output }: ContainerSearch,
): Promise<Container | undefined> {
  const { container, containerProgram: program, containerBind, sbatch } = flags;
  if (container === undefined) {
    const stray = ['containerBind', 'containerProgram'].find(
      (name) => command.getOptionValueSource(name) === 'cli',
    );
    const [given] = command.options.filter((one) => one.attributeName() === stray);
    if (stray !== undefined)
      wrongUsage(command, `option '${given.long ?? ''}' goes with --container, which is not given`);
    return undefined;
  }
  const image = await imageAt(container);
  const nv = seesCards(job, sbatch, command);
  const written = await Promise.all([folder, output].map(folderAbove));
  const read = [process.cwd(), ...pathsAmong(job), ...containerBind.map((path) => resolve(path))];
  const missing = containerBind.find((path) => !existsSync(path));
  if (missing !== undefined)
    wrongUsage(command, `option '--container-bind' is ${missing}, which is not there`);
  const binds = outermost([...read, ...written].flatMap((path) => [path, realpathSync(path)]));
  for (const path of binds) requireBindable(path);
  return { program, image, binds, cwd: process.cwd(), nv };
}

/** The image, which each job opens: what is fetched from elsewhere would be fetched by all of them. */
async function imageAt(given: string): Promise<string> {
  const [, kind] = /^([a-z][a-z-]*):\/\//.exec(given) ?? [];
  if (kind !== undefined) {
    throw new ConcordError('invalid-option', `invalid container: ${given} would be fetched by every job`, {
      remedy: [`fetch it once: apptainer pull concord.sif ${shellWord(given)}, and give that file`],
    });
  }
  if (await isThere(given)) return resolve(given);
  throw new ConcordError('invalid-option', `invalid container: there is no ${given}`, {
    where: { file: given },
    remedy: [
      'give the file of an image (.sif) that the machines of the cluster see, or the folder of a sandbox',
    ],
  });
}

/**
 * Whether the container is to see the graphics cards of NVIDIA: the job asks Slurm for one, and what runs in it can use it.
 */
function seesCards(
  { work, parts, ...job }: JobCommand,
  sbatch: readonly string[],
  command: Command,
): boolean {
  const words = parts.options.find(({ attribute }) => attribute === 'backend')?.words ?? [];
  const [flag] = (words[0] ?? '').split('=');
  const backend = words.at(-1)?.split('=').at(-1);
  if (backend === 'webgpu') {
    wrongUsage(
      command,
      `option '${flag}' is ${backend}, whose driver (Vulkan) no option of a container brings into it for sure: choose tensorflow or wasm, or run it without --container`,
    );
  }
  const asked = sbatch.some((one) => /^--(gres=(\S*,)?gpu\b|gpus(-per-(node|task|socket))?=)/.test(one));
  const networks = work === 'training' || ('method' in job && !job.method.quick);
  return asked && networks && backend !== 'wasm' && backend !== 'cpu';
}

/**
 * The folders that the words of a command name: the words, and the values of its options, that are folders or files. What
 * describes a file is beside it.
 */
function pathsAmong({ parts }: JobCommand): readonly string[] {
  const words = [...parts.operands, ...parts.options.flatMap((one) => one.words.flatMap(valuesIn))];
  return words.flatMap((word) => {
    const path = resolve(word);
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) return [];
    if (!found.isDirectory()) return [dirname(path), dirname(realpathSync(path))];
    // A derivative draws on the dataset that it is in.
    return basename(dirname(path)) === 'derivatives' ? [path, dirname(dirname(path))] : [path];
  });
}

/** What in a word may be a path: the word, what follows a flag's =, and of lists what they name: `lh=lh.pial,rh=rh.pial`. */
function valuesIn(word: string): readonly string[] {
  const value = word.startsWith('-') ? word.slice(word.indexOf('=') + 1) : word;
  const listed = value.split(',').flatMap((part) => [part, part.slice(part.indexOf('=') + 1)]);
  return [...new Set([value, ...listed])].filter((one) => one !== '' && !one.startsWith('-'));
}

/** The folder above what is written, as far as it is there: files get their names when they are complete. */
async function folderAbove(path: string): Promise<string> {
  let above = dirname(resolve(path));
  while (!(await isThere(above))) above = dirname(above);
  return above;
}

/** Paths without those that are inside of another. */
function outermost(paths: readonly string[]): readonly string[] {
  const distinct = [...new Set(paths)].sort();
  return distinct.filter((path) => !distinct.some((other) => other !== path && isWithin(path, other)));
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}

/** @throws ConcordError `invalid-option` for a path that the option of containers does not take. */
function requireBindable(path: string): void {
  if (path === sep) {
    throw new ConcordError(
      'invalid-option',
      'invalid container: the root of the file system cannot be bound to a container',
      {
        remedy: ['run the command in a folder of its own, and make the folders above what is written first'],
      },
    );
  }
  if (!/[,:\n]/.test(path)) return;
  throw new ConcordError(
    'invalid-option',
    `invalid container: ${path} cannot be bound (its name has a comma or colon)`,
    {
      where: { file: path },
      remedy: ['use a link without them as the path'],
    },
  );
}

/**
 * Checks that the container sees the files that scans are read from, also where these are links to elsewhere.
 *
 * @throws ConcordError `invalid-dataset` naming one that it would not see.
 */
function requireVisible({ binds }: Container, files: readonly string[]): void {
  for (const file of files) {
    if (!existsSync(file)) continue;
    const real = realpathSync(file);
    if (binds.some((folder) => isWithin(real, folder))) continue;
    throw new ConcordError(
      'invalid-dataset',
      `${file} is a link to ${real}, which the container does not see`,
      {
        where: { file },
        remedy: advise`let it see that folder with ${option('containerBind', dirname(real))}`,
      },
    );
  }
}

/**
 * Asks the image which Concord it has.
 *
 * @returns a line that says so where it is not this version, or where there is nothing here to ask by
 * @throws ConcordError `invalid-option` where there is none in it.
 */
function triedImage(container: Container): readonly string[] {
  const [program, ...words] = containerWords(container);
  const tried = spawnSync(program, [...words, '--version'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (tried.error !== undefined)
    return [
      `${container.image} was not tried: ${program} cannot be run here; it must have concord ${version}`,
    ];
  const found = tried.stdout.trim();
  if (tried.status !== 0 || !/^\d+\.\d+\.\d+\S*$/.test(found)) {
    const said = tried.stderr.trim().split('\n').at(-1) ?? '';
    throw new ConcordError(
      'invalid-option',
      `invalid container: concord does not start in ${container.image}: ${said === '' ? `status ${tried.status}` : said}`,
      {
        where: { file: container.image },
        remedy: ['install concord-mri for all users when the image is made'],
      },
    );
  }
  return found === version
    ? []
    : [`the container has concord ${found}; the words were checked by ${version}`];
}
