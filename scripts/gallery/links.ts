import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** The HTML files of a site, by their paths in it. */
export function htmlFiles(site: string): readonly string[] {
  return readdirSync(site, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.html'))
    .map((path) => path.replaceAll('\\', '/'))
    .sort();
}

/** Every link, picture, script and style of the pages that is not there, and every anchor that its page lacks. */
export function brokenLinks(site: string): readonly string[] {
  const pages = new Map(htmlFiles(site).map((path) => [join(site, path), partsOf(join(site, path))]));
  return [...pages].flatMap(([page, { targets }]) =>
    targets.flatMap((target) => {
      const [path, anchor = ''] = target.split('#');
      const file = path === '' ? page : resolve(dirname(page), decodeURIComponent(path));
      const said = `${relative(site, page)} leads to ${target}`;
      if (!existsSync(file)) return [`${said}, which is not there`];
      const anchors = pages.get(file)?.anchors;
      const isThere = anchor === '' || anchors === undefined || anchors.has(decodeURIComponent(anchor));
      return isThere ? [] : [`${said}, but has no such anchor`];
    }),
  );
}

/** Where a page leads to inside the site, and where in it one can be led. */
function partsOf(path: string): {
  readonly targets: readonly string[];
  readonly anchors: ReadonlySet<string>;
} {
  // Scripts have HTML in strings, which is no part of the page yet.
  const html = readFileSync(path, 'utf8').replace(/(<script\b[^>]*>)[\s\S]*?<\/script>/gi, '$1');
  const tags = html.match(/<[a-z][^>]*>/gi) ?? [];
  const valuesOf = (names: string): readonly string[] =>
    tags.flatMap((tag) => {
      const [, value] = new RegExp(`\\s(?:${names})="([^"]*)"`, 'i').exec(tag) ?? [];
      return value === undefined ? [] : [value.replaceAll('&amp;', '&')];
    });
  const targets = valuesOf('href|src').filter(
    (target) => target !== '' && !/^(?:#icon-|[a-z]+:|\/\/)/i.test(target),
  );
  return { targets: [...new Set(targets)], anchors: new Set(valuesOf('id')) };
}
