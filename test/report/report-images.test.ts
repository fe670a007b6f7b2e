import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { makeAffine } from '../../sdk/data/images/affine';
import { makeVolume } from '../../sdk/data/images/volume';
import { montage } from '../../sdk/plot/panels/montage';
import { volumeViewer } from '../../sdk/plot/viewer/viewer';
import { renderReport } from '../../sdk/report/page/render-report';
import type { ReportContent } from '../../sdk/report/report-content';
import { writeReport } from '../../sdk/report/write-report';
import { temporaryFolder } from '../support/temporary-folder';

const volume = makeVolume(
  Float32Array.from({ length: 120 }, (_, i) => i),
  { shape: [6, 5, 4], affine: makeAffine([1, 1, 3]) },
);
const plain: ReportContent = { title: 'T', lead: 'L', facts: [], figures: [], issues: [], provenance: [] };
const content: ReportContent = {
  ...plain,
  pictures: [{ picture: montage(volume), caption: '<slices>' }],
  viewers: [{ viewer: volumeViewer(volume), caption: 'walk & look' }],
};

describe('report with images', () => {
  const folder = temporaryFolder();

  it('shows pictures and viewers with their captions, all inside the page', () => {
    const html = renderReport(content, '', 'exports.fake = 1;');
    assert.match(html, /<figcaption>&lt;slices&gt;</);
    assert.match(html, /<figcaption>walk &amp; look</);
    assert.match(html, /class="concord-viewer" id="viewer-1"/);
    const sources = [...html.matchAll(/\b(?:src|href)="([^#"][^"]{0,14})/g)].map((match) => match[1]);
    assert.deepEqual(sources, ['data:image/png;', 'data:image/png;']);
    assert.doesNotMatch(html, /https?:/);
    assert.equal(renderReport(content, '', 'exports.fake = 1;'), html);
  });

  it('carries NiiVue only where there is a viewer', async () => {
    assert.doesNotMatch(renderReport(plain, ''), />Images<|concord-viewer/);
    const pictured = renderReport({ ...plain, pictures: content.pictures }, '');
    assert.match(pictured, />Images<\/h2>/);
    assert.doesNotMatch(pictured, /concord-viewer/);
    const path = folder.path('report.html');
    await writeReport(content, path);
    const packed = /class="concord-viewer-source">([^<]*)</.exec(await readFile(path, 'utf8'))?.[1] ?? '';
    assert.match(gunzipSync(Buffer.from(packed, 'base64')).toString().slice(0, 300), /niivue/);
  });
});
