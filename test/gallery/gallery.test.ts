import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { checkout, notebooks } from '../../scripts/checkout';
import { buildSite } from '../../scripts/gallery/build-site';
import { checkSite } from '../../scripts/gallery/check-site';
import { guidePages } from '../../scripts/gallery/guide-pages';
import { linkedPage } from '../../scripts/gallery/linked-page';
import { brokenLinks } from '../../scripts/gallery/links';
import { notebookPage } from '../../scripts/gallery/notebook-page';
import { describe as sentenceOf } from '../../scripts/gallery/page';
import { drawPicture } from '../../scripts/notebooks/draw-picture';
import { notebooksIn, readNotebook } from '../../scripts/notebooks/notebook-file';
import * as concord from '../../sdk/index';
import { endDrawing } from '../../sdk/browser/draw-figure';
import { browserOrSkip } from '../support/browser';
import { temporaryFolder } from '../support/temporary-folder';

/** A notebook that was executed: its figure is live. */
const live = {
  metadata: {},
  cells: [
    { cell_type: 'markdown', source: '# Live\n\nA figure that **moves**: it has points. And more.' },
    {
      cell_type: 'code',
      source: 'show(figure);',
      outputs: [
        { output_type: 'stream', name: 'stderr', text: '\u001b[31m<b>\u001b[0m' },
        {
          output_type: 'display_data',
          data: {
            'application/vnd.plotly.v1+json': {
              data: [{ type: 'scatter', x: [1, 2], y: [2, 1] }],
              layout: {},
            },
            'text/plain': '[figure] untitled (1 scatter traces)',
          },
        },
      ],
    },
  ],
} as const;

describe('the gallery', () => {
  const folder = temporaryFolder();

  after(() => endDrawing());

  it('has notebooks and how-to pages of which every link holds and every figure is drawn', async function () {
    await browserOrSkip(this);
    const pages = [await notebookPage(live, { name: 'live', draw: drawPicture })];
    for (const path of notebooksIn(notebooks)) {
      pages.push(
        await notebookPage(readNotebook(path), { name: basename(path, '.ipynb'), draw: drawPicture }),
      );
    }
    const site = folder.path('site');
    await buildSite({ notebooks: pages, guides: guidePages(), reference: false }, site);
    const { figures, faults, pages: count } = await checkSite(site);
    assert.deepEqual(faults, []);
    assert.equal(figures, 1);
    assert.ok(count > pages.length + 8);
    assert.ok(!existsSync(`${site}.part`));
    const page = readFileSync(join(site, 'documents', 'Live.html'), 'utf8');
    assert.match(page, /<pre class="concord-stream concord-stderr">&lt;b&gt;<\/pre>/);
    // Plotly is there once, and in no page.
    assert.ok(page.length < 200_000 && existsSync(join(site, 'assets', 'plotly.js')));
  });

  it('says what is wrong with a site', async function () {
    await browserOrSkip(this);
    const write = (name: string, html: string): string => {
      mkdirSync(dirname(folder.path(`bad/${name}`)), { recursive: true });
      return folder.write(`bad/${name}`, `<!doctype html><meta charset="utf-8"><title>x</title>${html}`);
    };
    write(
      'index.html',
      '<a href="none.html">a</a><a href="#nowhere">b</a><button id="tsd-search-trigger">s</button><input id="tsd-search-input"><ul id="tsd-search-results"><li><a href="index.html">c</a></ul>',
    );
    write(
      'documents/a.html',
      '<img src="data:image/png;base64,AAAA"><script>console.error("oh"); undefined.x;</script><div style="width:700px">w</div>',
    );
    const { faults } = await checkSite(folder.path('bad'));
    const said = faults.join('\n');
    for (const fault of [
      /leads to none\.html, which is not there/,
      /leads to #nowhere, but has no such anchor/,
      /a\.html: oh/,
      /undefined/,
      /empty picture/,
      /sideways by \d+ pixels where it is 390 wide/,
    ]) {
      assert.match(said, fault);
    }
  });

  it('is whole: every notebook, page and name of the reference [long]', async function () {
    await browserOrSkip(this);
    const site = folder.path('whole');
    await buildSite({ notebooks: [], guides: guidePages(), reference: true }, site);
    assert.deepEqual((await checkSite(site)).faults, []);
    const reference = readFileSync(join(site, 'modules.html'), 'utf8');
    for (const section of ['Load and save', 'Harmonize', 'Plot'])
      assert.ok(reference.includes(`>${section}<`), section);
  });
});

