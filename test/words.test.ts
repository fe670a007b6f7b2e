import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const root = join(__dirname, '..');

/** Words that a reader stumbles on, and what is said instead: the mechanical part of the house's table of words. */
const table: readonly { readonly not: RegExp; readonly but: string }[] = [
  { not: /\bnetworks? (?:answers?|(?:is|are) asked)\b/, but: 'returns, is evaluated' },
  {
    not: /\bcan(?:not)? be told (?:apart|from)\b|\btold apart\b/,
    but: 'separated, identified, inconclusive',
  },
  { not: /\b(?:tells?|telling) (?:[\w-]+ ){0,4}apart\b/, but: 'separates, distinguishes' },
  { not: /\bis told (?:the|which|its|about)\b/, but: 'is given' },
  { not: /\bstands?\b(?! (?:for|in for|out)\b)(?!-)|\bstood\b/, but: 'is, is stored, is recorded' },
  { not: /\blies?\b/, but: 'is, is stored, is recorded' },
  { not: /\blay\b/, but: 'was, were' },
  { not: /\bas of (?!\d)/, but: 'as if scanned at, harmonized to' },
  { not: /\bmend(?:s|ed|ing)?\b/, but: 'repair' },
  { not: /\b(?:go|goes|going|went|gone) on\b/, but: 'continue' },
  { not: /\bforgets?\b/, but: 'becomes NaN, loses, decays' },
  { not: /\bpeople\b|\bfolk\b/i, but: 'participants (rows), persons (who), scans' },
  { not: /\b(?:nobody|somebody|everybody) (?:was|were) scanned\b/i, but: 'no person was scanned' },
  { not: /\bnot trained but judged\b/, but: 'held out for validation' },
  { not: /\bany more\b/, but: 'no longer' },
  { not: /\bfor want of\b/, but: 'for lack of' },
  { not: /\bis nothing to fail at\b/, but: 'cannot fail' },
  { not: /\bcontradict each other\b/, but: 'conflicting' },
  { not: /\b(?:un)?learnt\b|\bmisspelt\b/i, but: 'learned, misspelled' },
  { not: /\b(?:iso)?cent(?:re|res|red|ring)\b/i, but: 'center' },
  { not: /\b(?:milli|centi|micro)?(?:metre|litre)s?\b/i, but: 'meter, liter' },
  { not: /\bcolour(?:s|ed|ing)?\b|\bgreys?\b/i, but: 'color, gray' },
  { not: /\bneighbour(?:s|ing)?\b|\b(?:behaviour|favour|labour)/i, but: 'neighbor, behavior, favor' },
  { not: /\bcancell(?:ed|ing)\b|\b(?:label|model|travel|signal)l(?:ed|ing)\b/i, but: 'canceled, labeled' },
  { not: /\bartefacts?\b|\bageing\b|\bcatalogues?\b|\bfibres?\b/i, but: 'artifact, aging, catalog, fiber' },
  {
    not: /\b(?:harmon|normal|standard|optim|organ|initial|recogn|local|general)is(?:e|es|ed|ing|ation)\b/i,
    but: '-ize',
  },
];

/** What stays: the file, and the words around it. Each must still be there. */
const allowed: readonly (readonly [file: string, words: string])[] = [
  // Names that others gave to columns.
  ['sdk/io/columns/features/feature-names.ts', 'batch center centre session'],
  // The key of what models record.
  ['sdk/nn/input/learned-input-stored.ts', 'learned: people'],
  // People in general, who are no rows of a table.
  ['sdk/cli/tensorflow-setup/setup-cache.ts', 'as people read it'],
  ['sdk/io/columns/table-columns.ts', 'what people call it'],
  ['sdk/io/files/process-identity.ts', 'for people to read'],
  ['sdk/io/networks/folder-entries.ts', 'that people look into'],
  ['sdk/io/text/other-formats.ts', 'that people keep tables in'],
  ['sdk/plot/panels/palette.ts', 'people with any common color blindness'],
  ['sdk/plot/volume-summary.ts', 'as people read intensities'],
  ['guide/ddae.md', 'digital people'],
  ['guide/bad-input.md', 'older people'],
  ['notebooks/01-combat-on-a-table.ipynb', 'older people'],
  ['notebooks/02-images-and-phantoms.ipynb', 'The same people at seven scanners'],
  ['notebooks/02-images-and-phantoms.ipynb', 'who these people are'],
  ['notebooks/02-images-and-phantoms.ipynb', 'Digital people'],
  ['notebooks/04-ddae.ipynb', 'digital people'],
];

