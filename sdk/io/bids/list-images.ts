import { join } from 'node:path';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { ConcordError } from '../../errors';
import type { BidsName } from './bids-name';
import { bareLabel, parseBidsName } from './bids-name';
import { listFolder } from './list-folder';

/** An image of a dataset. */
export interface BidsImage {
  /** From the root of the file system. */
  readonly path: string;
  /** Its folder within the dataset, `/` between the parts: `sub-01/ses-A/anat`. */
  readonly folder: string;
  readonly file: string;
  /** With the session of its folder, should the file not name it. */
  readonly name: BidsName;
  /** Whether it is a link that leads to nothing. */
  readonly dangling: boolean;
}

/** What {@link listImages} found. */
export interface ImageListing {
  readonly images: readonly BidsImage[];
  readonly issues: readonly Issue[];
}

/**
 * Lists the NIfTI files of a dataset: those in the folders of subjects and sessions and one level below. Only
 * names are read.
 *
 * @param wanted - which subject folders to look into, by the label without `sub-`
 * @throws ConcordError `unreadable-file` when the dataset's folder cannot be listed.
 */
export async function listImages(root: string, wanted: (label: string) => boolean): Promise<ImageListing> {
  const folders = (await listFolder(root)).filter(
    ({ name, kind }) => kind === 'folder' && /^sub-./i.test(name),
  );
  const images: BidsImage[] = [];
  const issues: Issue[] = [];
  for (const { name } of folders) {
    if (wanted(bareLabel('sub', name))) await visit(root, name, { images, issues });
  }
  return { images, issues };
}

interface Findings {
  readonly images: BidsImage[];
  readonly issues: Issue[];
}

async function visit(root: string, folder: string, found: Findings): Promise<void> {
  const depth = folder.split('/').length;
  const inSession = /\/ses-[^/]*$/i.test(folder);
  const entries = await listFolder(join(root, folder)).catch((error: unknown) => {
    if (!(error instanceof ConcordError)) throw error;
    found.issues.push(
      makeIssue('unusable-scan', `${folder}: ${error.problem}`, { file: folder }, error.remedy),
    );
    return [];
  });
  for (const { name, kind } of entries) {
    // Subject, session, kind of data: nothing is deeper, and a link back upwards ends here.
    if (kind === 'folder' && (depth === 1 || inSession)) await visit(root, `${folder}/${name}`, found);
    if (kind === 'folder' || /\.json$/i.test(name)) continue;
    const parsed = parseBidsName(name);
    if (parsed?.entities.has('sub') !== true) continue;
    addImage(
      { path: join(root, folder, name), folder, file: name, name: parsed, dangling: kind === 'dangling' },
      found,
    );
  }
}

function addImage(image: BidsImage, found: Findings): void {
  const { folder, file, name } = image;
  const [subject, session = ''] = folder.split('/');
  const label = name.entities.get('sub') ?? '';
  if (label !== bareLabel('sub', subject)) {
    const message = `${folder}/${file}: left out: the name says sub-${label}, but it is in the folder of ${subject}`;
    found.issues.push(makeIssue('unusable-scan', message, { file: `${folder}/${file}`, subject }));
    return;
  }
  const inferred =
    /^ses-/i.test(session) && !name.entities.has('ses') ? bareLabel('ses', session) : undefined;
  const entities = inferred === undefined ? name.entities : new Map([...name.entities, ['ses', inferred]]);
  found.images.push({ ...image, name: { ...name, entities } });
}
