import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { applyCombat } from '../../sdk/combat/apply-combat';
import { fitCombat } from '../../sdk/combat/fit-combat';
import { selectFeatures } from '../../sdk/data/cohort';
import { readMapFile } from '../../sdk/io/maps/map-file';
import { cortexMask, readCortex } from '../../sdk/io/maps/read-cortex';
import { applyToMaps } from '../../sdk/maps/apply-to-maps';
import type { HarmonizedMaps } from '../../sdk/maps/harmonize-maps';
import { harmonizeMaps } from '../../sdk/maps/harmonize-maps';
import { wallIssues } from '../../sdk/maps/doubts/map-issues';
import type { HarmonizeMapsOptions } from '../../sdk/maps/maps-options';
import { concord } from '../support/run-command';
import { temporaryFolder } from '../support/temporary-folder';
import type { MapStudy } from './map-study';
import { mapStudy, mghBytes } from './map-study';

/** A label as FreeSurfer writes it. */
function labelText(vertices: readonly number[]): string {
  const rows = vertices.map((vertex) => `${vertex}  -1.852  -107.983  22.770 0.0000000000`);
  return ['#!ascii label  , from subject fsaverage vox2ras=TkReg', vertices.length, ...rows, ''].join('\n');
}

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at);

describe('the cortex of maps', () => {
  const folder = temporaryFolder();
  let study: MapStudy;
  let cortex: { readonly lh: string; readonly rh: string };
  /** Vertices 10 to 19 of the left hemisphere and the first 7 of the right are no cortex. */
  const isCortex = (name: string): boolean => {
    const [part, vertex] = name.split('.');
    return part === 'lh' ? !(Number(vertex) >= 10 && Number(vertex) < 20) : Number(vertex) >= 7;
  };
  before(() => {
    study = mapStudy(folder.path('in'));
    mkdirSync(folder.path('label'));
    const lh = folder.path('label/lh.cortex.label');
    writeFileSync(lh, labelText(upTo(70).filter((vertex) => isCortex(`lh.${vertex}`))));
    const rh = folder.path('label/rh.mask.mgh');
    writeFileSync(rh, mghBytes(upTo(57).map((vertex) => (isCortex(`rh.${vertex}`) ? 1 : 0))));
    cortex = { lh, rh };
  });

  const harmonize = (out: string, options: Partial<HarmonizeMapsOptions>): Promise<HarmonizedMaps> => {
    const { covariates } = study.cohort.participants;
    return harmonizeMaps(study.entries, {
      ...{ covariates, preserve: ['age', 'sex'], memory: 0.04, out: folder.path(out) },
      ...options,
    });
  };

  it('alone is harmonized, as in a table of its vertices; the rest is as it was', async () => {
    const done = await harmonize('with', { cortex });
    const { cohort } = study;
    const inside = selectFeatures(cohort, cohort.features.features.filter(isCortex));
    const { features } = await applyCombat(await fitCombat(inside, { preserve: ['age', 'sex'] }), inside);
    const expected = Float64Array.from(cohort.features.values, Math.fround);
    const width = cohort.features.features.length;
    features.features.forEach((name, at) => {
      const to = cohort.features.features.indexOf(name);
      for (let row = 0; row < features.subjects.length; row++)
        expected[row * width + to] = Math.fround(features.values[row * features.features.length + at]);
    });
    const found: number[] = [];
    for (const file of done.files) found.push(...(await readMapFile(file)));
    assert.equal(found.filter((value, at) => !Object.is(value, expected[at])).length, 0);
    // Of 17 vertices outside two hold nothing in any scan.
    assert.deepEqual([done.counts.outside, done.counts.empty], [15, 13]);
    const said = done.issues.find(({ code }) => code === 'outside-cortex');
    assert.match(said?.message ?? '', /15 vertices of 127 with values outside of the cortex/);
    assert.notDeepEqual(found, await valuesOf(await harmonize('without', {})));
  });

  it('is part of the model: maps of other scans stay as they are outside of it', async () => {
    const { covariates } = study.cohort.participants;
    const again = await applyToMaps(study.entries, {
      ...{ model: folder.path('with'), covariates, out: folder.path('again') },
    });
    assert.deepEqual(again.files.length, 48);
    for (const [at, entry] of study.entries.entries()) {
      const own = await valuesOf({ files: Object.values(entry.files) });
      const found = await valuesOf({ files: again.files.slice(2 * at, 2 * at + 2) });
      for (const vertex of [10, 12, 19, 70, 76]) assert.ok(Object.is(found[vertex], own[vertex]));
      assert.notEqual(found[30], own[30]);
    }
  });

  it('given otherwise, a run that was stopped is not continued', async () => {
    const stop = new AbortController();
    const stopped = harmonize('stopped', {
      ...{ cortex, signal: stop.signal },
      onProgress: ({ done }) => void (done > 30 && stop.abort()),
    });
    await assert.rejects(stopped, { code: 'aborted' });
    await assert.rejects(harmonize('stopped', { resume: true }), /changed what is cortex/);
    const done = await harmonize('stopped', { resume: true, cortex });
    assert.deepEqual(await valuesOf(done), await valuesOf({ files: done.files.map(inWith) }));
  });
  const inWith = (file: string): string => file.replace('/stopped/', '/with/');
  async function valuesOf({ files }: Pick<HarmonizedMaps, 'files'>): Promise<readonly number[]> {
    const values: number[] = [];
    for (const file of files) values.push(...(await readMapFile(file)));
    return values;
  }

  it('is refused where it is of another surface, of a part that is not there, or the wall', async () => {
    const label = (name: string, text: string): string => folder.write(`${name}.label`, text);
    const of = (lh: string): Promise<unknown> => harmonize('refused', { cortex: { ...cortex, lh } });
    await assert.rejects(
      of(label('far', labelText([...upTo(69), 163_841]))),
      /has vertex 163841, and the maps have 70/,
    );
    await assert.rejects(of(cortex.rh), /rh.mask.mgh has 57 vertices, and the maps have 70/);
    await assert.rejects(
      of(label('wall', labelText(upTo(10)))),
      /too little cortex: wall.label has 10 of 70 .*not the medial wall/,
    );
    await assert.rejects(
      of(label('volume', labelText([-1, -1]))),
      /places without vertices, as labels of volumes do/,
    );
    await assert.rejects(
      of(label('cut', labelText(upTo(60)).slice(0, 900))),
      /malformed label: .*cut.label does not have the number/,
    );
    await assert.rejects(of(label('none', '')), /malformed label/);
    await assert.rejects(of(folder.path('no.label')), { code: 'unreadable-file' });
    await assert.rejects(
      harmonize('refused', { cortex: { lh: cortex.lh } }),
      /invalid cortex: no file for "rh"/,
    );
    const stray = { ...cortex, left: cortex.lh };
    await assert.rejects(
      harmonize('refused', { cortex: stray }),
      /invalid cortex: "left", and the parts are "lh", "rh"/,
    );
  });

  it('is wanted where maps of a known surface hold values in most of the wall', () => {
    const parts = ['lh', 'rh'].map((name) => ({ name, vertices: 10_242 }));
    // nilearn's thickness of fsaverage5 is 0 at 263 and 304 vertices; the wall has 888 and 881.
    const [issue, ...more] = wallIssues(263 + 304, { parts, vertices: 20_484 });
    assert.deepEqual([issue.code, issue.severity, more.length], ['wall-in-maps', 'warning', 0]);
    assert.match(
      issue.message,
      /^567 of 20,484 vertices are 0 or missing in every scan, and about 9 % of such a surface/,
    );
    assert.match(issue.suggestion, /cortex/);
    assert.deepEqual(wallIssues(888 + 881, { parts, vertices: 20_484 }), []);
    assert.deepEqual(wallIssues(0, { parts: [{ name: 'lh', vertices: 9_999 }], vertices: 9_999 }), []);
  });

  it('is read from labels and maps', async () => {
    assert.deepEqual(
      [...cortexMask(await readCortex(folder.write('a.label', labelText([2, 0]))), 3)],
      [1, 0, 1],
    );
    assert.deepEqual([...cortexMask({ file: 'a', values: [0, NaN, 2, -1] }, 4)], [0, 0, 1, 1]);
  });

  it('is given on the command line, and recorded by the names of its files', async () => {
    const rows = study.entries.map(({ id, site, files }) => [id, site, files['lh'], files['rh']].join());
    const table = folder.write('scans.csv', ['id,site,lh,rh', ...rows].join('\n'));
    const words = ['maps', 'harmonize', table, '--files', 'lh,rh', '--out', folder.path('command')];
    const run = await concord(...words, '--cortex', `lh=${cortex.lh},rh=${cortex.rh}`);
    assert.equal(run.status, 0, run.err);
    assert.match(run.out, /of which 29 are as before/);
    const record = readFileSync(folder.path('command/provenance.json'), 'utf8');
    assert.match(record, /"lh": "lh.cortex.label"/);
    assert.ok(!record.includes(folder.path('label')));
    const half = await concord(...words, '--overwrite', '--cortex', `lh=${cortex.lh}`);
    assert.match(half.err, /no file for "rh", .* \(give --cortex NAME=FILE a file for each part\)/);
  });
});
