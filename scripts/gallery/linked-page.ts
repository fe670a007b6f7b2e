import { statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { checkout } from '../checkout';

/** Where a page is, and what there is besides it. */
export interface LinkedPageOptions {
  /** The folder of the checkout that the page is in. */
  readonly folder: string;
  /** The pages of the site, as paths of Markdown in the checkout. */
  readonly pages: readonly string[];
  /** Names of the reference, which become links where they are code in a sentence. */
  readonly names: ReadonlySet<string>;
}

/** A page whose links hold in the site, and the files of the checkout that it shows or links to. */
export interface LinkedPage {
  readonly markdown: string;
  readonly copied: readonly string[];
}

/**
 * Points the links of a page, which are those of the repository, to pages of the site: notebooks are pages there, and the
 * README is its first one.
 *
 * @throws Error for a link to what is not there.
 */
export function linkedPage(markdown: string, options: LinkedPageOptions): LinkedPage {
  const copied = new Set<string>();
  const parts = markdown.split(/^(```[\s\S]*?^```)/m);
  const linked = parts.map((part) =>
    part.startsWith('```') ? part : withNames(withLinks(part, options, copied), options.names),
  );
  return { markdown: linked.join(''), copied: [...copied] };
}

function withLinks(text: string, { folder, pages }: LinkedPageOptions, copied: Set<string>): string {
  return text.replace(/\]\(([^)#\s]+)(#[^)\s]*)?\)/g, (whole, target: string, anchor = '') => {
    if (/^[a-z]+:/i.test(target)) return whole;
    const path = posix.normalize(posix.join(folder, target));
    if (path === 'README.md') return `](${posix.relative(folder, 'index.md')})`;
    const page = path.replace(/\.ipynb$/, '.md');
    if (pages.includes(page)) return `](${posix.relative(folder, page)}${anchor})`;
    const found = statSync(join(checkout, path), { throwIfNoEntry: false });
    if (found?.isFile() !== true) throw new Error(`broken link in ${folder}: ${target}`);
    copied.add(path);
    return whole;
  });
}

/** `fitCombat` in a sentence leads to its page of the reference; in the text of a link it stays. */
function withNames(text: string, names: ReadonlySet<string>): string {
  return text.replace(/(?<![[`\w])`(\w+)(?:\(\))?`(?![\w`\]])/g, (whole, name: string) =>
    names.has(name) ? `{@link ${name} | ${whole}}` : whole,
  );
}
