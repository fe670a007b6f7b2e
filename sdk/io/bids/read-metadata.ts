import { join } from 'node:path';
import { ConcordError } from '../../errors';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { mostSidecar, readJsonFile } from '../files/read-file';
import type { BidsName } from './bids-name';
import { parseBidsName, sameLabelOf, sameSuffix } from './bids-name';
import { danglingLink, listFolder } from './list-folder';
import type { BidsImage } from './list-images';

/** The fields of the JSON sidecars that apply to an image. */
export type Metadata = Readonly<Record<string, unknown>>;

/** Reads metadata image by image, each JSON file once. */
export interface MetadataReader {
  read(image: BidsImage): Promise<Metadata>;
  /** One for each JSON file that could not be read. */
  issues(): readonly Issue[];
}

/**
 * Reads JSON sidecars by the inheritance principle of BIDS: a file applies to an image when it is in the image's
 * folder or above, has the same suffix, and every entity of its name is in the image's name; numbers may have leading
 * zeros. Nearer files win over those further up, and fuller names over shorter ones in the same folder.
 *
 * @param roots - the folders of the datasets that apply, the least specific first: a derivative inherits from the
 * dataset it was made from
 */
export function metadataReader(roots: readonly string[]): MetadataReader {
  const folders = new Map<string, Promise<readonly Sidecar[]>>();
  const contents = new Map<string, Promise<Metadata>>();
  const issues: Issue[] = [];
  const once = <Value>(
    known: Map<string, Promise<Value>>,
    key: string,
    make: () => Promise<Value>,
  ): Promise<Value> => {
    const value = known.get(key) ?? make();
    known.set(key, value);
    return value;
  };
  const contentOf = (sidecar: Sidecar): Promise<Metadata> =>
    once(contents, sidecar.path, () => readSidecar(sidecar, issues));
  return {
    async read(image) {
      const parts = image.folder.split('/');
      const levels = parts.map((_, depth) => parts.slice(0, depth + 1).join('/'));
      const found: Sidecar[] = [];
      for (const root of roots) {
        for (const level of ['', ...levels]) {
          const folder = join(root, level);
          const sidecars = await once(folders, folder, () => listSidecars(folder, level));
          found.push(...sidecars.filter((sidecar) => applies(sidecar.name, image.name)));
        }
      }
      const fields = await Promise.all(found.map(contentOf));
      return Object.assign({}, ...fields) as Metadata;
    },
    issues: () => issues,
  };
}

interface Sidecar {
  readonly path: string;
  /** Within the dataset. */
  readonly place: string;
  readonly name: BidsName;
  readonly dangling: boolean;
}

async function listSidecars(folder: string, level: string): Promise<readonly Sidecar[]> {
  // A derivative may have subjects and sessions that its source lacks.
  const entries = await listFolder(folder).catch(() => []);
  return entries
    .flatMap(({ name: file, kind }) => {
      const name = kind === 'folder' || !/\.json$/i.test(file) ? undefined : parseBidsName(file);
      const place = level === '' ? file : `${level}/${file}`;
      return name === undefined
        ? []
        : [{ path: join(folder, file), place, name, dangling: kind === 'dangling' }];
    })
    .sort((a, b) => a.name.entities.size - b.name.entities.size);
}

function applies(sidecar: BidsName, image: BidsName): boolean {
  if (!sameSuffix(sidecar.suffix, image.suffix)) return false;
  return [...sidecar.entities].every(([key, label]) => {
    const own = image.entities.get(key);
    return own !== undefined && sameLabelOf(key, own, label);
  });
}

async function readSidecar({ path, place, dangling }: Sidecar, issues: Issue[]): Promise<Metadata> {
  try {
    if (dangling) throw await danglingLink(path);
    const content = await readJsonFile(path, { malformed: 'invalid-dataset', most: mostSidecar });
    if (typeof content === 'object' && content !== null && !Array.isArray(content))
      return content as Metadata;
    throw new ConcordError('invalid-dataset', `invalid sidecar: ${path} does not hold a JSON object`);
  } catch (error) {
    if (!(error instanceof ConcordError)) throw error;
    issues.push(
      makeIssue('unreadable-sidecar', error.problem.replaceAll(path, place), { file: place }, error.remedy),
    );
    return {};
  }
}