interface Text {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** The files under a folder with an extension, without what is built or installed. */
function filesOf(folder: string, extension: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (['dist', 'node_modules', 'bin'].includes(entry.name)) return [];
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return filesOf(path, extension);
    return path.endsWith(extension) && !path.endsWith('.d.ts') ? [path] : [];
  });
}

/** Code, names and quotations are no prose. */
function prose(text: string): string {
  return text
    .replace(/```[\s\S]*?```/g, ' ')
    .replace(/`[^`\n]*`|\{@link [^}]*\}|@(?:param|throws) [\w.]+|https?:\S+|“[^”]*”/g, ' … ');
}

/** The string literals with a blank in them, and the docstrings, of a source file. */
function textsOf(file: string): Text[] {
  const source = readFileSync(join(root, file), 'utf8');
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const found = new Map<number, Text>();
  const add = (at: number, text: string): void => {
    found.set(at, { file, line: tree.getLineAndCharacterOfPosition(at).line + 1, text });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return;
    if (ts.isStringLiteralLike(node) && node.text.includes(' ')) add(node.getStart(), node.text);
    if (ts.isTemplateExpression(node)) {
      const parts = [node.head, ...node.templateSpans.map(({ literal }) => literal)];
      add(node.getStart(), parts.map(({ text }) => text).join(' … '));
    }
    for (const doc of ts.getJSDocCommentsAndTags(node)) {
      if (ts.isJSDoc(doc)) add(doc.getStart(), prose(doc.getText().replace(/\n\s*\*/g, '\n')));
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return [...found.values()];
}

/** The paragraphs of a page in Markdown, without its code. */
function paragraphsOf(file: string, text: string, first = 1): Text[] {
  const lines = text.replace(/```[\s\S]*?```/g, (code) => code.replace(/[^\n]/g, '')).split('\n');
  return lines.map((line, at) => ({ file, line: first + at, text: prose(line) }));
}

/** The cells of words of a notebook. */
function wordsOf(file: string): Text[] {
  const { cells } = JSON.parse(readFileSync(join(root, file), 'utf8')) as {
    readonly cells: readonly { readonly cell_type: string; readonly source: readonly string[] }[];
  };
  return cells
    .filter(({ cell_type }) => cell_type === 'markdown')
    .flatMap(({ source }) => paragraphsOf(file, source.join('')));
}

/** Code of other languages that is kept in a text, and licenses, which are quoted. */
const notProse = [
  'nn/backend/tensorflow-kernels/native/',
  'plot/viewer/viewer-script.ts',
  'plot/html/viewer-html.ts',
  'io/cells/missing-labels.ts',
];

function faultsOf(texts: readonly Text[]): string[] {
  return texts.flatMap(({ file, line, text }) =>
    table.flatMap(({ not, but }) => {
      const met = not.exec(text);
      if (met === null || allowed.some(([where, words]) => where === file && text.includes(words))) return [];
      const around = text.slice(Math.max(0, met.index - 40), met.index + 60).replace(/\s+/g, ' ');
      return [`${file}:${line}: "${met[0]}" (${but}) in: ${around}`];
    }),
  );
}

describe('words', () => {
  const sources = filesOf('sdk', '.ts').filter((file) => !notProse.some((part) => file.includes(part)));
  const texts = sources.flatMap(textsOf);

  it('of messages, help and docstrings are those of the house', () => {
    assert.ok(texts.length > 5000, 'the texts are found');
    assert.deepEqual(faultsOf(texts), []);
  });

  it('of the README, the guide, the how-to pages and the notebooks are too', () => {
    const pages = [
      ...['README.md', 'sdk/README.md', ...filesOf('guide', '.md'), ...filesOf('how-to', '.md')].flatMap(
        (file) => paragraphsOf(file, readFileSync(join(root, file), 'utf8')),
      ),
      ...filesOf('notebooks', '.ipynb').flatMap(wordsOf),
    ];
    assert.ok(pages.length > 500, 'the pages are found');
    assert.deepEqual(faultsOf(pages), []);
  });

  it('that stay are still there', () => {
    for (const [file, words] of allowed) {
      const text = readFileSync(join(root, file), 'utf8').replace(/\n\s*\* ?/g, ' ');
      assert.ok(text.includes(words), `${file} no longer has "${words}": take it out of this test`);
    }
  });

  it('are caught where they are used', () => {
    const caught = (text: string): number => faultsOf([{ file: 'a.ts', line: 1, text }]).length;
    for (const bad of [
      'a network answers',
      'sites cannot be told apart',
      'where the file lies',
      'scans as of siteA',
    ]) {
      assert.equal(caught(bad), 1, bad);
    }
    for (const good of [
      'what stands for it',
      'sizes as of 2.21',
      'it tells a validator what to do',
      'a scan stands out',
    ]) {
      assert.equal(caught(good), 0, good);
    }
  });
});
