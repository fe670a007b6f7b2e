import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { RunOptions } from '../../sdk/data/run-options';
import { continuous } from '../../sdk/data/people/covariate';
import { applyToMaps } from '../../sdk/maps/apply-to-maps';
import type { HarmonizedMaps } from '../../sdk/maps/harmonize-maps';
import { harmonizeMaps } from '../../sdk/maps/harmonize-maps';
import type { HarmonizeMapsOptions, MapsEntry } from '../../sdk/maps/maps-options';
import { giftiArray, giftiFile } from '../support/surface-bytes';
import { temporaryFolder } from '../support/temporary-folder';
import type { MapStudy } from './map-study';
import { mapStudy, mghNumbers, mghStackBytes, npyBytes, withPersonsOfThree } from './map-study';

describe('maps of all scans in one file', () => {
  const folder = temporaryFolder();
  const tags = Buffer.from('TR and command lines');
  let study: MapStudy;
  /** The same with a stack for each part. */
  let stacked: readonly MapsEntry[];
  let made = 0;
  before(() => {
    study = mapStudy(folder.path('in'));
    const files = Object.fromEntries(
      study.parts.map(([part]) => [part, folder.write(`${part}.stack.mgh`, stackOf(part))]),
    );
    stacked = study.entries.map((entry) => ({ ...entry, files }));
  });
  const mapsOf = (part: string): readonly Float32Array[] =>
    study.entries.map(({ files }) => mghNumbers(files[part]));
  const stackOf = (part: string): Buffer => mghStackBytes(mapsOf(part), tags);

  const place = (): string => folder.path(`out-${made++}`);
  const harmonize = (
    entries: readonly MapsEntry[],
    options: Partial<HarmonizeMapsOptions> = {},
  ): Promise<HarmonizedMaps> => {
    const { covariates } = study.cohort.participants;
    return harmonizeMaps(entries, { covariates, memory: 0.04, out: place(), ...options });
  };
  /** The arrays of a model are named by their digest. */
  const modelOf = (out: string): string | undefined =>
    readdirSync(out).find((name) => name.endsWith('.safetensors'));
  /** What a stack holds that is made of the maps of single files. */
  const asStack = (files: readonly string[], part: string): Buffer =>
    mghStackBytes(files.filter((file) => file.includes(`/${part}.`)).map(mghNumbers), tags);

  it('are harmonized as those of a file for each scan, to the bit, and written as one file like theirs', async () => {
    const options = { preserve: ['age', 'sex'], effects: true, auditVertices: 3 };
    const [apart, together] = [place(), place()];
    const one = await harmonize(study.entries, { ...options, out: apart });
    const other = await harmonize(stacked, { ...options, out: together });
    assert.deepEqual(
      other.files,
      study.parts.map(([part]) => `${together}/${part}.stack.mgh`),
    );
    for (const [at, [part]] of study.parts.entries())
      assert.ok(readFileSync(other.files[at]).equals(asStack(one.files, part)), part);
    assert.equal(modelOf(together), modelOf(apart));
    assert.ok(one.audit !== undefined && one.audit.tests.length > 0);
    for (const name of ['features', 'probes', 'tests', 'variance'] as const)
      assert.deepEqual(other.audit?.[name], one.audit[name]);
    assert.ok(one.effects.length === 16 && other.effects.length === 16);
    for (const [at, path] of other.effects.entries())
      assert.deepEqual(mghNumbers(path), mghNumbers(one.effects[at]), path);
    const said = other.issues.filter(({ code }) => code === 'stacked-maps');
    assert.deepEqual(
      said.map(({ message, severity }) => `${severity}: ${message}`),
      ['lh', 'rh'].map(
        (part) =>
          `info: maps of ${part} are the 24 frames of ${part}.stack.mgh, in the order of the scans given`,
      ),
    );
    // The model is applied to a stack in the same way.
    const { covariates } = study.cohort.participants;
    const again = await applyToMaps(stacked, { model: apart, out: place(), covariates, memory: 0.04 });
    again.files.forEach((file, at) => assert.ok(readFileSync(file).equals(readFileSync(other.files[at]))));
    assert.ok(again.issues.some(({ code }) => code === 'stacked-maps'));
  });

  it('may be arrays of NumPy, beside a part of single files, with several scans of a person', async () => {
    const { entries, cohort } = withPersonsOfThree(study);
    mkdirSync(folder.path('in/all'));
    const doubles = mapsOf('rh').map((map) => Float64Array.from(map, (value) => value + value / 3));
    const single = entries.map(({ files, ...entry }, row) => ({
      ...entry,
      files: { lh: files['lh'], rh: folder.write(`in/${entry.id}/rh.npy`, npyBytes(doubles[row])) },
    }));
    const all = folder.write(
      'in/all/rh.npy',
      npyBytes(Float64Array.from(doubles.flatMap((map) => [...map])), [24, 57]),
    );
    const both = single.map(({ files, ...entry }) => ({ ...entry, files: { lh: files.lh, rh: all } }));
    const { covariates } = cohort.participants;
    const options = { preserve: ['sex'], personEffects: true, randomSlope: 'age', effects: true, covariates };
    const [apart, together] = [place(), place()];
    const one = await harmonize(single, { ...options, out: apart });
    const other = await harmonize(both, { ...options, out: together });
    const expected = one.files
      .filter((file) => file.endsWith('.npy'))
      .map((file) => readFileSync(file).subarray(128));
    const stack = readFileSync(`${together}/all/rh.npy`);
    assert.ok(stack.subarray(0, 128).equals(readFileSync(all).subarray(0, 128)));
    assert.ok(stack.subarray(128).equals(Buffer.concat(expected)));
    for (const file of one.files.filter((path) => path.endsWith('.mgh')))
      assert.ok(readFileSync(file).equals(readFileSync(file.replace(apart, together))));
    // Maps of effects have one axis.
    for (const path of other.effects)
      assert.ok(readFileSync(path).equals(readFileSync(path.replace(together, apart))), path);
    // Scans of a person are worked on together, in whatever order they are.
    const order = [...both.keys()].sort((a, b) => (a % 3) - (b % 3));
    const mixed = folder.write(
      'in/all/mixed.npy',
      npyBytes(Float64Array.from(order.flatMap((row) => [...doubles[row]])), [24, 57]),
    );
    const values = order.map((row) =>
      covariates[0].kind === 'continuous' ? covariates[0].values[row] : NaN,
    );
    const sex = covariates[1];
    const codes =
      sex.kind === 'categorical' ? { ...sex, codes: Int32Array.from(order, (row) => sex.codes[row]) } : sex;
    await applyToMaps(
      order.map((row) => ({ ...both[row], files: { ...both[row].files, rh: mixed } })),
      {
        model: apart,
        out: `${apart}-new`,
        covariates: [continuous('age', values, 'years'), codes],
        unseenPersons: 'own-visits',
        memory: 0.04,
      },
    );
    const found = readFileSync(`${apart}-new/all/mixed.npy`).subarray(128);
    order.forEach((row, at) => assert.ok(found.subarray(at * 456, (at + 1) * 456).equals(expected[row])));
  });

  it('continue from any moment to the same file, which has its name when it is whole, and not with other maps', async () => {
    const model = place();
    const expected = (await harmonize(stacked, { out: model })).files.map((file) => readFileSync(file));
    const stop = (share: number): RunOptions & { readonly memory: number } => {
      const abort = new AbortController();
      return {
        memory: 0.01,
        signal: abort.signal,
        onProgress: ({ done, total }) => done >= share * total && abort.abort(),
      };
    };
    // Among the maps that are written, and when all are.
    for (const share of [0.8, 0.99]) {
      const out = place();
      const [name, begun] = [`${out}/rh.stack.mgh`, `${out}/rh.stack.mgh.unfinished`];
      await assert.rejects(harmonize(stacked, { out, ...stop(share) }), { code: 'aborted' });
      assert.deepEqual([existsSync(name), existsSync(begun)], [share === 0.99, share === 0.8]);
      if (share === 0.8) {
        renameSync(begun, `${out}.away`);
        await assert.rejects(harmonize(stacked, { out, resume: true }), {
          code: 'unreadable-file',
          message: /missing stack: .*rh\.stack\.mgh\.unfinished/,
        });
        renameSync(`${out}.away`, begun);
        const path = stacked[0].files['rh'];
        const whole = readFileSync(path);
        const other = Buffer.from(whole);
        other.writeFloatBE(3.25, 284 + 4 * (57 * 20 + 7));
        writeFileSync(path, other);
        await assert.rejects(harmonize(stacked, { out, resume: true }), {
          code: 'invalid-option',
          message: /changed file: .*rh\.stack\.mgh/,
        });
        writeFileSync(path, whole);
        // The same values at another time are the same.
        utimesSync(path, 1e9, 1e9);
      }
      const { files } = await harmonize(stacked, { out, resume: true, memory: 1 });
      files.forEach((file, at) => assert.ok(readFileSync(file).equals(expected[at])));
      assert.ok(!readdirSync(out).some((file) => file.includes('unfinished')));
    }
    // Of a model that is applied nothing is left.
    const out = place();
    await assert.rejects(applyToMaps(stacked, { model, out, ...stop(0.5) }), { code: 'aborted' });
    assert.equal(existsSync(out), false);
  });

  it('are refused where they are not as many as the scans, or where a scan would be left out', async () => {
    await assert.rejects(harmonize(stacked.slice(0, 20), { covariates: [] }), {
      code: 'different-grids',
      message: /lh\.stack\.mgh holds 24 maps, and 20 scans name it for lh/,
    });
    const alike = (path: string, part = 'lh'): Promise<HarmonizedMaps> =>
      harmonize(study.entries.map((entry) => ({ ...entry, files: { ...entry.files, [part]: path } })));
    await assert.rejects(alike(study.entries[0].files['lh']), { message: /holds 1 map, and 24 scans/ });
    await assert.rejects(
      harmonize(stacked.map((one) => ({ ...one, files: { lh: one.files['lh'], rh: one.files['lh'] } }))),
      {
        message: /would be written for all rows of lh and all rows of rh/,
      },
    );
    const ages = study.entries.map((_, row) => (row === 4 ? NaN : 20 + row * row));
    const some = {
      covariates: [continuous('age', ages, 'years')],
      preserve: ['age'],
      missingCovariates: 'drop',
    } as const;
    const out = place();
    await assert.rejects(harmonize(stacked, { ...some, out }), {
      code: 'missing-value',
      message: /"sub-05" has no value of a covariate, and its map is one of the stack .*lh\.stack\.mgh/,
    });
    assert.equal(existsSync(out), false);
    const { ids } = await harmonize(study.entries, { ...some, out });
    assert.equal(ids.length, 23);
    await assert.rejects(
      applyToMaps(stacked, {
        model: out,
        out: place(),
        covariates: some.covariates,
        missingCovariates: 'drop',
      }),
      { message: /scan left out: "sub-05"/ },
    );
    const packed = folder.write('lh.stack.mgz', gzipSync(stackOf('lh')));
    await assert.rejects(alike(packed), {
      message: /is packed, .*gunzip -c lh\.stack\.mgz > lh\.stack\.mgh, and name lh\.stack\.mgh/,
    });
    const numbers = new Float64Array(24 * 57).fill(2);
    await assert.rejects(alike(folder.write('turned.npy', npyBytes(numbers, [57, 24])), 'rh'), {
      message:
        /holds 57 maps, of as many values as there are scans: if it is vertices × scans, save it turned round/,
    });
    const columns = npyBytes(numbers, [24, 57]);
    columns.write("'fortran_order': True, ", columns.indexOf("'fortran_order'"));
    await assert.rejects(alike(folder.write('columns.npy', columns), 'rh'), {
      message: /in the order of Fortran/,
    });
    const map = giftiArray({ values: [1, 2, 3] });
    await assert.rejects(alike(folder.write('all.gii', giftiFile(map, map))), { message: /holds 2 maps/ });
    await assert.rejects(alike(folder.write('cut.mgh', stackOf('lh').subarray(0, 3000))), {
      code: 'malformed-image',
    });
    const infinite = stackOf('lh');
    infinite.writeFloatBE(Infinity, 284 + 4 * (70 * 3 + 9));
    await assert.rejects(alike(folder.write('infinite.mgh', infinite)), {
      code: 'invalid-voxels',
      message: /vertex 9 of frame 3 of .*infinite\.mgh is Infinity/,
    });
  });
});
