import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { applyCombat } from '../../sdk/combat/apply-combat';
import type { CombatOptions } from '../../sdk/combat/combat-options';
import { fitCombat } from '../../sdk/combat/fit-combat';
import type { FeatureCohort } from '../../sdk/data/cohort';
import { selectFeatures, takeSubjects } from '../../sdk/data/cohort';
import { withPersons } from '../../sdk/data/people/participants';
import { fitFeatureModels } from '../../sdk/evaluate/models/feature-models';
import { makeSiteDesign } from '../../sdk/evaluate/models/site-design';
import { averageRows, personRows } from '../../sdk/evaluate/persons/person-rows';
import { readMapFile } from '../../sdk/io/maps/map-file';
import { applyToMaps } from '../../sdk/maps/apply-to-maps';
import type { HarmonizedMaps } from '../../sdk/maps/harmonize-maps';
import { harmonizeMaps } from '../../sdk/maps/harmonize-maps';
import type { HarmonizeMapsOptions } from '../../sdk/maps/maps-options';
import { temporaryFolder } from '../support/temporary-folder';
import type { MapStudy } from './map-study';
import { mapStudy, mghBytes } from './map-study';

/** The maps of scans joined, scan after scan. */
async function readAll(files: readonly string[]): Promise<readonly number[]> {
  const values: number[] = [];
  for (const file of files) values.push(...(await readMapFile(file)));
  return values;
}

function differing(found: readonly number[], expected: readonly number[]): number {
  assert.equal(found.length, expected.length);
  return found.filter((value, at) => !Object.is(value, expected[at])).length;
}

