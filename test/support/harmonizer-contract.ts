import assert from 'node:assert/strict';
import { memory } from '@tensorflow/tfjs-core';
import type { Cohort, CohortOf, FeatureCohort } from '../../sdk/data/cohort';
import { takeSubjects } from '../../sdk/data/cohort';
import { takeFeatures } from '../../sdk/data/feature-matrix';
import type { Harmonizer } from '../../sdk/data/harmonizer';
import { ConcordError } from '../../sdk/errors';
import type { Model } from '../../sdk/index';
import * as concord from '../../sdk/index';
import type { SiteSizes } from './contract-cohorts';
import {
  assertClose,
  assertFinite,
  decisive,
  deepFrozen,
  fingerprint,
  namesOf,
  payload,
  stops,
  withExtraFeature,
} from './contract-values';
import { temporaryFolder } from './temporary-folder';

/** A harmonizer that is held to the contract, and what it may choose for itself. */
export interface HarmonizerCase<Fitted extends Model, Kind extends Cohort['kind']> {
  readonly name: string;
  readonly make: () => Harmonizer<Fitted, Kind>;
  /** Makes a cohort with that many scans of each site, the same for the same sizes. */
  readonly cohort: (sizes: SiteSizes) => CohortOf<Kind>;
  /** What becomes of scans of a site that the model does not know. */
  readonly unknownSites: 'refused' | 'noticed' | 'not asked for';
  /** Whether it can be fitted on one site alone. */
  readonly oneSite: 'fitted' | 'refused';
  /** Whether it can be fitted where a site has one scan. @defaultValue `'fitted'` */
  readonly siteOfOne?: 'fitted' | 'refused';
  /** What becomes of a table with a missing cell: nothing else changes, or other features of that scan do, which is said. */
  readonly missingCell?: 'kept' | 'noticed' | 'refused';
  /** How much results may differ with the order of scans, as a share of the largest value. @defaultValue 0 */
  readonly tolerance?: number;
  /** What it runs on. @defaultValue plain arrays */
  readonly backend?: 'wasm';
}

const sizes = { A: 5, B: 4, C: 4 };

/**
 * Describes what every harmonizer must do, whatever the method: leave alone what came in, keep scans, persons and their
 * order, find features by name, name its targets and its troubles like all others, be repeatable, cancellable and
 * storable, and leave nothing behind.
 */
