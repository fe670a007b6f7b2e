// A plugin of typedoc: the sections of the reference are those of sdk/index.ts. What is exported below the comment
// `// Plot` is in the section "Plot", in the page, the navigation and the search; nothing is said twice.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Comment, CommentTag } from 'typedoc';

const frontDoor = resolve(import.meta.dirname, '..', '..', 'sdk', 'index.ts');

/** Sections of the pages that are no code. */
const pages = ['How to', 'Notebooks', 'Guide'];

/**
 * The section of each name that the front door exports, in their order.
 *
 * @param {string} source - the text of `sdk/index.ts`
 * @returns {Map<string, string>}
 */
export function sectionsOf(source) {
  const sections = new Map();
  let section = '';
  // Names in braces may be on several lines; a section lasts until the next.
  for (const [, comment, space, names] of source.matchAll(
    /^\/\/ ([^:\n]+).*$|^export \* as (\w+) |^export (?:type )?\{([^}]*)\}/gm,
  )) {
    if (comment !== undefined) section = comment.trim();
    else if (space !== undefined) sections.set(space, section);
    else for (const name of names.match(/\w+/g) ?? []) sections.set(name, section);
  }
  return sections;
}

/** @param {import('typedoc').Application} app */
export function load(app) {
  const sections = sectionsOf(readFileSync(frontDoor, 'utf8'));
  // Options are read, and set back, after plugins were loaded.
  app.on('bootstrapEnd', () =>
    app.options.setValue('categoryOrder', [...pages, ...new Set(sections.values())]),
  );
  // Before typedoc makes its categories, at -200.
  app.converter.on('resolveEnd', ({ project }) => {
    for (const child of project.children ?? []) {
      const section = sections.get(child.name);
      if (section === undefined || child.isDocument()) continue;
      const comment = child.signatures?.[0]?.comment ?? (child.comment ??= new Comment());
      if (comment.getTag('@category') === undefined) {
        comment.blockTags.push(new CommentTag('@category', [{ kind: 'text', text: section }]));
      }
    }
  });
}
