import assert from 'node:assert/strict';
import { PNG } from 'pngjs';
import type { Notebook, NotebookCell } from '../../scripts/notebooks/notebook-file';
import { palettePng } from '../../scripts/notebooks/palette-png';
import {
  codeDigests,
  outputKinds,
  plainHtml,
  staleCell,
  strayOutputs,
  withStoredOutputs,
} from '../../scripts/notebooks/stored-outputs';

/** A picture of few or many colors, as a browser writes it. */
function picture(width: number, height: number, color: (at: number) => number): Buffer {
  const image = new PNG({ width, height });
  for (let at = 0; at < width * height; at++) image.data.writeUInt32BE(color(at) >>> 0, 4 * at);
  return PNG.sync.write(image);
}

const red = picture(2, 1, (at) => [0xff0000ff, 0x00000000][at]);
const draw = (): Promise<string> => Promise.resolve(red.toString('base64'));

const figure = { data: [{ type: 'scatter' }], layout: { title: { text: 'A &lt; B<br>here' } } };

/** A notebook as Jupyter has it after an execution. */
const executed: Notebook = {
  metadata: { kernelspec: { name: 'concord' } },
  cells: [
    { cell_type: 'markdown', source: '# Title', metadata: {} },
    {
      cell_type: 'code',
      source: ['const a = 1;\n', 'show(a);'],
      execution_count: 1,
      metadata: { execution: { 'iopub.execute_input': '2026-01-01' }, tags: ['kept'] },
      outputs: [
        { output_type: 'stream', name: 'stdout', text: 'one\n' },
        { output_type: 'stream', name: 'stdout', text: 'two\nthree' },
        {
          output_type: 'execute_result',
          data: {
            'text/html': '<style>p{}</style><p id="concord-table-1a-0">1</p><script>run()</script>',
            'text/plain': '1',
          },
        },
      ],
    },
    {
      cell_type: 'code',
      source: 'show(figure);',
      execution_count: 2,
      metadata: {},
      outputs: [
        {
          output_type: 'display_data',
          data: {
            'application/vnd.plotly.v1+json': figure,
            'text/html': '<script>4 MB</script>',
            'text/plain': '[figure] A < B · here (12 scatter traces)',
          },
        },
      ],
    },
  ],
};

/** The notebook with one cell changed. */
function changed(notebook: Notebook, at: number, change: Partial<NotebookCell>): Notebook {
  return { ...notebook, cells: notebook.cells.map((cell, k) => (k === at ? { ...cell, ...change } : cell)) };
}

