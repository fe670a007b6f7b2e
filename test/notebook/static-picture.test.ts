import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { PNG } from 'pngjs';
import { drawFigure, endDrawing } from '../../sdk/browser/draw-figure';
import { jupyterDrawsPlotly } from '../../sdk/io/files/jupyter-renderer';
import { show } from '../../sdk/notebook/show';
import type { Figure } from '../../sdk/plot/figure';
import { baseLayout } from '../../sdk/plot/layout';
import { browserOrSkip } from '../support/browser';
import { temporaryFolder } from '../support/temporary-folder';
import type { SentOutput } from './fake-kernel';
import { startFakeKernel, stopFakeKernel } from './fake-kernel';

const figure: Figure = {
  data: [{ type: 'scatter', x: [1, 2, 3], y: [3, null, 1] }],
  layout: baseLayout({ title: 'Is it &lt;gone&gt;?', subtitle: 'indeed', height: 300 }, {}),
};
const plotly = 'application/vnd.plotly.v1+json';

describe('show, where a browser can be had', () => {
  const folder = temporaryFolder();
  const usual: Record<string, string | undefined> = {};
  let sent: SentOutput[];

  before(async function () {
    await browserOrSkip(this);
    // Started here, where nobody gives up waiting on a busy machine.
    const task = {
      figure: '{"data":[],"layout":{}}',
      format: 'svg',
      width: 100,
      height: 100,
      scale: 1,
    } as const;
    await drawFigure({ ...task, timeLimit: 120 });
  });
  beforeEach(() => {
    for (const name of ['CONCORD_FIGURES', 'JUPYTER_PATH', 'VIRTUAL_ENV', 'CONDA_PREFIX', 'JUPYTER_DATA_DIR'])
      usual[name] = process.env[name];
    for (const name of Object.keys(usual)) delete process.env[name];
    // A Jupyter of the machine that has the extension would have no HTML.
    process.env['CONCORD_FIGURES'] = 'html';
    sent = startFakeKernel({ browser: true });
  });
  afterEach(() => {
    stopFakeKernel();
    for (const [name, value] of Object.entries(usual)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });
  after(endDrawing);

  const last = (): SentOutput['data'] => sent[sent.length - 1].data;

  it('puts a picture beside the figure, which its HTML shows until the figure is drawn', () => {
    show(figure, { embedPlotly: false });
    const { 'image/png': png, 'text/html': html } = last();
    const { width, height, data } = PNG.sync.read(Buffer.from(String(png), 'base64'));
    assert.deepEqual([width, height], [800, 300]);
    const inked = new Set(data.filter((_, at) => at % 4 === 3));
    assert.ok(inked.has(0) && inked.has(255), 'on no ground of its own');
    assert.ok(String(png).length < 100_000, `${String(png).length} characters`);
    assert.ok(
      String(html).includes(
        `<img src="data:image/png;base64,${String(png)}" width="800" height="300" alt="Is it &lt;gone&gt;?`,
      ),
    );
    assert.deepEqual(Object.keys(last()), [plotly, 'text/html', 'image/png', 'text/plain']);
  });

  it('leaves the HTML out where Jupyter draws Plotly itself, or where that is said', () => {
    delete process.env['CONCORD_FIGURES'];
    mkdirSync(folder.path('labextensions/jupyterlab-plotly'), { recursive: true });
    folder.write('labextensions/jupyterlab-plotly/package.json', '{}');
    process.env['JUPYTER_PATH'] = folder.path('.');
    show(figure);
    assert.deepEqual(Object.keys(last()), [plotly, 'image/png', 'text/plain']);
    show(figure, { embedPlotly: true });
    assert.ok('text/html' in last());
    process.env['CONCORD_FIGURES'] = 'picture';
    show(figure);
    assert.deepEqual(Object.keys(last()), ['image/png', 'text/plain']);
    show(figure, { figureForm: 'renderer', picture: false });
    assert.deepEqual(Object.keys(last()), [plotly, 'text/plain']);
    process.env['CONCORD_FIGURES'] = 'gif';
    assert.throws(() => show(figure), { code: 'invalid-option', message: /CONCORD_FIGURES.*gif/ });
  });

  it('shows what it showed before where browsers are switched off, and for figures too large', () => {
    process.env['CONCORD_BROWSER'] = 'off';
    show(figure);
    assert.deepEqual(Object.keys(last()), [plotly, 'text/html', 'text/plain']);
    show(figure, { figureForm: 'picture' });
    assert.deepEqual(Object.keys(last()), [plotly, 'text/html', 'text/plain']);
    delete process.env['CONCORD_BROWSER'];
    const x = Array.from({ length: 300_000 }, (_, at) => at + 0.5);
    show({ data: [{ type: 'scatter', x, y: x }], layout: {} });
    assert.ok(!('image/png' in last()));
  });

  it('shows the figure without a picture where Plotly draws none', () => {
    show({ data: [{ type: 'scattergeo', lon: [1], lat: [2] }], layout: {} });
    assert.deepEqual(Object.keys(last()), [plotly, 'text/html', 'text/plain']);
    show(figure);
    assert.ok('image/png' in last(), 'the next one has its picture');
  });
});

describe('jupyterDrawsPlotly', () => {
  const folder = temporaryFolder();

  it('looks where the Jupyter of this kernel has its data', () => {
    mkdirSync(folder.path('env/share/jupyter/labextensions/jupyterlab-plotly'), { recursive: true });
    mkdirSync(folder.path('env/bin'), { recursive: true });
    folder.write('env/bin/jupyter', '');
    folder.write('env/share/jupyter/labextensions/jupyterlab-plotly/package.json', '{}');
    mkdirSync(folder.path('other/bin'), { recursive: true });
    folder.write('other/bin/jupyter', '');
    const nowhere = { JUPYTER_DATA_DIR: folder.path('none') };
    const [own, other] = ['env', 'other'].map((name) => folder.path(`${name}/bin`));
    assert.equal(jupyterDrawsPlotly({ ...nowhere, VIRTUAL_ENV: folder.path('env') }), true);
    assert.equal(jupyterDrawsPlotly({ ...nowhere, PATH: `/nowhere:${own}:${other}` }), true);
    assert.equal(
      jupyterDrawsPlotly({ ...nowhere, PATH: `${other}:${own}` }),
      false,
      'another Jupyter was started',
    );
    assert.equal(jupyterDrawsPlotly(nowhere), false);
  });
});
