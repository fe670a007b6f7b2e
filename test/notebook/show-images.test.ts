import assert from 'node:assert/strict';
import { PNG } from 'pngjs';
import { makeAffine } from '../../sdk/data/images/affine';
import { makeImageCohort, makeVolumeCohort } from '../../sdk/data/cohort';
import { continuous } from '../../sdk/data/people/covariate';
import { makeImageSet } from '../../sdk/data/images/image-set';
import { makeIssue } from '../../sdk/data/issue';
import { makeParticipants } from '../../sdk/data/people/participants';
import { provenanceStep } from '../../sdk/data/provenance';
import { makeVolume } from '../../sdk/data/images/volume';
import { show } from '../../sdk/notebook/show';
import { view } from '../../sdk/notebook/viewer-view';
import { differenceMap } from '../../sdk/plot/panels/difference-map';
import { volumeViewer } from '../../sdk/plot/viewer/viewer';
import type { SentOutput } from './fake-kernel';
import { captured, startFakeKernel, stopFakeKernel } from './fake-kernel';

const grid = { shape: [6, 5, 4], affine: makeAffine([1, 1, 3]) } as const;
const volume = makeVolume(
  Float32Array.from({ length: 120 }, (_, i) => i),
  grid,
  {
    provenance: [provenanceStep('readVolume', {}), provenanceStep('<resample>', {})],
    issues: [makeIssue('doubtful-mask', 'the mask is odd')],
  },
);
const ids = ['a1', 'a2', 'b1'];
const participants = makeParticipants(ids, ['<A>', '<A>', 'B'], [continuous('age', [30, NaN, 50], 'years')]);
const slices = ids.map((scan) => ({
  scan,
  plane: 'axial' as const,
  index: 1,
  position: 3,
  offset: [0, 0] as const,
  grid,
}));
const images = makeImageSet(
  Float32Array.from({ length: 90 }, (_, i) => i),
  [3, 5, 6, 1],
  { slices },
);
const never = (): Promise<never> => Promise.reject(new Error('a scan was opened'));
const scans = [
  { id: 'a1', subject: 'p', file: '/data/sub-p_T1w.nii.gz', suffix: 'T1w', open: never },
  {
    id: 'a2',
    subject: 'q',
    suffix: 'T1w',
    scanner: { manufacturer: 'Acme & Co', fieldStrength: 3 },
    open: never,
  },
  { id: 'b1', subject: 'p', suffix: 'T2w', open: never },
];
const cohort = makeVolumeCohort(participants, scans, {
  provenance: [provenanceStep('loadBids', {})],
  issues: [makeIssue('unusable-scan', 'one'), makeIssue('unusable-scan', 'two')],
});

describe('show of images in a notebook', () => {
  let sent: SentOutput[];
  beforeEach(() => {
    sent = startFakeKernel();
  });
  afterEach(stopFakeKernel);
  const form = (output: number, type: string): string => String(sent[output].data[type]);

  it('shows a volume as a PNG with its words, then how it was made and its issues', () => {
    show(volume);
    assert.equal(sent.length, 2);
    assert.deepEqual(Object.keys(sent[0].data), ['image/png', 'text/plain']);
    const { width, height } = PNG.sync.read(Buffer.from(form(0, 'image/png'), 'base64'));
    assert.match(
      form(0, 'text/plain'),
      new RegExp(
        `6 × 5 × 4 voxels of 1 × 1 × 3 mm · RAS · values 0 to 119 \\(${width} × ${height} pixels\\)$`,
      ),
    );
    assert.match(form(1, 'text/html'), /made by readVolume → &lt;resample&gt;/);
    assert.match(form(1, 'text/plain'), /doubtful-mask/);
  });

  it('passes options on, and says no more than there is to say', () => {
    const bare = makeVolume(volume.data, grid);
    show(bare, { plane: 'coronal', slices: 2 });
    assert.equal(sent.length, 1);
    assert.match(form(0, 'text/plain'), /^\[picture\] 2 slices of a volume/);
  });

  it('shows pictures and viewers', () => {
    show(differenceMap(volume, volume));
    assert.match(form(0, 'text/plain'), /^\[picture\] difference map/);
    show(volumeViewer(volume, { name: 'head' }));
    assert.match(form(1, 'text/plain'), /^\[viewer\] head: 6 × 5 × 4/);
  });

  it('shows sets and cohorts of images, saying what of how much', () => {
    show(images);
    assert.match(form(0, 'text/plain'), /3 of 3 images, 3 of 3 scans: a1, a2, b1/);
    assert.equal(form(1, 'text/plain'), '3 axial images of 5 × 6 pixels, 3 scans');
    show(makeImageCohort(participants, images, { subjects: ['p', 'q', 'p'] }), { maxScans: 2 });
    assert.match(form(2, 'text/plain'), /2 of 3 images, 2 of 3 scans: a1, b1/);
    assert.match(form(3, 'text/plain'), /2 subjects; sites: <A> 2, B 1$/);
    assert.match(form(3, 'text/html'), /&lt;A&gt; 2/);
  });

  it('shows a cohort of scans as a table without opening any', () => {
    show(cohort);
    const html = form(0, 'text/html');
    assert.match(html, /Cohort: 3 scans of 2 subjects, opened when needed/);
    const headers = [...html.matchAll(/<th scope="col"[^>]*>([^<]*)</g)].map((match) => match[1]);
    assert.deepEqual(headers, [
      ...['subject', 'site', 'age (years)', 'person', 'image', 'file', 'manufacturer', 'field (T)'],
    ]);
    assert.match(html, />sub-p_T1w\.nii\.gz</);
    assert.match(
      form(0, 'text/plain'),
      /sites: <A> 2, B 1; images: T1w 2, T2w 1; scanners: Acme & Co 3 T 1, not known 2; made by loadBids; 2 issues/,
    );
    assert.ok(html.includes('Acme &amp; Co 3 T') && !html.includes('<A>'));
  });

  it('carries NiiVue with the first viewer only, or when asked', () => {
    view(volume, { embedViewer: true });
    view(volume);
    const pages = [form(0, 'text/html'), form(1, 'text/html')];
    assert.ok(pages[0].includes('concord-viewer-source">') && pages[0].length > 1e6);
    assert.ok(!pages[1].includes('concord-viewer-source">') && pages[1].length < 1e5);
    const names = pages.map((page) => /id="(concord-viewer-[^"]+)"/.exec(page)?.[1]);
    assert.notEqual(names[0], names[1]);
  });
});

describe('show of images outside a notebook', () => {
  it('writes their words', () => {
    const written = captured(process.stdout, () => show(volume));
    assert.match(written, /^\[picture\] .*\nmade by readVolume → <resample>\n/);
    assert.match(
      captured(process.stdout, () => view(volume)),
      /^\[viewer\] scan: /,
    );
  });
});