describe('stored outputs of notebooks', () => {
  let stored: Notebook;

  before(async () => {
    stored = await withStoredOutputs(executed, { draw });
  });

  it('are pictures, plain HTML and text, without times, counts and scripts', () => {
    const [, table, drawn] = stored.cells;
    const digests = codeDigests(executed);
    assert.deepEqual(table.metadata, { tags: ['kept'], concord: { codeDigest: digests[1] } });
    assert.equal(table.execution_count, null);
    assert.deepEqual(table.outputs, [
      { output_type: 'stream', name: 'stdout', text: ['one\n', 'two\n', 'three'] },
      { output_type: 'display_data', data: { 'text/html': ['<p>1</p>'], 'text/plain': ['1'] }, metadata: {} },
    ]);
    const [{ data = {}, metadata }] = drawn.outputs ?? [];
    assert.deepEqual(Object.keys(data), ['image/png', 'text/plain']);
    assert.deepEqual(metadata, { 'image/png': { alt: 'A < B · here' } });
    assert.deepEqual(strayOutputs(stored), []);
  });

  it('are the same when stored again', async () => {
    assert.deepEqual(await withStoredOutputs(stored, { draw }), stored);
  });

  it('show the slices of a viewer', async () => {
    const still = `<img class="concord-picture" src="data:image/png;base64,${red.toString('base64')}" alt="">`;
    const data = {
      'text/html': `<div>${still}</div><script>NiiVue</script>`,
      'text/plain': '[viewer] a scan',
    };
    const viewer = changed(executed, 2, { outputs: [{ output_type: 'display_data', data }] });
    const [output] = (await withStoredOutputs(viewer, { draw })).cells[2].outputs ?? [];
    assert.deepEqual(Object.keys(output.data ?? {}), ['image/png', 'text/plain']);
  });

  it('keep drawings of lines', async () => {
    const data = { 'image/svg+xml': '<svg/>', 'text/html': '<p>same</p>', 'text/plain': 'loss 0.1' };
    const drawn = changed(executed, 2, { outputs: [{ output_type: 'display_data', data }] });
    const after = await withStoredOutputs(drawn, { draw });
    const [output] = after.cells[2].outputs ?? [];
    assert.deepEqual(output.data, { 'image/svg+xml': ['<svg/>'], 'text/plain': ['loss 0.1'] });
    assert.deepEqual(strayOutputs(after), []);
    assert.deepEqual(outputKinds(after).slice(-1), ['cell 3: picture']);
  });

  it('belong to their code, and the first cell where they do not is named', () => {
    assert.equal(staleCell(stored), undefined);
    assert.equal(staleCell(executed), 'cell 2 has no stored outputs: const a = 1;');
    const bare = { ...stored, cells: stored.cells.map((cell) => ({ ...cell, outputs: [] })) };
    assert.equal(staleCell(bare), 'there are no stored outputs');
    assert.match(
      staleCell(changed(stored, 2, { source: 'show(other);' })) ?? '',
      /^the outputs of cell 3 are not of its code.*: show\(other\);$/,
    );
    // What comes before is of the same program.
    const gone = { ...stored, cells: stored.cells.filter((_, at) => at !== 1) };
    assert.match(staleCell(gone) ?? '', /^the outputs of cell 2 are not/);
    assert.equal(staleCell(changed(stored, 0, { source: '# Other words' })), undefined);
  });

  it('are of the kinds that an execution gives, whatever the numbers', () => {
    assert.deepEqual(outputKinds(stored), outputKinds(executed));
    assert.deepEqual(outputKinds(stored), [
      'cell 2: text on stdout',
      'cell 2: HTML',
      'cell 3: [figure] A < B',
    ]);
  });

  it('that run or fail are found', () => {
    const outputs = [
      { output_type: 'display_data', data: { 'text/html': '<script>x</script>', 'application/json': {} } },
      { output_type: 'error', ename: 'Error' },
    ] as const;
    assert.deepEqual(strayOutputs(changed(stored, 2, { outputs })), [
      'cell 3: application/json',
      'cell 3: a script',
      'cell 3: an error',
    ]);
  });

  it('keep no script of any spelling', () => {
    assert.equal(plainHtml('<SCRIPT src="a">x</script ><p>y</p><!-- NiiVue -->'), '<p>y</p>');
  });
});

describe('palettePng', () => {
  const decoded = (png: Buffer): Buffer => PNG.sync.read(png).data;

  it('keeps up to 256 colors to the bit, opacity too', () => {
    const few = picture(16, 16, (at) => (at << 24) | (at << 8) | (255 - at));
    assert.deepEqual(decoded(palettePng(few)), decoded(few));
  });

  it('brings more colors near to what they were, the same each time', () => {
    const many = picture(64, 64, (at) => ((at % 64) << 26) | ((at >> 6) << 18) | 0x40ff);
    const made = palettePng(many);
    assert.deepEqual(palettePng(many), made);
    const [before, after] = [decoded(many), decoded(made)];
    const furthest = before.reduce((most, value, at) => Math.max(most, Math.abs(value - after[at])), 0);
    // 4,096 colors on a plane of 256 × 256: a box of 256 is 16 on a side, so at most 8 from its mean and some more where cuts are uneven.
    assert.ok(furthest > 0 && furthest <= 16, String(furthest));
  });

  it('makes a square of pixels one, their mean', () => {
    const squares = picture(5, 4, (at) => [0x000000ff, 0x141414ff][at % 2]);
    const { width, height, data } = PNG.sync.read(palettePng(squares, 2));
    assert.deepEqual([width, height, [...new Set(data)]], [2, 2, [10, 255]]);
  });

  it('leaves a palette as it is', () => {
    const made = palettePng(red);
    assert.equal(palettePng(made), made);
  });
});