describe('the pages of the gallery', () => {
  const options = {
    folder: 'how-to',
    pages: ['how-to/a.md', 'notebooks/n.md'],
    names: new Set(['fitCombat']),
  };

  it('link to pages where the repository links to files', () => {
    const { markdown, copied } = linkedPage(
      '[a](a.md#b) [n](../notebooks/n.ipynb) [r](../README.md) [w](https://a.b) ![p](../notebooks/pictures/travelers.png)',
      options,
    );
    assert.equal(
      markdown,
      '[a](a.md#b) [n](../notebooks/n.md) [r](../index.md) [w](https://a.b) ![p](../notebooks/pictures/travelers.png)',
    );
    assert.deepEqual(copied, ['notebooks/pictures/travelers.png']);
    assert.throws(() => linkedPage('[x](gone.md)', options), /broken link in how-to: gone\.md/);
  });

  it('link names of the reference, in words and not in code', () => {
    const { markdown } = linkedPage(
      'Call `fitCombat`, `fitCombat()` or `fit`.\n\n```ts\n`fitCombat`\n```\n',
      options,
    );
    assert.equal(
      markdown,
      'Call {@link fitCombat | `fitCombat`}, {@link fitCombat | `fitCombat()`} or `fit`.\n\n```ts\n`fitCombat`\n```\n',
    );
  });

  it('are described by their first sentence', () => {
    assert.equal(sentenceOf('# T\n\nOne [link](x.md) of\n`code`, 1.5 T. Two.'), 'One link of code, 1.5 T.');
  });
});

describe('the sections of the reference', () => {
  it('are those of the front door, each name being in one', async () => {
    const { sectionsOf } = await import('../../scripts/gallery/sections.mjs');
    const sections = sectionsOf(readFileSync(join(checkout, 'sdk', 'index.ts'), 'utf8'));
    assert.deepEqual(
      Object.keys(concord).filter((name) => (sections.get(name) ?? '') === ''),
      [],
    );
    assert.deepEqual(
      [sections.get('fitCombat'), sections.get('phantoms'), sections.get('CombatModel')],
      ['Harmonize', 'Namespaces', 'Harmonize'],
    );
  });

  it('have an example of each function', () => {
    const index = readFileSync(join(checkout, 'sdk', 'index.ts'), 'utf8');
    const lacking = [...index.matchAll(/^export \{([^}]*)\} from '\.(.*)'/gm)].flatMap(([, names, path]) => {
      const source = readFileSync(join(checkout, 'sdk', `${path}.ts`), 'utf8');
      return names.split(',').flatMap((name) => {
        const docs = new RegExp(
          `/\\*\\*((?:(?!\\*/)[^])*)\\*/\\s*export (?:async )?function ${name.trim()}\\b`,
        );
        const [, doc = '@example'] = docs.exec(source) ?? [];
        return doc.includes('@example') ? [] : [name.trim()];
      });
    });
    assert.deepEqual(lacking, []);
  });

  it('brokenLinks follows what is written in code as well', () => {
    folder.write('a.html', '<a href="b.html#x">b</a>');
    folder.write('b.html', '<p id="y"></p>');
    assert.deepEqual(brokenLinks(folder.path('')), ['a.html leads to b.html#x, but has no such anchor']);
  });

  const folder = temporaryFolder();
});
