import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { applyLongitudinal } from '../../sdk/combat/longitudinal/apply-longitudinal';
import { fitLongitudinal } from '../../sdk/combat/longitudinal/fit-longitudinal';
import type { LongitudinalOptions } from '../../sdk/combat/longitudinal/longitudinal-options';
import type { FeatureCohort } from '../../sdk/data/cohort';
import { selectFeatures } from '../../sdk/data/cohort';
import { withPersons } from '../../sdk/data/people/participants';
import { readMapFile } from '../../sdk/io/maps/map-file';
import { openDoubles } from '../../sdk/io/maps/doubles-file';
import { applyToMaps } from '../../sdk/maps/apply-to-maps';
import type { HarmonizedMaps } from '../../sdk/maps/harmonize-maps';
import { harmonizeMaps } from '../../sdk/maps/harmonize-maps';
import type { HarmonizeMapsOptions } from '../../sdk/maps/maps-options';
import { temporaryFolder } from '../support/temporary-folder';
import type { MapStudy } from './map-study';
import { mapStudy, npyBytes, withPersonsOfThree } from './map-study';

/** The maps of scans joined, scan after scan. */
async function readAll(files: readonly string[]): Promise<readonly number[]> {
  const values: number[] = [];
  for (const file of files) values.push(...(await readMapFile(file)));
  return values;
}

/** Vertices of both parts. */
const width = 57;

