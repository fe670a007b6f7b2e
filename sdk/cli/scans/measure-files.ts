import { dirname, join, relative } from 'node:path';
import type { Scan } from '../../data/images/scan';
import { isIssue } from '../../data/issue';
import { isJsonObject } from '../../data/json';
import type { QualityFigures } from '../../evaluate/quality/quality-figures';
import { fileDigest } from '../../io/files/file-digest';
import { makeFolder } from '../../io/files/make-folder';
import { readJsonFile } from '../../io/files/read-file';
import { isThere, writeFileSafely } from '../../io/files/write-file';
import { placedIssues, storedIssues } from '../../io/bids/written/scan-issues';
import { isScanMark } from '../../math/images/scan-mark';
import type { KeptMeasures } from '../../report/kept-measures';
import { version } from '../../version';

/** Where measurements are kept in a dataset; validators pass over names that begin with a dot. */
const folder = join('.concord', 'measured');

/**
 * Keeps measurements in a dataset, a small file for each scan. They hold for the bytes of the image and its mask and for the
 * version of the package that measured them.
 */
export function measureFiles(root: string): KeptMeasures {
  const digests = new Map<string, Promise<string>>();
  const contentOf = ({ id, file = '', mask }: Scan): Promise<string> => {
    const found = digests.get(id) ?? digestOf([file, ...(mask === undefined ? [] : [mask])]);
    digests.set(id, found);
    return found;
  };
  return {
    find: async (scan) => {
      const path = pathOf(root, scan);
      if (path === undefined || !(await isThere(path))) return undefined;
      // What cannot be read is measured again.
      const kept: unknown = await readJsonFile(path).catch(() => undefined);
      const { content, measured, figures, mark, issues } = (kept ?? {}) as Readonly<Record<string, unknown>>;
      if (measured !== version || content !== (await contentOf(scan))) return undefined;
      if (!isFigures(figures) || !Array.isArray(issues) || !issues.every(isIssue)) return undefined;
      // Null where too little of the scan is brain.
      if (mark !== null && !isScanMark(mark)) return undefined;
      return { figures, ...(mark === null ? {} : { mark }), issues: placedIssues(issues, scan) };
    },
    keep: async (scan, { figures, mark = null, issues }) => {
      const path = pathOf(root, scan);
      // A number that JSON has no way to write would come back as another.
      if (path === undefined || !isFigures(figures)) return;
      await makeFolder(dirname(path));
      const record = {
        measured: version,
        content: await contentOf(scan),
        figures,
        mark,
        issues: storedIssues(issues, scan),
      };
      await writeFileSafely(path, `${JSON.stringify(record)}\n`, { overwrite: true });
    },
  };
}

function isFigures(value: unknown): value is QualityFigures {
  return (
    isJsonObject(value) &&
    Object.values(value).every((figure) => figure === null || Number.isFinite(figure)) &&
    ['maskVolume', 'cutOff', 'cnr'].every((name) => name in value)
  );
}

/** Where the measurements of a scan of the dataset are; others have no place. */
function pathOf(root: string, { file }: Scan): string | undefined {
  const inside = file === undefined ? '..' : relative(root, file);
  return inside.startsWith('..') ? undefined : join(root, folder, `${inside}.json`);
}

async function digestOf(files: readonly string[]): Promise<string> {
  const found: string[] = [];
  for (const file of files) found.push(await fileDigest(file));
  return found.join(' ');
}
