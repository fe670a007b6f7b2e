import assert from 'node:assert/strict';
import * as concord from '../../sdk/index';
import { requireArgument } from '../../sdk/data/calls/require-call';
import { ConcordError } from '../../sdk/errors';
import { smallCohort } from '../support/small-cohort';

const table = smallCohort({ sizes: { A: 8, B: 8 } });
const combat = concord.combatHarmonizer();

/** What a caller from JavaScript can give: every argument of every function is of some wrong type in turn. */
const calls: Readonly<Record<string, (wrong: never) => unknown>> = {
  fitCombat: (wrong) => concord.fitCombat(wrong),
  applyCombat: async (wrong) => concord.applyCombat(await concord.fitCombat(table), wrong),
  'applyCombat, the model': (wrong) => concord.applyCombat(wrong, table),
  auditTable: (wrong) => concord.auditTable(wrong, combat),
  'auditTable, the method': (wrong) => concord.auditTable(table, wrong),
  auditImages: (wrong) => concord.auditImages(wrong, wrong),
  compareMethods: (wrong) => concord.compareMethods(wrong, [combat]),
  'compareMethods, the methods': (wrong) => concord.compareMethods(table, [wrong]),
  'compareMethods, all methods': (wrong) => concord.compareMethods(table, wrong),
  preprocess: (wrong) => concord.preprocess(wrong, [concord.steps.zScore()]),
  toImages: (wrong) => concord.toImages(wrong),
  fitDdae: (wrong) => concord.fitDdae(wrong),
  fitMurd: (wrong) => concord.fitMurd(wrong),
  harmonizeDdae: (wrong) => concord.harmonizeDdae(wrong, wrong),
  'murd.translate': (wrong) => concord.murd.translate(wrong, wrong, { site: 'A' }),
  saveImages: (wrong) => concord.saveImages(wrong, 'nowhere'),
};

const wrongs: readonly unknown[] = [undefined, null, 5, 'thickness.csv', [1], { kind: 'other' }, {}];

describe('wrong arguments from JavaScript', () => {
  for (const [verb, call] of Object.entries(calls)) {
    it(`are errors of Concord for ${verb}`, async () => {
      for (const wrong of [...wrongs, Promise.resolve(table)]) {
        await assert.rejects(
          async () => {
            await call(wrong as never);
          },
          (error: unknown) => {
            assert.ok(error instanceof ConcordError, `${verb} of ${String(wrong)}: ${String(error)}`);
            assert.equal(error.code, 'invalid-option');
            return true;
          },
        );
      }
    });
  }

  it('are named', () => {
    const said = (given: unknown, taken = 'FeatureCohort'): string => {
      try {
        requireArgument({ verb: 'f', name: 'cohort' }, taken, given);
      } catch (error) {
        return String(error);
      }
      return '';
    };
    assert.match(
      said(table, 'VolumeCohort'),
      /invalid cohort for f: a cohort of features \(a table\) \(a cohort of whole scans is allowed, as loadVolumes returns\)/,
    );
    assert.match(said(Promise.resolve(table)), /a promise, which is to be awaited/);
    assert.match(said('t.csv'), /"t\.csv"/);
    assert.equal(said(table), '');
  });

  it('include steps that are names, or were not called', () => {
    const scans = { ...table, kind: 'volumes', scans: [] } as unknown as concord.VolumeCohort;
    for (const steps of [['zScore'], [() => concord.steps.zScore()], concord.steps.zScore(), undefined]) {
      assert.throws(() => concord.preprocess(scans, steps as never), /invalid steps? for preprocess/);
    }
  });

  it('include slices of a plane that there is not: no matter of the scans', async () => {
    const opened = (): never => assert.fail('a scan was opened');
    const scans = [{ id: 'a', subject: 'a', open: opened }] as never;
    const cohort = concord.makeVolumeCohort(concord.makeParticipants(['a'], ['A']), scans);
    for (const cut of [concord.toImages, concord.networks.volumeSource]) {
      await assert.rejects(
        cut(cohort, { plane: 'axail' as never }),
        /^ConcordError: invalid plane: "axail" \(did you/,
      );
      await assert.rejects(cut(cohort, { size: 'x' as never }), /^ConcordError: invalid size: "x"/);
    }
  });

  it('include options by a name that does not exist', async () => {
    const slip = { preserv: ['age'] } as never;
    const unknown = {
      code: 'invalid-option',
      message: /unknown option of \w+: "preserv" \(did you mean "preserve"\?/,
    };
    await assert.rejects(concord.fitCombat(table, slip), unknown);
    assert.throws(() => concord.combatHarmonizer(slip), unknown);
    await assert.rejects(concord.fitCombat(table, { eb: true as never }), /invalid eb: true/);
    assert.throws(
      () => concord.intensityHarmonizer('nyul', undefined as never),
      /missing option of intensityHarmonizer: "kind"/,
    );
  });
});
