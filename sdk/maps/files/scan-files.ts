import { dirname, join, relative, resolve, sep } from 'node:path';
import { ConcordError } from '../../errors';
import { commonFolder } from '../../io/files/common-folder';
import { requireAbsent } from '../../io/files/write-file';
import { advise, option } from '../../remedy';
import type { MapCohort } from './map-cohort';
import type { MapsPlace } from '../maps-options';
import type { ScanFiles } from '../maps-run';

/**
 * Where the maps of each scan are, and where they go: to the same place below another folder.
 *
 * @param ids - the scans that are used: all of them where a file is a stack
 * @throws ConcordError `missing-value` for a scan that is not used though its map is in a stack; `invalid-option` for files outside of `root`, two with the same place, or a place that is that of an input.
 */
export function scanFiles(
  listed: MapCohort,
  ids: readonly string[],
  { out, root }: Pick<MapsPlace, 'out' | 'root'>,
): readonly ScanFiles[] {
  const { files, parts, stacks } = listed;
  requireAllOfStacks(listed, ids);
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
  const rows = new Map([...files.keys()].map((id, row) => [id, row]));
  const scans = ids.map((id): ScanFiles => {
    const own = files.get(id) ?? [];
    const frames = stacks.map((isStack) => (isStack ? rows.get(id) : undefined));
    return { id, from: own, frames, to: own.map((file) => join(to, relative(from, file))) };
  });
  const inputs = new Set(all);
  const seen = new Map<string, string>();
  for (const [row, { id, to: targets, frames }] of scans.entries()) {
    for (const [k, target] of targets.entries()) {
      // A stack is one file of all scans.
      const isStack = frames[k] !== undefined;
      if (isStack && row > 0) continue;
      const owner = isStack ? `all rows of ${parts[k]}` : `"${id}"`;
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
        // The part says which column is wrong where a scan names one file twice.
        const whose =
          other === owner ? `${owner} twice, the second time as ${parts[k]}` : `${other} and ${owner}`;
        throw new ConcordError('invalid-option', `same file: ${target} would be written for ${whose}`, {
          where: { subject: id },
          remedy: [
            'name a file for each scan and part, or, where one file holds the maps of all scans, name it in every row of its column',
          ],
        });
      }
      seen.set(target, owner);
    }
  }
  return scans;
}

/** A frame more or less would give all later maps to other scans. */
function requireAllOfStacks({ files, parts, stacks }: MapCohort, ids: readonly string[]): void {
  const part = stacks.indexOf(true);
  const used = new Set(ids);
  const left = [...files.keys()].find((id) => !used.has(id));
  if (part === -1 || left === undefined) return;
  const [file] = [...files.values()].map((own) => own[part]);
  throw new ConcordError(
    'missing-value',
    `scan left out: "${left}" has no value of a covariate, and its map is one of the stack ${file} of ${parts[part]}, ` +
      'which would be without it, so that its frames were no longer those of the rows',
    {
      where: { subject: left, file },
      remedy: ['fill in the value, or make the stack and the table without this scan'],
    },
  );
}

/**
 * Makes sure that nothing is where maps are to be written.
 *
 * @throws ConcordError `file-exists`.
 */
export async function requireFree(scans: readonly ScanFiles[], others: readonly string[]): Promise<void> {
  for (const path of [...others, ...writtenFiles(scans)]) await requireAbsent(path);
}

/** The files that are written: a stack of all scans once. */
export function writtenFiles(scans: readonly ScanFiles[]): readonly string[] {
  return [...new Set(scans.flatMap(({ to }) => to))];
}
