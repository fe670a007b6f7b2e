import { join } from 'node:path';
import { ConcordError } from '../../../errors';
import { version } from '../../../version';
import { isThere, writeFileSafely } from '../../files/write-file';
import type { DatasetDescription } from '../dataset-description';
import { descriptionFile, packageName, isOurs, readDescription } from '../dataset-description';
import { listFolder } from '../list-folder';
import type { SourceLinks } from './source-links';
import type { WriteBidsOptions } from './write-bids-options';
import { advise, option } from '../../../remedy';

/**
 * Looks at the folder a dataset is to be written into.
 *
 * @returns the description of the dataset that an earlier run of this package wrote there; `undefined` where the folder
 * is empty or not there
 * @throws ConcordError `file-exists` when something else is there, or such a dataset and none of `resume`, `overwrite`
 * and `add` is set; `invalid-option` when one is raw and the other a derivative.
 */
export async function inspectTarget(
  root: string,
  options: WriteBidsOptions,
): Promise<DatasetDescription | undefined> {
  const { overwrite = false, resume = false, add = false, raw = false } = options;
  if (!(await isThere(root))) return undefined;
  const entries = (await listFolder(root)).filter(({ name }) => !name.startsWith('.'));
  if (entries.length === 0) return undefined;
  const there = (await isThere(join(root, descriptionFile))) ? await readDescription(root) : undefined;
  if (there === undefined || !isOurs(there)) {
    throw new ConcordError(
      'file-exists',
      `file exists: ${root} is not empty and holds no dataset that ${packageName} wrote, so nothing is written into it ` +
        '(choose another folder)',
      { where: { file: root } },
    );
  }
  if (!overwrite && !resume && !add) throw thereAlready(root, `${root} holds a dataset already`);
  if (raw !== (there.DatasetType === 'raw')) {
    throw new ConcordError(
      'invalid-option',
      `invalid output: ${root} holds a dataset of type "${there.DatasetType}" (raw and derived scans do not mix)`,
      { where: { file: root } },
    );
  }
  return there;
}

/** The error for results of an earlier run, where nobody said what is to become of them. */
export function thereAlready(file: string, what: string): ConcordError {
  return new ConcordError('file-exists', `file exists: ${what}`, {
    where: { file },
    remedy: advise`add to it with ${option('resume', true)}, replace files with ${option('overwrite', true)}, or choose another folder`,
  });
}

/**
 * Writes `dataset_description.json` and a README. What an earlier run described stays, sources are added.
 *
 * @returns the files, within the dataset
 */
export async function writeDescription(
  root: string,
  there: DatasetDescription | undefined,
  { links, options }: { readonly links: SourceLinks; readonly options: WriteBidsOptions },
): Promise<readonly string[]> {
  const { raw = false, desc = 'harmonized', pipelineName } = options;
  const name = pipelineName ?? (raw ? 'Concord: scans' : `Concord: ${desc} scans`);
  const sources = distinct([...listOf(there?.['SourceDatasets']), ...links.datasets]);
  const datasetLinks = { ...recordOf(there?.['DatasetLinks']), ...links.links };
  const description = {
    Name: name,
    BIDSVersion: '1.10.0',
    DatasetType: raw ? 'raw' : 'derivative',
    GeneratedBy: [{ Name: packageName, Version: version }],
    ...there,
    ...(raw || Object.keys(datasetLinks).length === 0 ? {} : { DatasetLinks: datasetLinks }),
    ...(raw || sources.length === 0 ? {} : { SourceDatasets: sources }),
  };
  await writeFileSafely(join(root, descriptionFile), jsonText(description), {
    overwrite: there !== undefined,
  });
  if (await isThere(join(root, 'README.md'))) return [descriptionFile];
  await writeFileSafely(join(root, 'README.md'), readme(name, raw));
  return [descriptionFile, 'README.md'];
}

/** JSON as files of a dataset have it. */
export function jsonText(content: unknown): string {
  return `${JSON.stringify(content, null, 2)}\n`;
}

function readme(name: string, raw: boolean): string {
  const kind = raw ? 'This dataset was' : 'This BIDS derivative was';
  return [
    `# ${name}`,
    '',
    `${kind} written by ${packageName} ${version}. The JSON file beside each image says how it was made: its field`,
    '`Provenance` lists every step with its options, the oldest first.',
    '',
    'Sites and covariates are in `participants.tsv`, and in the sessions file of a subject where they differ from',
    'session to session.',
    '',
  ].join('\n');
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function distinct(values: readonly unknown[]): readonly unknown[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
