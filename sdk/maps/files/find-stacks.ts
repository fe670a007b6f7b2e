import { basename } from 'node:path';
import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { counted } from '../../data/counted';
import { openStack } from '../../io/maps/map-file';
import { imageError } from '../../io/volumes/image-error';

/** Which parts have the maps of all scans in one file. */
export interface FoundStacks {
  readonly stacks: readonly boolean[];
  readonly issues: readonly Issue[];
}

/**
 * Finds the parts for which all scans name one file, and makes sure that it holds as many maps. Nothing in such a file says whose
 * map is whose: they are taken in the order of the scans, and an Issue says so.
 *
 * @param files - the files of each id, in the order of `parts`
 * @param rows - what messages call the scans: `rows of scans.csv`
 * @throws ConcordError `different-grids` for another number of maps; `unsupported-format` for a format without stacks.
 */
export async function findStacks(
  files: ReadonlyMap<string, readonly string[]>,
  parts: readonly string[],
  rows: string,
): Promise<FoundStacks> {
  const [first, ...others] = files.values();
  const stacks = parts.map((_, k) => others.length > 0 && others.every((own) => own[k] === first[k]));
  const issues: Issue[] = [];
  for (const [k, part] of parts.entries()) {
    if (!stacks[k]) continue;
    await requireFrames(first[k], { part, count: files.size });
    const message = `maps of ${part} are the ${files.size} frames of ${basename(first[k])}, in the order of the ${rows}`;
    issues.push(makeIssue('stacked-maps', message, { file: basename(first[k]) }));
  }
  return { stacks, issues };
}

async function requireFrames(
  file: string,
  { part, count }: { readonly part: string; readonly count: number },
): Promise<void> {
  const { frames, vertices } = (await openStack(file)) ?? { frames: 1, vertices: 0 };
  if (frames === count) return;
  const turned =
    vertices === count
      ? ', of as many values as there are scans: if it is vertices × scans, save it turned round'
      : '';
  throw imageError(
    'different-grids',
    file,
    `different numbers: ${file} holds ${counted(frames, 'map')}${turned}, and ${counted(count, 'scan')} name it for ${part}`,
    {
      remedy: [
        'name a file of its own for each scan, or one file with a map of each scan, in the same order: frames of an MGH file, or a .npy of scans × vertices',
      ],
    },
  );
}
