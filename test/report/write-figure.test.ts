import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { PNG } from 'pngjs';
import { SaxesParser } from 'saxes';
import { endDrawing } from '../../sdk/browser/draw-figure';
import { plainTitle } from '../../sdk/notebook/figure-view';
import * as concord from '../../sdk/index';
import { sampleAudit } from '../evaluate/sample-audit';
import { browserOrSkip } from '../support/browser';
import { smallCohort } from '../support/small-cohort';
import { temporaryFolder } from '../support/temporary-folder';
import { trainingRecord } from '../support/training-records';

const { writeFigure } = concord;
const cohort = smallCohort();
const line: concord.Figure = {
  data: [{ type: 'scatter', x: [1, 2, 3, 4], y: [1, 2, 3, 4] }],
  layout: { title: { text: 'A line' } },
};

/** The text of an SVG, and the names of its elements. Throws where it is no XML. */
function readSvg(path: string): {
  readonly text: string;
  readonly names: ReadonlySet<string>;
  readonly links: readonly string[];
} {
  const names = new Set<string>();
  const links: string[] = [];
  let text = '';
  const parser = new SaxesParser();
  parser.on('error', (error) => assert.fail(error));
  parser.on('text', (part) => (text += part));
  parser.on('opentag', ({ name, attributes }) => {
    names.add(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (/href$/.test(key)) links.push(value);
      links.push(...[...value.matchAll(/url\(['"]?([^)'"]*)/g)].map(([, link]) => link));
    }
  });
  parser.write(readFileSync(path, 'utf8')).close();
  return { text, names, links };
}

function readPng(path: string): {
  readonly size: readonly [number, number];
  at(x: number, y: number): readonly number[];
} {
  const { width, height, data } = PNG.sync.read(readFileSync(path));
  return {
    size: [width, height],
    at: (x, y) => [...data.subarray(4 * (y * width + x), 4 * (y * width + x) + 4)],
  };
}

describe('writeFigure', () => {
  const folder = temporaryFolder();
  before(async function () {
    await browserOrSkip(this);
  });
  after(endDrawing);

  it('writes a drawing of lines and letters that needs nothing else', async () => {
    const path = folder.path('line.svg');
    await writeFigure(line, path, { width: 640, height: 320 });
    const { text, names, links } = readSvg(path);
    assert.match(text, /A line/);
    assert.ok(names.has('path') && names.has('text') && !names.has('image') && !names.has('foreignObject'));
    assert.ok(links.length > 0 && links.every((link) => link.startsWith('#')), links.join(' '));
    const svg = readFileSync(path, 'utf8');
    assert.match(svg, /^<svg[^>]* width="640" height="320"/);
    assert.doesNotMatch(svg, /system-ui|@import|<script/);
  });

  it('makes the same bytes of the same figure, whatever was drawn between, and other ids of another', async () => {
    const paths = ['one.svg', 'other.svg', 'again.svg'].map((name) => folder.path(name));
    const other = { ...line, layout: { title: { text: 'Another' } } };
    for (const [k, figure] of [line, other, line].entries()) await writeFigure(figure, paths[k]);
    const [one, two, again] = paths.map((path) => readFileSync(path, 'utf8'));
    assert.ok(again === one);
    const ids = (svg: string): readonly string[] => [...svg.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    assert.ok(ids(one).length > 0);
    assert.deepEqual(
      ids(one).filter((id) => ids(two).includes(id)),
      [],
    );
  });

  it('writes pixels: width × scale and height × scale of them, on the ground of the theme', async () => {
    const grounds = { light: [255, 255, 255, 255], dark: [17, 17, 17, 255], transparent: [0, 0, 0, 0] };
    for (const [theme, ground] of Object.entries(grounds)) {
      for (const [name, figure] of Object.entries({
        line,
        own: concord.plotFeatureBySite(cohort, null, 'f0'),
      })) {
        const path = folder.path(`${name}-${theme}.png`);
        await writeFigure(figure, path, {
          width: 333,
          height: 200,
          scale: 1.5,
          theme: theme as concord.FigureTheme,
        });
        const picture = readPng(path);
        assert.deepEqual(picture.size, [499, 300], 'parts of a pixel are left out');
        assert.deepEqual(picture.at(2, 297), ground, `${name} ${theme}`);
      }
    }
  });

  it('keeps the colors that a figure says', async () => {
    const path = folder.path('red.png');
    await writeFigure({ ...line, layout: { paper_bgcolor: '#FF0000' } }, path, {
      theme: 'dark',
      width: 100,
      height: 100,
    });
    assert.deepEqual(readPng(path).at(1, 1), [255, 0, 0, 255]);
  });

  it('writes a PDF of one page of the size of the figure, without pixels', async () => {
    const path = folder.path('line.pdf');
    await writeFigure(line, path, { width: 701, height: 333 });
    const pdf = readFileSync(path, 'latin1');
    assert.match(pdf, /^%PDF-1/);
    // 72 points are 96 pixels.
    assert.match(pdf, /\/MediaBox \[0 0 525\.75 249\.75 *\]/);
    assert.equal(pdf.match(/\/Type \/Page\b(?!s)/g)?.length, 1);
    assert.match(pdf, /\/FontFile2|\/FontFile3|\/Type3/);
    assert.doesNotMatch(pdf, /\/Subtype \/Image/);
  });

  it('draws numbers that JSON lacks as missing, and typed arrays as lists', async () => {
    const y = Float64Array.of(1, NaN, 3, Infinity, 5);
    const figure = { data: [{ type: 'scatter', mode: 'markers', x: [1, 2, 3, 4, 5], y }], layout: {} };
    const path = folder.path('missing.svg');
    await writeFigure(figure as unknown as concord.Figure, path);
    assert.equal(readFileSync(path, 'utf8').match(/class="point"/g)?.length, 3);
  });

  it('draws everything that plot… functions make', async () => {
    const model = await concord.fitCombat(cohort, { preserve: ['age'] });
    const after = await concord.applyCombat(model, cohort);
    const audit = sampleAudit();
    const feature = cohort.features.features[0];
    const figures = [
      concord.plotFeatureBySite(cohort, after, feature),
      concord.plotDensities(cohort, after),
      concord.plotPca(cohort, after),
      concord.plotPca(cohort),
      concord.plotScatter(cohort, 'age', feature),
      concord.plotSiteEffects(model),
      concord.plotPriors(model),
      concord.plotAudit(audit),
      concord.plotVariance(audit),
      concord.plotTraining(trainingRecord(8)),
    ];
    for (const [k, figure] of figures.entries()) {
      const path = folder.path(`plot-${k}.svg`);
      await writeFigure(figure, path);
      const [title] = plainTitle(figure).split(' · ');
      assert.ok(readSvg(path).text.includes(title), title);
    }
  });

  it('refuses what Plotly would draw as something else, and what it cannot draw', async () => {
    const scater = { ...line, data: [{ type: 'scater', x: [1], y: [1] }] };
    await assert.rejects(writeFigure(scater, folder.path('no.svg')), {
      code: 'invalid-option',
      message: /unknown type of trace: "scater" \(did you mean "scatter"/,
    });
    const geo = { data: [{ type: 'scattergeo', lon: [1], lat: [2] }], layout: {} };
    await assert.rejects(writeFigure(geo, folder.path('no.svg')), {
      code: 'failed-step',
      message: /topojson/,
    });
  });

  it('refuses what is no figure, and names what it is written with', async () => {
    const others: readonly (readonly [unknown, RegExp])[] = [
      [cohort, /this is a cohort: write it with writeTable/],
      [[line], /this is a list: write its figures one by one/],
      [sampleAudit(), /this is an audit: draw it with plotAudit/],
      [trainingRecord(3), /this is a training: draw it with plotTraining/],
      [
        { kind: 'picture', png: new Uint8Array(), width: 1, height: 1, alt: '' },
        /write it with writePicture/,
      ],
      [{ data: [3], layout: {} }, /data is a list of traces/],
      [Promise.resolve(line), /await/],
    ];
    for (const [value, message] of others) {
      await assert.rejects(writeFigure(value as concord.Figure, folder.path('no.svg')), {
        code: 'invalid-option',
        message,
      });
    }
  });

  it('refuses other endings, sizes that no picture has, and files that are there; leaves none half written', async () => {
    const ends = (path: string, options: object, expected: object): Promise<void> =>
      assert.rejects(writeFigure(line, folder.path(path), options), expected);
    await ends('line.jpg', {}, { code: 'unsupported-format', message: /must end in .svg, .png or .pdf/ });
    await ends('no.png', { width: NaN }, { code: 'invalid-option', message: /invalid width: NaN/ });
    await ends('no.png', { scale: 0 }, { code: 'invalid-option', message: /invalid scale: 0/ });
    await ends('no.png', { scale: 20 }, { code: 'invalid-option', message: /width × scale: 18000/ });
    await ends('no.png', { theme: 'gray' }, { code: 'invalid-option' });
    await ends('line.svg', {}, { code: 'file-exists' });
    await ends('gone/line.svg', {}, { code: 'unwritable-file' });
    assert.deepEqual(
      readdirSync(folder.path('.')).filter((name) => /^no\.|tmp$/.test(name)),
      [],
    );
  });
});