describe('harmonizeMaps with effects of persons', () => {
  const folder = temporaryFolder();
  let study: MapStudy;
  let made = 0;
  before(() => {
    // 64-bit floats, so that nothing is rounded on the way.
    const write = (path: string, values: Float32Array): void =>
      writeFileSync(path, npyBytes(Float64Array.from(values)));
    study = withPersonsOfThree(mapStudy(folder.path('in'), { write, ending: '.npy', vertices: [30, 27] }));
  });
  const place = (): string => folder.path(`out-${made++}`);
  const harmonize = (options: Partial<HarmonizeMapsOptions> = {}): Promise<HarmonizedMaps> => {
    const { covariates } = study.cohort.participants;
    return harmonizeMaps(study.entries, {
      covariates,
      personEffects: true,
      memory: 0.04,
      out: place(),
      ...options,
    });
  };
  /** Walls have no mixed model: out of core they are left out, and so they are here. */
  const inMemory = async (
    options: LongitudinalOptions,
    others: FeatureCohort = study.cohort,
    policy: 'own-visits' | 'zero' = 'own-visits',
  ): Promise<FeatureCohort> => {
    const names = study.cohort.features.features.filter((_, v) => v % 10 !== 3);
    const model = await fitLongitudinal(selectFeatures(study.cohort, names), options);
    return applyLongitudinal(model, selectFeatures(others, names), { unseenPersons: policy });
  };
  const withoutWalls = (values: readonly number[]): readonly number[] =>
    values.filter((_, at) => (at % width) % 10 !== 3);
  /** The largest difference; infinite where one is missing and the other is not. */
  const apart = (found: readonly number[], expected: ArrayLike<number>): number => {
    assert.equal(found.length, expected.length);
    return found.reduce((most, value, at) => {
      if (Number.isNaN(value) || Number.isNaN(expected[at]))
        return Object.is(value, expected[at]) ? most : Infinity;
      return Math.max(most, Math.abs(value - expected[at]));
    }, 0);
  };

  for (const options of [
    { preserve: ['age', 'sex'] },
    { preserve: ['sex'], randomSlope: 'age', residualVariance: 'msr', reference: 'HH' },
    { preserve: ['sex'], smooth: ['age'], eb: 'none' },
    { preserve: ['age'], transform: 'log' },
  ] as const satisfies readonly LongitudinalOptions[]) {
    it(`gives the numbers of fitLongitudinal and applyLongitudinal: ${JSON.stringify(options)}`, async () => {
      const expected = (await inMemory(options)).features.values;
      const small = await harmonize(options);
      assert.ok(apart(withoutWalls(await readAll(small.files)), expected) <= 1e-12);
      const whole = await harmonize({ ...options, memory: 100 });
      assert.equal(apart(await readAll(whole.files), await readAll(small.files)), 0);
      assert.equal(whole.model.provenance.at(-1)?.options['residualVariance'] !== undefined, true);
    });
  }

  it('keeps what sets each person apart at each vertex, and says where nothing does', async () => {
    const out = place();
    const { persons, counts, issues } = await harmonize({ preserve: ['age'], out });
    const names = study.cohort.features.features.filter((_, v) => v % 10 !== 3);
    const expected = await fitLongitudinal(selectFeatures(study.cohort, names), { preserve: ['age'] });
    assert.deepEqual(persons?.persons, expected.persons);
    const file = readdirSync(out).find((name) => name.endsWith('.safetensors')) ?? '';
    const arrays = await openDoubles(
      `${out}/${file}`,
      new Map([
        ['effects', [8, width]],
        ['covariance', [1, width]],
      ]),
      'r',
    );
    const kept = withoutWalls([...(await arrays.read('effects', 0, 8 * width))]);
    assert.ok(apart(kept, expected.effects) <= 1e-12);
    assert.ok(
      apart(withoutWalls([...(await arrays.read('covariance', 0, width))]), expected.covariance) <= 1e-12,
    );
    await arrays.close();
    assert.equal(counts.alikeWithinPersons, 1);
    assert.equal(counts.notEstimable, 0);
    const boundary = expected.issues.find(({ code }) => code === 'no-person-effect');
    assert.match(boundary?.message ?? '', new RegExp(`^in ${counts.noPersonEffect} features`));
    const codes = issues.map(({ code }) => code);
    assert.ok(codes.includes('no-person-effect') && codes.includes('alike-within-persons'));
    assert.ok(!codes.includes('repeated-persons'));
  });

  it('harmonizes other scans by the model that it kept: of persons that it knows, and of others by policy', async () => {
    const out = place();
    const options = { preserve: ['sex'], randomSlope: 'age' };
    const { files } = await harmonize({ ...options, out });
    const { covariates } = study.cohort.participants;
    const given = { model: out, covariates, memory: 0.005 };
    const again = await applyToMaps(study.entries, { ...given, out: place() });
    assert.equal(apart(await readAll(again.files), await readAll(files)), 0);
    // Scans of one person far from each other in the list, and one person that the model knows.
    const persons = study.entries.map(({ id }, row) =>
      row < 3 ? 'person-0' : `other-${Number(id.slice(4)) % 6}`,
    );
    const others = study.entries.map((entry, row) => ({ ...entry, person: persons[row] }));
    const cohort = { ...study.cohort, participants: withPersons(study.cohort.participants, persons) };
    for (const policy of ['own-visits', 'zero'] as const) {
      const expected = await inMemory(options, cohort, policy);
      const found = await applyToMaps(others, { ...given, out: place(), unseenPersons: policy });
      assert.ok(apart(withoutWalls(await readAll(found.files)), expected.features.values) <= 1e-12);
      assert.ok(found.issues.some(({ code }) => code === 'unseen-persons'));
    }
    const elsewhere = others.map((entry, row) => (row === 9 ? { ...entry, site: 'Oslo' } : entry));
    const unseen = { ...given, unseen: 'covariates' } as const;
    await assert.rejects(applyToMaps(elsewhere, { ...unseen, out: place() }), {
      code: 'unknown-site',
      message: /"Oslo" of "sub-10"/,
    });
    const left = await applyToMaps(elsewhere, { ...unseen, out: place(), unseenPersons: 'zero' });
    assert.deepEqual(await readAll(left.files.slice(18, 20)), await readAll(Object.values(others[9].files)));
  });

  it('continues from any moment to the same bits', async () => {
    const options = { preserve: ['age'], effects: true };
    const whole = await harmonize(options);
    for (const share of [0.3, 0.8]) {
      const out = place();
      const stop = new AbortController();
      const onProgress = ({ done, total }: { readonly done: number; readonly total: number }): void => {
        if (done >= share * total) stop.abort();
      };
      await assert.rejects(harmonize({ ...options, out, signal: stop.signal, onProgress }), {
        code: 'aborted',
      });
      await assert.rejects(harmonize({ ...options, out, resume: true, personEffects: false }), {
        message: /changed options of ComBat/,
      });
      const { files, effects } = await harmonize({ ...options, out, resume: true });
      assert.equal(apart(await readAll(files), await readAll(whole.files)), 0);
      assert.equal(apart(await readAll(effects), await readAll(whole.effects)), 0);
    }
  });

  it('audits a share with persons held out together', async () => {
    const { audit } = await harmonize({ preserve: ['age'], auditVertices: 5 });
    assert.equal(audit?.features.length, 5);
  });

  it('refuses before any map is read what it cannot do, by name', async () => {
    const alone = study.entries.map(({ person: _person, ...entry }) => entry);
    const out = place();
    await assert.rejects(harmonizeMaps(alone, { personEffects: true, out }), {
      code: 'too-little-data',
      message: /no person was scanned twice/,
    });
    await assert.rejects(harmonize({ personEffects: false, randomSlope: 'age' }), {
      code: 'invalid-option',
      message: /invalid randomSlope/,
    });
    await assert.rejects(harmonize({ robust: true }), { code: 'invalid-option', message: /invalid robust/ });
    await harmonize({ personEffects: false, out });
    await assert.rejects(applyToMaps(study.entries, { model: out, out: place(), unseenPersons: 'zero' }), {
      code: 'invalid-option',
      message: /the model has no effects of persons/,
    });
  });
});
