import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const root = resolve(__dirname, '..');
const pages = ['README.md', ...readdirSync(join(root, 'guide')).map((name) => `guide/${name}`)];

/** What GitHub calls the place of a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');
}

/** The links of a page to files of the repository, and what is wrong with them. */
function brokenLinks(page: string): readonly string[] {
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link]) => {
    if (/^https?:/.test(link)) return [];
    const [file, anchor] = link.split('#');
    const path = file === '' ? join(root, page) : join(root, dirname(page), file);
    if (!existsSync(path)) return [`${page}: ${link}`];
    if (anchor === undefined) return [];
    const headings = [...readFileSync(path, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
      anchorOf(heading),
    );
    return headings.includes(anchor) ? [] : [`${page}: ${link}`];
  });
}

describe('the README and the guide', () => {
  it('have links that lead somewhere', () => {
    assert.deepEqual(pages.flatMap(brokenLinks), []);
  });

  it('leave no page out: the README leads to each', () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    assert.deepEqual(
      pages.slice(1).filter((page) => !readme.includes(`](${page})`)),
      [],
    );
  });
});
