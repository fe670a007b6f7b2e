import { dirname, join, relative, resolve, sep } from 'node:path';
import { ConcordError } from '../errors';
import { commonFolder } from '../io/files/common-folder';
import { requireAbsent } from '../io/files/write-file';
import { advise, option } from '../remedy';
import type { MapCohort } from './map-cohort';
import type { MapsPlace } from './maps-options';
import type { ScanFiles } from './maps-run';

/**
 * Where the maps of each scan are, and where they go: to the same place below another folder.
 *
 * @param ids - the scans that are used
 * @throws ConcordError `invalid-option` for files outside of `root`, two with the same place, or a place that is that of an input.
 */
export function scanFiles(
  { files }: MapCohort,
  ids: readonly string[],
  { out, root }: Pick<MapsPlace, 'out' | 'root'>,
): readonly ScanFiles[] {
  const all = [...files.values()].flat();
  const from = root === undefined ? commonFolder(all.map((file) => dirname(file))) : resolve(root);
  const outside = all.find(
    (file) => !`${dirname(file)}${sep}`.startsWith(from === sep ? sep : `${from}${sep}`),
  );
  if (outside !== undefined) {
    throw new ConcordError('invalid-option', `invalid root: ${outside} is not in ${from}`, {
      where: { file: outside },
      remedy: advise`name a folder that all maps are in with ${option('root')}`,
    });
  }
  const to = resolve(out);
  const scans = ids.map((id): ScanFiles => {
    const own = files.get(id) ?? [];
    return { id, from: own, to: own.map((file) => join(to, relative(from, file))) };
  });
  const inputs = new Set(all);
  const seen = new Map<string, string>();
  for (const { id, to: targets } of scans) {
    for (const target of targets) {
      if (inputs.has(target)) {
        throw new ConcordError(
          'invalid-option',
          `invalid out: ${target} is one of the maps to be harmonized`,
          {
            where: { file: target },
            remedy: advise`write into another folder with ${option('out')}`,
          },
        );
      }
      const other = seen.get(target);
      if (other !== undefined) {
        throw new ConcordError(
          'invalid-option',
          `same file: ${target} would be written for "${other}" and "${id}"`,
          {
            where: { subject: id },
          },
        );
      }
      seen.set(target, id);
    }
  }
  return scans;
}

/**
 * Makes sure that nothing is where maps are to be written.
 *
 * @throws ConcordError `file-exists`.
 */
export async function requireFree(scans: readonly ScanFiles[], others: readonly string[]): Promise<void> {
  for (const path of [...others, ...scans.flatMap(({ to }) => to)]) await requireAbsent(path);
}
