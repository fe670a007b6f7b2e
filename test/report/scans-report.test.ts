import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { makeFeatureCohort, makeVolumeCohort, takeSubjects } from '../../sdk/data/cohort';
import type { VolumeCohort } from '../../sdk/data/cohort';
import { makeFeatureMatrix } from '../../sdk/data/feature-matrix';
import { makeParticipants } from '../../sdk/data/people/participants';
import { provenanceStep } from '../../sdk/data/provenance';
import { ConcordError } from '../../sdk/errors';
import { withVolume } from '../../sdk/data/images/volume';
import { ignoreInBids } from '../../sdk/io/bids/ignored-files';
import { preprocess } from '../../sdk/preprocess/preprocess';
import { renderReport } from '../../sdk/report/page/render-report';
import { measureScans } from '../../sdk/report/scan-quality';
import { scansReport } from '../../sdk/report/scans-report';
import { trainingDistances } from '../../sdk/report/training-distances';
import { steps } from '../../sdk/steps';
import { contractVolumes } from '../support/contract-cohorts';
import { temporaryFolder } from '../support/temporary-folder';

const hostile = `<img src=x onerror=alert(1)>"'`;

/** The cohort with the count of its scans that are open at once, and of openings. */
function watched(cohort: VolumeCohort): { readonly cohort: VolumeCohort; readonly opened: string[] } {
  const opened: string[] = [];
  const scans = cohort.scans.map((scan) => ({
    ...scan,
    open: (run?: Parameters<typeof scan.open>[0]) => {
      opened.push(scan.id);
      return scan.open(run);
    },
  }));
  return { cohort: makeVolumeCohort(cohort.participants, scans, cohort), opened };
}