describe('harmonizeMaps', () => {
  const folder = temporaryFolder();
  let study: MapStudy;
  let made = 0;
  before(() => (study = mapStudy(folder.path('in'))));

  const place = (): string => folder.path(`out-${made++}`);
  const harmonize = (options: Partial<HarmonizeMapsOptions> = {}): Promise<HarmonizedMaps> => {
    const { covariates } = study.cohort.participants;
    // A few vertices and scans at a time.
    return harmonizeMaps(study.entries, { covariates, memory: 0.04, out: place(), ...options });
  };
  const inMemory = async (options: CombatOptions, cohort = study.cohort): Promise<FeatureCohort> =>
    applyCombat(await fitCombat(cohort, options), cohort);

  for (const options of [
    { preserve: ['age', 'sex'] },
    { preserve: ['age*sex'], reference: 'HH', meanOnly: 'shrunk-by-size' },
    { preserve: ['sex'], smooth: ['age'] },
    { preserve: ['sex'], smooth: [{ name: 'age', penalty: 3 }], basis: 'neuroharmonize' },
    { preserve: ['age'], scaleCovariates: ['age'] },
    { preserve: ['age'], robust: true },
    { eb: 'nonparametric' },
    { eb: 'none', varianceDivisor: 'n-1' },
  ] as const satisfies readonly Partial<HarmonizeMapsOptions>[]) {
    it(`gives the bits of fitCombat and applyCombat, rounded to what maps hold: ${JSON.stringify(options)}`, async () => {
      const { files } = await harmonize(options);
      const expected = (await inMemory(options)).features.values;
      assert.equal(differing(await readAll(files), Array.from(expected, Math.fround)), 0);
    });
  }

  it('refuses maps of another surface than the one that is named, before any work', async () => {
    const out = place();
    await assert.rejects(
      harmonize({ out, vertices: { lh: 70, rh: 58 } }),
      (error: Error & { code?: string }) => {
        return (
          error.code === 'different-grids' && /57 vertices, and the surface of "rh" 58/.test(error.message)
        );
      },
    );
    assert.ok(!existsSync(out) && !existsSync(`${out}.unfinished`));
    const { files } = await harmonize({ vertices: { lh: 70, rh: 57 } });
    assert.equal(files.length, 48);
  });

  it('fits logarithms past walls of zeros, which have none', async () => {
    const options = { preserve: ['age'], transform: 'log' } as const;
    const { files, counts } = await harmonize(options);
    const width = study.cohort.features.features.length;
    const some = study.cohort.features.features.filter((_, v) => v % 10 !== 3);
    const expected = (await inMemory(options, selectFeatures(study.cohort, some))).features.values;
    const found = (await readAll(files)).filter((_, at) => (at % width) % 10 !== 3);
    assert.equal(differing(found, Array.from(expected, Math.fround)), 0);
    assert.equal(counts.empty, width - some.length);
  });

  it('gives the same bits whatever the memory, of the model too', async () => {
    const arrays = async (memory: number): Promise<readonly [string, readonly number[]]> => {
      const out = place();
      const { files } = await harmonize({ preserve: ['age'], memory, out });
      const file = readdirSync(out).find((name) => name.endsWith('.safetensors'));
      // Its name is made of its digest.
      return [file ?? '', await readAll(files)];
    };
    const first = await arrays(0.005);
    for (const memory of [0.013, 100]) assert.deepEqual(await arrays(memory), first);
  });

  it('counts walls, vertices without spread and missing values, and leaves them as they are', async () => {
    const { counts, files, issues } = await harmonize({ preserve: ['age'] });
    assert.deepEqual(counts, {
      empty: 13,
      outside: 0,
      partlyZero: 0,
      constant: 1,
      notEstimable: 0,
      endless: 0,
      alikeWithinPersons: 0,
      noPersonEffect: 0,
      missing: 3,
      negative: 0,
      unmodelled: 0,
    });
    const codes = issues.map(({ code }) => code);
    for (const code of ['empty-vertices', 'constant-feature', 'missing-cells'])
      assert.ok(codes.includes(code as never));
    const [before, after] = [study.entries[4].files['lh'], files[8]].map((file) => readFileSync(file));
    for (const vertex of [3, 5, 8, 13]) {
      const at = 284 + 4 * vertex;
      assert.deepEqual(after.subarray(at, at + 4), before.subarray(at, at + 4));
    }
  });

  it('harmonizes other scans by the model that it kept, to the same bits', async () => {
    const out = place();
    const { files } = await harmonize({ preserve: ['age', 'sex'], out });
    const { covariates } = study.cohort.participants;
    const again = await applyToMaps(study.entries, { model: out, out: place(), covariates });
    assert.equal(differing(await readAll(again.files), await readAll(files)), 0);
    // One scan alone, by its record.
    const one = takeSubjects(study.cohort, [5]).participants.covariates;
    const alone = await applyToMaps([study.entries[5]], {
      model: `${out}/model.json`,
      out: place(),
      root: folder.path('in'),
      covariates: one,
    });
    assert.ok(alone.files[0].endsWith('sub-06/lh.thickness.mgh'));
    assert.equal(differing(await readAll(alone.files), await readAll(files.slice(10, 12))), 0);
  });

  it('names other scans whose maps are empty or of another unit, and those of the scans that are fitted', async () => {
    const { covariates } = takeSubjects(study.cohort, [0, 1, 2, 3]).participants;
    const good = await readMapFile(study.entries[1].files['lh']);
    const micrometers = folder.write('um.mgh', mghBytes(good.map((value) => 1000 * value)));
    const empty = folder.write('empty.mgh', mghBytes(new Float32Array(good.length)));
    const others = study.entries.slice(0, 4).map((entry, scan) => ({
      ...entry,
      files: { ...entry.files, lh: [entry.files['lh'], micrometers, empty, entry.files['lh']][scan] },
    }));
    for (const transform of ['none', 'log'] as const) {
      const out = place();
      await harmonize({ preserve: ['age', 'sex'], out, transform });
      const applied = await applyToMaps(transform === 'log' ? others.slice(0, 2) : others, {
        model: out,
        out: place(),
        covariates:
          transform === 'log' ? takeSubjects(study.cohort, [0, 1]).participants.covariates : covariates,
      });
      const said = applied.issues.map(({ message }) => message).filter((text) => text.includes(' lh '));
      assert.match(
        said.at(-1) ?? '',
        /^1 map of lh is on another scale .*"sub-02" .*about 2\.\d+e\+3.* has 2\.\d+\)$/,
      );
      if (transform === 'none') assert.match(said[0], /^1 map of lh is nearly empty: "sub-03", of the /);
    }
    const fitted = await harmonizeMaps([...others, ...study.entries.slice(4)], {
      out: place(),
    });
    const said = fitted.issues.map(({ message }) => message);
    assert.ok(said.some((text) => /^1 map of lh is nearly empty: "sub-03"/.test(text)));
    assert.ok(said.some((text) => /^1 map of lh is on another scale than the others: "sub-02"/.test(text)));
  });

  it('refuses sites that the model does not know, or leaves their values as they are', async () => {
    const out = place();
    await harmonize({ out });
    const stranger = [{ ...study.entries[0], site: 'Oslo' }];
    await assert.rejects(applyToMaps(stranger, { model: out, out: place() }), { code: 'unknown-site' });
    const left = await applyToMaps(stranger, { model: out, out: place(), unseen: 'covariates' });
    assert.deepEqual(readFileSync(left.files[0]), readFileSync(study.entries[0].files['lh']));
    assert.equal(left.issues[0].code, 'unseen-site');
  });

  it('refuses a model whose arrays were changed, by name', async () => {
    const out = place();
    await harmonize({ out });
    const name = readdirSync(out).find((one) => one.endsWith('.safetensors')) ?? '';
    const bytes = readFileSync(`${out}/${name}`);
    bytes[bytes.length - 3] ^= 1;
    writeFileSync(`${out}/${name}`, bytes);
    await assert.rejects(applyToMaps(study.entries, { model: out, out: place() }), {
      code: 'malformed-model',
      message: /its SHA-256 differs/,
    });
  });

  it('writes what was done as maps: F of site is that of the audit, shifts are those of the model', async () => {
    const options = { preserve: ['age', 'sex'] };
    const { effects } = await harmonize({ ...options, effects: true });
    const names = effects.map((path) => path.slice(path.lastIndexOf('/') + 1));
    assert.ok(names.includes('lh.site-f-before.mgh') && names.includes('rh.HH-shift.mgh'));
    const of = async (name: string): Promise<readonly number[]> =>
      readAll(effects.filter((path) => path.endsWith(`.${name}.mgh`)));
    const { cohort } = study;
    const after = await inMemory(options);
    for (const [name, table] of [
      ['site-f-before', cohort],
      [
        'site-f-after',
        { ...after, features: { ...after.features, values: after.features.values.map(Math.fround) } },
      ],
    ] as const) {
      const { anova } = await fitFeatureModels(table.features, makeSiteDesign(table, ['age', 'sex']));
      const found = await of(name);
      anova.forEach(({ statistic }, v) => {
        if (Number.isNaN(statistic)) return;
        assert.ok(
          Math.abs(found[v] - statistic) <= 1e-5 * (1 + statistic),
          `${name} ${v}: ${found[v]}, ${statistic}`,
        );
      });
      assert.ok(found.filter((value) => !Number.isNaN(value)).length > 100);
    }
    const model = await fitCombat(cohort, options);
    const width = model.features.length;
    const [shift, factor] = [await of('HH-shift'), await of('HH-factor')];
    model.status.forEach((status, v) => {
      const done = status === 'harmonized';
      assert.equal(shift[v], done ? Math.fround(model.pooledSd[v] * model.gammaStar[width + v]) : 0);
      assert.ok(Math.abs(factor[v] - (done ? Math.sqrt(model.deltaStar[width + v]) : 1)) < 1e-6);
    });
  });

  describe('F of site where persons have several scans', () => {
    const covariates = ['age', 'sex'];
    /** F of the maps, by the audit's own tests of the same table; and what is said of it. */
    const compare = async (persons: readonly string[], said: RegExp): Promise<void> => {
      const entries = study.entries.map((entry, row) => ({ ...entry, person: persons[row] }));
      const own = { covariates: study.cohort.participants.covariates, out: place() };
      const done = await harmonizeMaps(entries, { ...own, preserve: covariates, effects: true });
      const issue = done.issues.find(({ code }) => code === 'counted-by-person');
      assert.match(issue?.message ?? '', said);
      assert.ok(done.model.issues.includes(issue as never), 'the model does not say it');
      const participants = withPersons(study.cohort.participants, persons);
      const { groups, persons: blocks } = personRows(participants);
      const rows = averageRows({ ...study.cohort, participants }, groups);
      const { anova } = await fitFeatureModels(rows.features, makeSiteDesign(rows, covariates, blocks));
      const found = await readAll(done.effects.filter((path) => path.endsWith('.site-f-before.mgh')));
      anova.forEach(({ statistic }, v) => {
        // Where scans are missing, a row of the audit may lack its person or site.
        if (Number.isNaN(statistic)) return;
        assert.ok(
          Math.abs(found[v] - statistic) <= 1e-5 * (1 + statistic),
          `${v}: ${found[v]}, ${statistic}`,
        );
      });
      assert.ok(found.filter((value) => !Number.isNaN(value)).length > 100);
    };

    it('compares sites within persons who were at several', async () => {
      const persons = study.entries.map((_, row) => `person-${Math.floor(row / 3)}`);
      await compare(
        persons,
        /^24 scans of 8 persons: maps of F of site compare sites within persons, 8 of 8/,
      );
    });

    it('takes as many scans of each person as all have, where persons stay at their sites', async () => {
      // The first two scans of a site are of one person, the next two of another.
      const persons = study.entries.map(
        (_, row) => `person-${row % 3}-${Math.floor(Math.floor(row / 3) / 2)}`,
      );
      await compare(persons, /^24 scans of 12 persons: .* use the mean of the first 2 scans of each person/);
      const fewer = persons.map((person, row) => (row > 20 ? `person-${row}` : person));
      await compare(fewer, /^24 scans of 15 persons: .* use the first scan of each person at a site/);
    });
  });

  it('audits a share of the vertices, which it names', async () => {
    const { audit, issues } = await harmonize({ preserve: ['age'], auditVertices: 12, seed: 3 });
    assert.equal(audit?.features.length, 12);
    const share = issues.find(({ code }) => code === 'audited-share');
    assert.match(share?.message ?? '', /12 vertices of 113 .* seed 3/);
  });

  it('refuses by name what is not done vertex by vertex', async () => {
    const kfold = { smooth: ['age'], smoothing: 'kfold' } as unknown as Partial<HarmonizeMapsOptions>;
    await assert.rejects(harmonize(kfold), {
      code: 'invalid-option',
      message: /invalid smoothing for maps: "kfold"/,
    });
  });

  describe('with bad input', () => {
    const withFile = (path: string, part = 'lh'): Promise<HarmonizedMaps> => {
      const entries = study.entries.map((entry, row) =>
        row === 20 ? { ...entry, files: { ...entry.files, [part]: path } } : entry,
      );
      return harmonizeMaps(entries, { out: place(), root: folder.path('') });
    };

    it('refuses maps of another surface, two scans with one place, and an output that is an input', async () => {
      const short = folder.write('short.mgh', mghBytes(new Float32Array(69)));
      await assert.rejects(withFile(short), {
        code: 'different-grids',
        message: /short\.mgh has 69 vertices .* 70/,
      });
      await assert.rejects(withFile(study.entries[3].files['lh']), {
        code: 'invalid-option',
        message: /would be written for "sub-04" and "sub-21"/,
      });
      await assert.rejects(harmonizeMaps(study.entries, { out: folder.path('in') }), {
        code: 'invalid-option',
        message: /is one of the maps to be harmonized/,
      });
    });

    it('refuses infinite values, files that are not there, and scans without a part', async () => {
      const values = new Float32Array(70).fill(2);
      values[9] = Infinity;
      const infinite = folder.write('infinite.mgh', mghBytes(values));
      await assert.rejects(withFile(infinite), {
        code: 'invalid-voxels',
        message: /vertex 9 of .*infinite\.mgh/,
      });
      await assert.rejects(withFile(folder.path('none.mgh')), {
        code: 'unreadable-file',
        message: /none\.mgh/,
      });
      await assert.rejects(withFile(infinite, 'left'), {
        code: 'missing-value',
        message: /"sub-21" has "lh", "rh", "left"/,
      });
    });

    it('replaces nothing unless it is told to', async () => {
      const out = place();
      await harmonize({ out });
      await assert.rejects(harmonize({ out }), { code: 'file-exists' });
      await harmonize({ out, overwrite: true });
    });
  });

  describe('stopped', () => {
    /** Cancels at a share of the work. */
    const stopAt = async (
      out: string,
      share: number,
      options: Partial<HarmonizeMapsOptions> = {},
    ): Promise<void> => {
      const stop = new AbortController();
      const onProgress = ({ done, total }: { readonly done: number; readonly total: number }): void => {
        if (done >= share * total) stop.abort();
      };
      await assert.rejects(harmonize({ out, signal: stop.signal, onProgress, ...options }), {
        code: 'aborted',
      });
    };

    it('continues from any moment, with another memory too, and says progress in one total', async () => {
      const expected = await readAll((await harmonize({ preserve: ['age'] })).files);
      for (const share of [0.05, 0.45, 0.75, 0.95]) {
        const out = place();
        await stopAt(out, share, { preserve: ['age'] });
        const shares: number[] = [];
        const { files, counts } = await harmonize({
          out,
          preserve: ['age'],
          resume: true,
          memory: 1,
          onProgress: ({ done, total }) => shares.push(done / total),
        });
        assert.equal(differing(await readAll(files), expected), 0);
        assert.equal(counts.empty, 13);
        assert.deepEqual(
          shares,
          [...shares].sort((a, b) => a - b),
        );
        assert.ok(Math.abs((shares.at(-1) ?? 1) - 1) < 1e-9, `ends at ${shares.at(-1)}`);
        assert.ok(!existsSync(`${out}.unfinished`));
      }
    });

    it('is not continued unasked, nor with other options or inputs, which are named', async () => {
      const out = place();
      await stopAt(out, 0.4);
      await assert.rejects(harmonize({ out }), {
        code: 'file-exists',
        message: /holds a run that was stopped/,
      });
      await assert.rejects(harmonize({ out, resume: true, preserve: ['age'] }), {
        code: 'invalid-option',
        message: /changed options of ComBat/,
      });
      const curves = { preserve: ['sex'], smooth: [{ name: 'age', penalty: 3 }] };
      const curved = place();
      await stopAt(curved, 0.4, curves);
      await assert.rejects(
        harmonize({ out: curved, resume: true, ...curves, smooth: [{ name: 'age', penalty: 4 }] }),
        {
          message: /changed options of ComBat/,
        },
      );
      const path = study.entries[0].files['rh'];
      const whole = readFileSync(path);
      try {
        // The same values at another time are the same.
        utimesSync(path, 1e9, 1e9);
        const other = Buffer.from(whole);
        other.writeFloatBE(3.25, 284 + 4 * 7);
        writeFileSync(path, other);
        await assert.rejects(harmonize({ out, resume: true }), {
          code: 'invalid-option',
          message: /changed file: .*rh\.thickness\.mgh/,
        });
      } finally {
        writeFileSync(path, whole);
      }
      await harmonize({ out, resume: true });
      await assert.rejects(harmonize({ out, resume: true }), { code: 'file-exists' });
    });
  });
});
