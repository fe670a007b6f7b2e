import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { checkout } from '../checkout';
import type { Page } from './page';
import { describe, titleOf } from './page';

/** The folders of the checkout whose Markdown is in the site, in the order of the first page. */
const folders = ['how-to', 'guide'];

/** The pages in Markdown, by their folder. */
export function guidePages(): ReadonlyMap<string, readonly Page[]> {
  return new Map(folders.map((folder) => [folder, pagesIn(join(checkout, folder))]));
}

function pagesIn(folder: string): readonly Page[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.md'));
  return names.sort().map((name) => {
    const markdown = readFileSync(join(folder, name), 'utf8');
    const [title, sentence] = [titleOf(markdown), describe(markdown)];
    return { name: basename(name, '.md'), title, sentence, markdown, outputs: new Map() };
  });
}