export function harmonizerContract<Fitted extends Model, Kind extends Cohort['kind']>(
  one: HarmonizerCase<Fitted, Kind>,
): void {
  describe(`${one.name} keeps the contract of harmonizers`, () => {
    const folder = temporaryFolder();
    let cohort: CohortOf<Kind>;
    let harmonizer: Harmonizer<Fitted, Kind>;
    let model: Fitted;
    let target: string;
    let tensors = 0;
    const apply = (of = cohort, by = model, to = target): Promise<CohortOf<Kind>> =>
      harmonizer.apply(by, of, { target: to });

    before(async () => {
      if (one.backend !== undefined) await concord.useBackend(one.backend);
      tensors = memory().numTensors;
      cohort = deepFrozen(one.cohort(sizes));
      harmonizer = one.make();
      model = deepFrozen(await harmonizer.fit(cohort));
      const targets = harmonizer.targets(model);
      target = targets[targets.length - 1];
    });
    after('leave no tensor behind', async () => {
      assert.equal(memory().numTensors, tensors);
      if (one.backend !== undefined) await concord.useBackend();
    });

    it('changes neither cohort nor model, and shares no values with them', async () => {
      const whole = await fingerprint(cohort);
      const learned = await fingerprint(model);
      const first = await payload(await apply());
      const kept = first.map((values) => values.slice());
      // Whoever writes into a result writes into nothing else.
      for (const values of first) values.fill(7);
      assert.deepEqual(await payload(await apply()), kept);
      await harmonizer.fit(cohort);
      assert.equal(await fingerprint(cohort), whole);
      assert.equal(await fingerprint(model), learned);
    });

    it('keeps scans, their order, persons and covariates, and adds one step to the provenance', async () => {
      const harmonized = await apply();
      assert.equal(harmonized.kind, harmonizer.kind);
      assert.deepEqual(harmonized.participants, cohort.participants);
      assert.ok(harmonized.participants.persons.includes('traveler'));
      assert.deepEqual(namesOf(harmonized), namesOf(cohort));
      assert.equal(harmonized.provenance.length, cohort.provenance.length + 1);
      const { step, options, version } = harmonized.provenance[harmonized.provenance.length - 1];
      assert.ok(
        step in concord ||
          step in concord.combat ||
          step in concord.murd ||
          step in concord.ddae ||
          step in concord.baselines,
        step,
      );
      assert.equal(version, concord.version);
      assert.deepEqual(JSON.parse(JSON.stringify(options)), options);
    });

    it('says in the provenance which model it was, and to what it harmonized', async () => {
      const last = async (by: Fitted, to: string): Promise<string> =>
        JSON.stringify((await apply(cohort, by, to)).provenance.at(-1)?.options);
      const other = await harmonizer.fit(takeSubjects(cohort, [0, 1, 2, 3, 5, 6, 7, 9, 10, 11]));
      assert.notEqual(await last(model, target), await last(other, target));
      const steps = new Set<string>();
      for (const to of harmonizer.targets(model)) steps.add(await last(model, to));
      assert.equal(steps.size, harmonizer.targets(model).length);
    });

    it('treats each scan alike, whatever the order they come in', async () => {
      const count = cohort.participants.ids.length;
      const backwards = Array.from({ length: count }, (_, i) => count - 1 - i);
      const turned = takeSubjects(await apply(takeSubjects(cohort, backwards)), backwards);
      assert.deepEqual(turned.participants, cohort.participants);
      const ones = await payload(turned);
      const others = await payload(await apply());
      ones.forEach((values, i) => assertClose(values, others[i], one.tolerance ?? 0));
    });

    it('can be told each of its targets, the average without saying', async () => {
      const targets = harmonizer.targets(model);
      assert.ok(targets.length > 0 && new Set(targets).size === targets.length, targets.join());
      for (const to of targets) {
        assertFinite(await payload(await apply(cohort, model, to)), await payload(cohort), to);
      }
      const unsaid = harmonizer.apply(model, cohort);
      if (targets.includes('average') || targets.length === 1) {
        const expected = targets.length === 1 ? targets[0] : 'average';
        assert.deepEqual(await payload(await unsaid), await payload(await apply(cohort, model, expected)));
      } else {
        await assert.rejects(unsaid, { code: 'invalid-option', message: /^missing target: one of / });
      }
    });

    it('refuses a target that it does not have', async () => {
      for (const nowhere of ['Nowhere at all', 'toString', '__proto__', '']) {
        await assert.rejects(apply(cohort, model, nowhere), (error) => {
          assert.ok(error instanceof ConcordError && error.code === 'unknown-site', String(error));
          const targets = harmonizer.targets(model).map((name) => `"${name}"`);
          assert.equal(error.problem, `unknown target: "${nowhere}", not one of ${targets.join(', ')}`);
          assert.equal(error.where.site, nowhere);
          return true;
        });
      }
    });

    it(`a site that it does not know is ${one.unknownSites}`, async () => {
      const sites = cohort.participants.sites.map((site) => (site === 'B' ? 'Elsewhere' : site));
      const moved = { ...cohort, participants: { ...cohort.participants, sites } };
      if (one.unknownSites === 'refused') {
        await assert.rejects(apply(moved), (error) => {
          assert.ok(error instanceof ConcordError && error.code === 'unknown-site', String(error));
          assert.equal(error.problem, 'unknown site: "Elsewhere", the model was fitted on "A", "B", "C"');
          assert.equal(error.where.site, 'Elsewhere');
          return true;
        });
        return;
      }
      const harmonized = await apply(moved);
      const noticed = harmonized.issues.filter(({ code }) => code === 'unseen-site');
      assert.deepEqual(
        noticed.map(({ where }) => where.site),
        one.unknownSites === 'noticed' ? ['Elsewhere'] : [],
      );
      assert.deepEqual(harmonized.participants.sites, sites);
    });

    it('stops when it is told to, before it begins and while it works', async () => {
      await stops((run) => harmonizer.fit(cohort, run), true);
      await stops((run) => harmonizer.apply(model, cohort, { target, ...run }), cohort.kind !== 'volumes');
      const harmonized: Cohort = await apply();
      if (harmonized.kind !== 'volumes') return;
      await assert.rejects(harmonized.scans[0].open({ signal: AbortSignal.abort() }), { code: 'aborted' });
    });

    it('gives the same bits again', async () => {
      const again = await one.make().fit(one.cohort(sizes));
      assert.equal(await fingerprint(decisive(again)), await fingerprint(decisive(model)));
      assert.deepEqual(await payload(await apply(cohort, again)), await payload(await apply()));
    });

    it('gives the same bits after it was saved and loaded', async () => {
      const path = folder.path('model');
      await concord.saveModel(model, path);
      const loaded = (await concord.loadModel(path, model.kind)) as Fitted;
      assert.deepEqual(loaded, model);
      const after = await apply(cohort, loaded);
      const before = await apply();
      assert.deepEqual(await payload(after), await payload(before));
      assert.deepEqual(after.provenance, before.provenance);
      assert.deepEqual(harmonizer.targets(loaded), harmonizer.targets(model));
    });

    it(`is ${one.oneSite} on one site, takes two sites, and a site of one is ${one.siteOfOne ?? 'fitted'}`, async () => {
      await fitsOrRefuses({ A: 8 }, one.oneSite === 'fitted');
      await fitsOrRefuses({ A: 6, B: 6 }, true);
      await fitsOrRefuses({ A: 6, B: 6, C: 1 }, one.siteOfOne !== 'refused');
    });

    it('takes a cohort of one scan, and one of none', async () => {
      const single = takeSubjects(cohort, [1]);
      assertFinite(await payload(await apply(single)), await payload(single), 'one scan');
      const none = await apply(takeSubjects(cohort, []));
      assert.deepEqual(none.participants.ids, []);
    });

    if (one.make().kind === 'features') {
      const table = (): FeatureCohort => cohort as FeatureCohort;
      const onTable = (of: FeatureCohort): Promise<FeatureCohort> =>
        apply(of as CohortOf<Kind>) as Promise<Cohort> as Promise<FeatureCohort>;

      it('finds features by name, in any order and among others', async () => {
        const { features } = table();
        const expected = await onTable(table());
        const turned = [...features.features].reverse();
        const permuted = await onTable({ ...table(), features: takeFeatures(features, turned) });
        assert.deepEqual(permuted.features, expected.features);
        assert.deepEqual(permuted.issues, expected.issues);
        const more = await onTable(withExtraFeature(table()));
        assert.deepEqual(more.features, expected.features);
        const unused = more.issues.filter(({ code }) => code === 'unused-column');
        assert.deepEqual(
          unused.map(({ where }) => where.feature),
          ['extra'],
        );
      });

      it(`a missing cell is ${one.missingCell}`, async () => {
        const { features } = table();
        const values = features.values.map((value, at) => (at === 3 ? NaN : value));
        const holed = { ...table(), features: { ...features, values } };
        if (one.missingCell === 'refused') {
          await assert.rejects(onTable(holed), {
            code: 'missing-value',
            where: { subject: 'A0', column: 'f3' },
          });
          return;
        }
        const expected = (await onTable(table())).features.values.slice();
        expected[3] = NaN;
        const filled = await onTable(holed);
        if (one.missingCell === 'kept') {
          assert.deepEqual(filled.features.values, expected);
          return;
        }
        assert.ok(Number.isNaN(filled.features.values[3]));
        const width = features.features.length;
        assert.deepEqual(filled.features.values.subarray(width), expected.subarray(width));
        assert.ok(filled.issues.some(({ message }) => message.includes('1 missing cell')));
      });

      it('refuses a table without one of its features', async () => {
        const { features } = table();
        const fewer = takeFeatures(features, features.features.slice(1));
        await assert.rejects(onTable({ ...table(), features: fewer }), {
          code: 'unknown-column',
          problem: 'missing features: the model was fitted on "f0", which the cohort does not have',
        });
      });
    }

    async function fitsOrRefuses(of: SiteSizes, fits: boolean): Promise<void> {
      const given = one.cohort(of);
      if (!fits) {
        await assert.rejects(harmonizer.fit(given), { code: 'too-little-data' });
        return;
      }
      const fitted = await harmonizer.fit(given);
      const [to] = harmonizer.targets(fitted);
      const harmonized = await harmonizer.apply(fitted, given, { target: to });
      assertFinite(await payload(harmonized), await payload(given), Object.keys(of).join());
    }
  });
}
