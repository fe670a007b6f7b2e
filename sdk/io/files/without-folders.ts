import { basename, normalize } from 'node:path';
import type { Issue } from '../../data/issue';

/** The issue with paths shortened to names: in reports and notebooks the folders of one machine mean nothing. */
export function withoutFolders(issue: Issue, paths: readonly string[]): Issue {
  // What is in the folder ./subjects/ is named subjects/… in messages.
  const spellings = paths
    .map((path) => path.replace(/[\\/]+$/, ''))
    .flatMap((path) => [path, normalize(path)]);
  const shorten = (text: string): string =>
    spellings.reduce((short, path) => {
      const name = basename(path);
      return name === '' || name === path ? short : short.replaceAll(path, name);
    }, text);
  const { file } = issue.where;
  const where = file === undefined ? issue.where : { ...issue.where, file: shorten(file) };
  return { ...issue, message: shorten(issue.message), where };
}
