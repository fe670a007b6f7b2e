import { dirname, join, resolve } from 'node:path';
import { listNames } from '../../data/list-names';
import { suggestName } from '../../data/nearest-names';
import { ConcordError } from '../../errors';
import { mostSidecar, readJsonFile } from '../files/read-file';
import { isThere } from '../files/write-file';
import { listFolder } from './list-folder';
import { advise, call, either } from '../../remedy';

/** A BIDS dataset: where it is and what its `dataset_description.json` says. */
export interface BidsDataset {
  /** Its folder, from the root of the file system. */
  readonly root: string;
  readonly description: DatasetDescription;
  /** The folder of the dataset in whose folder `derivatives` it is, whose participants and sidecars serve it as well. */
  readonly parent?: string;
}

/** What Concord reads of a `dataset_description.json`. */
export interface DatasetDescription {
  readonly Name?: string;
  readonly DatasetType?: string;
  readonly DatasetDOI?: string;
  readonly GeneratedBy?: readonly { readonly Name?: string }[];
  readonly [key: string]: unknown;
}

/** The file that makes a folder a BIDS dataset. */
export const descriptionFile = 'dataset_description.json';

/** The name of this package in `GeneratedBy`. */
export const packageName = 'concord-mri';

/** Whether this package wrote a dataset. */
export function isOurs({ GeneratedBy }: DatasetDescription): boolean {
  return GeneratedBy?.some(({ Name }) => Name === packageName) === true;
}

/**
 * Opens a dataset, or the derivative of that name in its folder `derivatives`.
 *
 * @throws ConcordError `invalid-dataset` when it is none; `unreadable-file`.
 */
export async function openDataset(path: string, derivative?: string): Promise<BidsDataset> {
  const base = resolve(path);
  const root = derivative === undefined ? base : join(base, 'derivatives', derivative);
  if (derivative !== undefined && !(await isThere(root))) throw await unknownDerivative(base, derivative);
  await listFolder(root);
  if (!(await isThere(join(root, descriptionFile)))) {
    throw new ConcordError('invalid-dataset', `invalid dataset: ${root} has no ${descriptionFile}`, {
      where: { file: root },
      remedy: [
        either(
          'name the top folder of a BIDS dataset',
          advise`load files of another layout with ${call('loadVolumes')}`,
        ),
      ],
    });
  }
  const description = await readDescription(root);
  const parent = derivative === undefined ? await parentOf(root) : base;
  return { root, description, ...(parent === undefined ? {} : { parent }) };
}

/**
 * Reads the description of the dataset in a folder.
 *
 * @throws ConcordError `unreadable-file`; `invalid-dataset` when it is not a JSON object.
 */
export async function readDescription(root: string): Promise<DatasetDescription> {
  const path = join(root, descriptionFile);
  const content = await readJsonFile(path, { malformed: 'invalid-dataset', most: mostSidecar });
  if (typeof content === 'object' && content !== null && !Array.isArray(content)) {
    return content as DatasetDescription;
  }
  throw new ConcordError('invalid-dataset', `invalid dataset: ${path} does not hold a JSON object`, {
    where: { file: path },
  });
}

/** The folder of the dataset that a file belongs to, going upwards; `undefined` where there is none. */
export async function datasetOf(file: string): Promise<string | undefined> {
  let folder = dirname(resolve(file));
  while (!(await isThere(join(folder, descriptionFile)))) {
    const above = dirname(folder);
    if (above === folder) return undefined;
    folder = above;
  }
  return folder;
}

/** A derivative in `<dataset>/derivatives/<name>` belongs to that dataset. */
async function parentOf(root: string): Promise<string | undefined> {
  const above = dirname(root);
  const parent = dirname(above);
  const nested = above === join(parent, 'derivatives');
  return nested && (await isThere(join(parent, descriptionFile))) ? parent : undefined;
}

async function unknownDerivative(base: string, derivative: string): Promise<ConcordError> {
  const entries = await listFolder(join(base, 'derivatives')).catch(() => []);
  const names = entries.filter(({ kind }) => kind === 'folder').map(({ name }) => name);
  const there = names.length === 0 ? 'it has none' : `there are ${listNames(names)}`;
  const remedy = suggestName(derivative, names, there);
  return new ConcordError(
    'invalid-dataset',
    `unknown derivative: "${derivative}" is not in ${join(base, 'derivatives')} (${remedy})`,
    { where: { file: base } },
  );
}