describe('scansReport', () => {
  const sizes = { A: 3, [`B${hostile}`]: 3, C: 3, D: 3, E: 3, F: 3 };
  const before = contractVolumes(sizes);

  it('says what was read and done, and draws few scans of many sites', async () => {
    const content = await scansReport(
      { before, after: preprocess(before, [steps.zScore()]) },
      { title: hostile, source: hostile },
    );
    const labels = content.facts.map(({ label }) => label);
    assert.deepEqual(labels, ['Data', 'Scans made', 'Step zScore']);
    assert.equal(content.facts[1].value, '18 of 18');
    assert.equal(content.tables?.find(({ name }) => name === 'quality')?.rows.length, 18);
    const pictures = content.pictures ?? [];
    assert.ok(pictures.length >= 4 && pictures.length <= 12, `${pictures.length} pictures`);
    assert.equal(
      new Set(pictures.map(({ caption }) => /site (.*?): the first/.exec(caption)?.[1])).size >= 4,
      true,
    );
    const page = renderReport(content, '');
    assert.ok(!page.includes('<img src=x'), 'an element of the user');
    for (const heading of [
      'What was read',
      'What was done',
      'Quality of the results',
      'Images',
      'Figures',
      'Issues',
    ])
      assert.ok(page.includes(`>${heading}</h2>`), heading);
  });

  it('opens scans one after the other, and only those drawn from what was read', async () => {
    const read = watched(before);
    const made = watched(before);
    await scansReport({ before: read.cohort, after: made.cohort }, { maxScans: 2 });
    // Measured once, two for intensities, and those that are drawn.
    assert.ok(read.opened.length <= 2 + 6, `${read.opened.length} openings of what was read`);
    assert.ok(made.opened.length <= 18 + 2 + 6, `${made.opened.length} openings of what was made`);
  });

  it('names scans that cannot be opened any more, and goes on; none at all is a report of issues', async () => {
    const gone = makeVolumeCohort(
      before.participants,
      before.scans.map((scan, row) =>
        row === 0
          ? { ...scan, open: () => Promise.reject(new ConcordError('unreadable-file', `${hostile} is gone`)) }
          : scan,
      ),
    );
    const content = await scansReport({ before: gone, after: before });
    assert.ok(
      content.issues.some(({ code, message }) => code === 'unusable-scan' && message.includes('gone')),
    );
    const nothing = await scansReport({
      before,
      after: makeVolumeCohort(makeParticipants([], []), []),
    });
    assert.match(nothing.lead, /^0 scans went.* 18 could not be used/);
    assert.deepEqual([nothing.figures.length, nothing.pictures?.length, nothing.methods], [0, 0, undefined]);
  });

  it('counts in the methods section the scans that were made, and says how many are not among them or are compared with no other', async () => {
    const { methods } = await scansReport({ before, after: takeSubjects(before, [0, 1, 2, 3]) });
    const [text] = methods?.paragraphs ?? [];
    assert.match(text, /^The data were T1w scans of 3 participants \(4 scans\) at 2 sites/);
    const caption = (rows: readonly number[]): Promise<string | undefined> =>
      scansReport({ before, after: takeSubjects(before, rows) }).then(
        ({ tables = [] }) => tables[1]?.caption,
      );
    // Three of one site, one of another.
    assert.match(
      (await caption([0, 1, 2, 3])) ?? '',
      /^No scan stands out \(1 of 4 is of sites with fewer than three, /,
    );
    assert.match(
      (await caption([0, 3])) ?? '',
      /^No scan stands out \(but all are of sites with fewer than three, /,
    );
    assert.match(text, /n = 1\)\. A further 14 scans were read but could not be used\./);
  });

  it('stops when cancelled', async () => {
    const signal = AbortSignal.abort();
    await assert.rejects(scansReport({ before, after: before }, { signal }), { code: 'aborted' });
  });

  it('measures what a shift and a change of scale leave alone', async () => {
    const step = {
      name: 'shift',
      options: {},
      run: (volume: Parameters<typeof withVolume>[0]) =>
        withVolume(
          volume,
          { data: volume.data.map((value) => 3 * value - 200) },
          provenanceStep('shift', {}),
        ),
    };
    const plain = await measureScans(before, {});
    const shifted = await measureScans(preprocess(before, [step]), {});
    for (const [at, { figures }] of plain.scans.entries()) {
      const other = shifted.scans[at].figures;
      assert.equal(figures.maskVolume, other.maskVolume);
      // 32-bit intensities.
      assert.ok(Math.abs((figures.cnr ?? NaN) - (other.cnr ?? NaN)) < 1e-2 * (figures.cnr ?? NaN));
    }
  });
});

describe('trainingDistances', () => {
  const people = makeParticipants(['a', 'b'], ['S', 'S']);
  const cohort = (values: readonly number[]): ReturnType<typeof makeFeatureCohort> =>
    makeFeatureCohort(people, makeFeatureMatrix(Float64Array.from(values), ['a', 'b'], ['f', 'g', 'h']));

  it('are (mean − training mean) / SD, the farthest after first; missing cells and constants are left out', () => {
    // f: (19 + 13) / 2 = 16, (16 − 10) / 2 = 3; |19 − 10| > 4 · 2, |13 − 10| is not. g: its one value, 5, is the training's.
    const range = {
      features: ['g', 'f', 'h'],
      means: [5, 10, 1],
      sds: [1, 2, 0],
      scale: 'as measured',
    } as const;
    const found = trainingDistances(range, cohort([19, 5, 1, 13, NaN, 1]), cohort([11, 5, 1, 13, NaN, 1]));
    assert.deepEqual(
      found.map(({ feature, before, after, far }) => [feature, before, after, far]),
      [
        ['f', 3, 1, 0.5],
        ['g', 0, 0, 0],
      ],
    );
  });

  it('are of logarithms where the model sees logarithms', () => {
    const range = { features: ['f'], means: [0], sds: [2], scale: 'logarithm' } as const;
    const values = [Math.exp(4), 1, 1, Math.exp(8), 1, 1];
    const [{ before }] = trainingDistances(range, cohort(values), cohort(values));
    assert.ok(Math.abs(before - 3) < 1e-12);
  });
});

describe('ignoreInBids', () => {
  const folder = temporaryFolder();
  it('adds what is missing, once, and keeps the lines that are there', async () => {
    const path = folder.write('.bidsignore', 'mine/');
    const root = folder.path('.');
    await ignoreInBids(root, ['report*.html']);
    await ignoreInBids(root, ['report*.html', 'mine/']);
    assert.equal(readFileSync(path, 'utf8'), 'mine/\nreport*.html\n');
  });
});
