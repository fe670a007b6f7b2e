import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { transform } from 'esbuild';
import { checkout } from '../checkout';
import { replaceFolder } from './replace-folder';
import { firstPage, referenceId } from './first-page';
import { linkedPage } from './linked-page';
import type { NotebookPage } from './notebook-page';
import type { Page } from './page';
import { withOutputs } from './page';

/** What the site is made of. */
export interface Site {
  readonly notebooks: readonly NotebookPage[];
  /** Pages that say how to do one thing, by the folder of the checkout that they are in. */
  readonly guides: ReadonlyMap<string, readonly Page[]>;
  /** Whether the reference is there; without it the site is made in a quarter of the time. */
  readonly reference: boolean;
}

/** The sections that pages are in, by their folder. */
const sections: Readonly<Record<string, string>> = {
  'how-to': 'How to',
  notebooks: 'Notebooks',
  guide: 'Guide',
};

/**
 * Makes the site in a folder: pages in Markdown and the reference, by typedoc, with its search over all of it, which needs
 * no server. typedoc makes the reference anyhow; nbconvert (HTML of single notebooks, without links, search or a common
 * look), Docusaurus and VitePress (both need a server for their search, and hundreds of packages) were declined.
 *
 * @throws Error where typedoc warns of anything: a link that goes nowhere, an export that is not documented.
 */
export async function buildSite(site: Site, out: string): Promise<void> {
  const stage = mkdtempSync(join(tmpdir(), 'concord-gallery-'));
  const part = `${resolve(out)}.part`;
  try {
    const documents = stagePages(site, { stage, names: await namesOf(site) });
    await runTypedoc({ site, stage, documents, out: part });
    await writePlotly(site, join(part, 'assets', 'plotly.js'));
    replaceFolder(part, resolve(out));
  } finally {
    rmSync(stage, { recursive: true, force: true });
    rmSync(part, { recursive: true, force: true });
  }
}

/** Plotly, once for all pages: 10 MB as it comes, 5 MB where it is worth the seconds. */
async function writePlotly({ reference }: Site, path: string): Promise<void> {
  const source = require.resolve('plotly.js-dist');
  if (!reference) return copyFileSync(source, path);
  const { code } = await transform(readFileSync(source, 'utf8'), { minify: true, legalComments: 'inline' });
  writeFileSync(path, code);
}

/** The names that have a page in the reference. */
async function namesOf({ reference }: Site): Promise<ReadonlySet<string>> {
  const { sectionsOf } = await import('./sections.mjs');
  const source = readFileSync(join(checkout, 'sdk', 'index.ts'), 'utf8');
  return new Set(reference ? sectionsOf(source).keys() : []);
}

/** Writes the pages for typedoc to read, as they are beside each other in the checkout. */
function stagePages(
  { notebooks, guides }: Site,
  { stage, names }: { readonly stage: string; readonly names: ReadonlySet<string> },
): readonly string[] {
  const groups = [...guides, ['notebooks', notebooks] as const];
  const pages = groups.flatMap(([folder, group]) => group.map(({ name }) => `${folder}/${name}.md`));
  return groups.flatMap(([folder, group]) =>
    group.map((page) => {
      const path = join(stage, folder, `${page.name}.md`);
      mkdirSync(dirname(path), { recursive: true });
      const { markdown, copied } = linkedPage(page.markdown, { folder, pages, names });
      for (const file of copied) {
        mkdirSync(join(stage, dirname(file)), { recursive: true });
        copyFileSync(join(checkout, file), join(stage, file));
      }
      const head = `---\ntitle: ${JSON.stringify(page.title)}\ncategory: ${sections[folder]}\n---\n\n`;
      writeFileSync(path, head + markdown);
      return path;
    }),
  );
}

interface TypedocRun {
  readonly site: Site;
  readonly stage: string;
  readonly documents: readonly string[];
  readonly out: string;
}

async function runTypedoc({ site, stage, documents, out }: TypedocRun): Promise<void> {
  const { Application, TSConfigReader } = await import('typedoc');
  writeFileSync(join(stage, 'index.md'), firstPage(site));
  mkdirSync(join(stage, 'pictures'));
  for (const { name, picture } of site.notebooks) {
    if (picture !== undefined)
      writeFileSync(join(stage, 'pictures', `${name}.png`), Buffer.from(picture, 'base64'));
  }
  const none = join(stage, 'none.ts');
  writeFileSync(none, '/** Nothing. */\nexport const nothing = 0;\n');
  writeFileSync(
    join(stage, 'tsconfig.json'),
    JSON.stringify({ files: ['none.ts'], compilerOptions: { types: [] } }),
  );
  const { $schema, ...own } = JSON.parse(readFileSync(join(checkout, 'typedoc.json'), 'utf8')) as Record<
    string,
    string
  >;
  const reference = site.reference
    ? { entryPoints: [join(checkout, 'sdk', 'index.ts')], tsconfig: join(checkout, 'sdk', 'tsconfig.json') }
    : { entryPoints: [none], tsconfig: join(stage, 'tsconfig.json') };
  const app = await Application.bootstrapWithPlugins(
    {
      ...own,
      ...reference,
      plugin: [join(__dirname, 'sections.mjs')],
      readme: join(stage, 'index.md'),
      projectDocuments: [...documents],
      out,
      customCss: join(__dirname, 'site.css'),
      customJs: join(__dirname, 'site.js'),
      searchInDocuments: true,
      searchInComments: true,
      skipErrorChecking: true,
      highlightLanguages: ['typescript', 'javascript', 'json', 'bash', 'python', 'html', 'css'],
      hideGenerator: true,
    },
    [new TSConfigReader()],
  );
  const pages = [...site.notebooks, ...[...site.guides.values()].flat()];
  const outputs = new Map(pages.flatMap((page) => [...page.outputs]));
  outputs.set(referenceId, '<p>Every name, by what it is for: <a href="modules.html">the reference</a>.</p>');
  app.renderer.on('endPage', (event) => {
    // Icons are in the page as well; from the disk, browsers take none out of another file.
    const html = (event.contents ?? '').replace(/href="[^"]*icons\.svg#/g, 'href="#');
    event.contents = withOutputs(html, outputs);
  });
  const project = await app.convert();
  if (project === undefined) throw new Error('typedoc cannot read the sources');
  app.validate(project);
  await app.generateDocs(project, out);
  if (app.logger.hasErrors() || app.logger.hasWarnings())
    throw new Error('typedoc warns of the pages, see above');
}
