import { realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { VolumeCohort } from '../../../data/cohort';
import { ConcordError } from '../../../errors';
import { datasetOf, isOurs, readDescription } from '../dataset-description';
import { commonFolder } from '../../files/common-folder';

/** Where the scans of a cohort come from, as a derivative says it. */
export interface SourceLinks {
  /** The folders of the sources by name, from the folder of the derivative: `{ raw: '../..' }`. */
  readonly links: Readonly<Record<string, string>>;
  /** What is known of the sources that have an identifier of their own. */
  readonly datasets: readonly { readonly DOI: string }[];
  /** The BIDS URI of the file of each scan, such as `bids:raw:sub-01/anat/sub-01_T1w.nii.gz`. */
  readonly uris: readonly (string | undefined)[];
}

/**
 * Finds the datasets that the scans of a cohort were read from. Files outside any dataset are named from the folder they
 * have in common.
 *
 * @param root - the folder to be written, from the root of the file system
 * @param images - the images to be written, within that folder
 * @throws ConcordError `invalid-option` when it is one of these datasets: sources are never written into. Only a derivative of
 * this package takes what is made of its own images, under other names.
 */
export async function sourceLinks(
  cohort: VolumeCohort,
  root: string,
  images: readonly string[],
): Promise<SourceLinks> {
  const files = cohort.scans.map(({ file }) => (file === undefined ? undefined : resolve(file)));
  const homes = await homesOf(files.filter((file) => file !== undefined));
  const names = new Map<string, string>();
  const datasets: { DOI: string }[] = [];
  const target = await realPath(root);
  for (const home of new Set(homes.values())) {
    const description = await readDescription(home).catch(() => undefined);
    if ((await realPath(home)) === target) {
      const replaces = images.some((image) => files.includes(join(home, image)));
      if (replaces || description?.DatasetType !== 'derivative' || !isOurs(description))
        throw intoSource(root);
      // A BIDS URI within the dataset names none.
      names.set(home, '');
      continue;
    }
    if (typeof description?.DatasetDOI === 'string') datasets.push({ DOI: description.DatasetDOI });
    const kind =
      description === undefined ? 'files' : description.DatasetType === 'derivative' ? 'derivative' : 'raw';
    const taken = [...names.values()].filter((name) => name.startsWith(kind)).length;
    names.set(home, taken === 0 ? kind : `${kind}${taken + 1}`);
  }
  const portable = (from: string, to: string): string => relative(from, to).split(sep).join('/');
  return {
    links: Object.fromEntries(
      [...names].filter(([, name]) => name !== '').map(([home, name]) => [name, portable(root, home)]),
    ),
    datasets,
    uris: files.map((file) => {
      const home = file === undefined ? undefined : homes.get(dirname(file));
      if (file === undefined || home === undefined) return undefined;
      return `bids:${names.get(home)}:${encodeURI(portable(home, file))}`;
    }),
  };
}

/** The dataset of each folder that holds scans. */
async function homesOf(files: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const homes = new Map<string, string>();
  const strays: string[] = [];
  for (const folder of new Set(files.map((file) => dirname(file)))) {
    const home = await datasetOf(join(folder, 'file'));
    if (home === undefined) strays.push(folder);
    else homes.set(folder, home);
  }
  const shared = commonFolder(strays);
  for (const folder of strays) homes.set(folder, shared);
  return homes;
}

/** The path with every link followed; where nothing is there yet, that of the folder above. */
async function realPath(path: string): Promise<string> {
  const above = dirname(path);
  if (above === path) return path;
  return realpath(path).catch(async () => join(await realPath(above), basename(path)));
}

function intoSource(root: string): ConcordError {
  return new ConcordError(
    'invalid-option',
    `invalid output: ${root} is the dataset that is read here, and sources are never written into (choose another ` +
      'folder, for example derivatives/concord inside it)',
    { where: { file: root } },
  );
}
