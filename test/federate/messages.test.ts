import assert from 'node:assert/strict';
import * as concord from '../../sdk/index';
import type { federated, FeatureCohort } from '../../sdk/index';
import type { JsonObject } from '../../sdk/data/json';
import { signMessage } from '../../sdk/federate/message';
import { makeRandom } from '../../sdk/math/random';
import { playStudy, sent } from '../support/federated-study';

const { makeKeys, makeStudy, makeAnswer, combineAnswers, fingerprint, modelOf } = concord.federated;

function hospital(
  site: string,
  options: {
    readonly sexes?: string;
    readonly from?: number;
    readonly hole?: number;
    /** The age of the first. */
    readonly oldest?: number;
  } = {},
): FeatureCohort {
  const { sexes = 'FFFMMMFMFMFMFMFMFMFM', from = 0, hole = -1, oldest } = options;
  const random = makeRandom(from + 3);
  const ids = [...sexes].map((_, row) => `${site}${row + from}`);
  const people = concord.makeParticipants(
    ids,
    ids.map(() => site),
    [
      concord.continuous(
        'age',
        ids.map((_, row) => (row === 0 ? oldest : undefined) ?? 20.5 + 40 * random.uniform()),
        'years',
      ),
      concord.categorical('sex', [...sexes]),
    ],
  );
  const values = Float64Array.from({ length: ids.length * 4 }, (_, at) =>
    at === hole ? NaN : 3 + random.normal(),
  );
  return concord.makeFeatureCohort(people, concord.makeFeatureMatrix(values, ids, ['w', 'x', 'y', 'z']));
}

const tables = { A: hospital('a'), B: hospital('b', { from: 50 }) };
const preserve = ['age', 'sex'];
const rejects = (work: () => unknown, says: RegExp, code = 'refused-message'): Promise<void> =>
  assert.rejects(
    async () => {
      await work();
    },
    (error) => {
      assert.ok(error instanceof concord.ConcordError, String(error));
      assert.match(error.message, says);
      assert.equal(error.code, code);
      return true;
    },
  );

describe('messages of a federated study', () => {
  const keys = makeKeys();
  const own = { A: makeKeys(), B: makeKeys() };
  const study = makeStudy(keys, { hospitals: ['A', 'B'], preserve });
  const answer = (
    name: 'A' | 'B',
    requests: readonly federated.FederatedMessage[] = [study],
  ): federated.FederatedMessage => makeAnswer(tables[name], requests, { hospital: name, keys: own[name] });

  it('are refused once edited: each part of them is signed', async () => {
    const message = answer('A');
    const edits: readonly Partial<Record<keyof federated.FederatedMessage, unknown>>[] = [
      { from: 'B' },
      { answers: '' },
      { study: 'another' },
      { discloses: [] },
      { publicKey: own.B.publicKey },
      { content: { ...message.content, features: ['w', 'x', 'y'] } },
      { signature: answer('B').signature },
    ];
    for (const edit of edits) {
      const edited = { ...message, ...edit } as federated.FederatedMessage;
      await rejects(() => combineAnswers([study], [edited], { keys }), /edited or damaged|another study/);
    }
    await rejects(
      () => answer('A', [{ ...study, content: { ...study.content, minimum: 1 } }]),
      /edited or damaged/,
    );
  });

  it('are signed with the same key after an editor changed how the lines of its file end', () => {
    const { keysOf } = concord.federated;
    assert.deepEqual(keysOf(own.A.privateKey), own.A);
    assert.deepEqual(keysOf(own.A.privateKey.replaceAll('\n', '\r\n')), own.A);
  });

  it('are refused where they are repeated, stale, of another study or of another key', async () => {
    const [a, b] = [answer('A'), answer('B')];
    await rejects(
      () => combineAnswers([study], [a, a], { keys }),
      /"counts" of "A" in round 1 is here already/,
    );
    const namesake = makeAnswer(tables.B, [study], { hospital: 'A', keys: own.B });
    await rejects(
      () => combineAnswers([study], [a, namesake], { keys }),
      /"counts" of "A" in round 1 is here already, and was signed with another key: .*answers under its own name/,
    );
    const other = makeStudy(makeKeys(), { hospitals: ['A', 'B'], preserve });
    await rejects(() => combineAnswers([study], [answer('A', [other])], { keys }), /is of another study/);
    const { next: plan } = await combineAnswers([study], [a, b], { keys });
    assert.ok(plan !== undefined);
    const sums = answer('A', [study, plan]);
    const { next: again } = await combineAnswers([study], [a], { keys, drop: ['B'] }).catch(() => ({
      next: undefined,
    }));
    assert.equal(again, undefined, 'one site is too few');
    await rejects(
      () => combineAnswers([study], [a, b, sums], { keys }),
      /is stale: it answers another request/,
    );
    const stranger = makeAnswer(tables.A, [study], { hospital: 'A', keys: makeKeys() });
    await rejects(
      () => combineAnswers([study, plan], [stranger, sums], { keys }),
      /is signed with .*, and its first answer with/,
    );
    await rejects(
      () => makeAnswer(tables.A, [study, plan], { hospital: 'A', keys: makeKeys() }),
      /the coordinator has another key for "A".*by telephone/,
    );
    const forged = makeStudy(makeKeys(), { hospitals: ['A', 'B'], preserve });
    await rejects(() => answer('A', [study, { ...plan, publicKey: forged.publicKey }]), /edited or damaged/);
    await rejects(() => modelOf([study, plan]), /has no model \(answer it/);
  });

  it('say in words what they disclose, and hold no value of a person', async () => {
    const { answers } = await playStudy(tables, { preserve });
    const [counts] = answers;
    assert.deepEqual(counts.discloses, [
      'the names of 4 features: "w", "x", "y", "z"',
      'site "a": 20 scans of 20 persons',
      'age: between 20 and 60, rounded outwards',
      'sex: F 10, M 10',
      'a code of the table, which only its key can make: the coordinator sees by it that the table is the same in every round',
    ]);
    assert.deepEqual(
      answers.map(({ discloses }) => discloses.length > 0),
      answers.map(() => true),
    );
    const numbers = answers.flatMap(
      ({ content }) => JSON.stringify(content).match(/-?\d+\.\d+(e-?\d+)?/g) ?? [],
    );
    assert.ok(numbers.length > 20);
    const rows = Object.values(tables).flatMap(({ features, participants }) => [
      ...features.values,
      ...participants.covariates.flatMap((one) => (one.kind === 'continuous' ? [...one.values] : [])),
    ]);
    assert.deepEqual(
      numbers.map(Number).filter((value) => rows.includes(value)),
      [],
    );
    // A word of its own: codes and signatures may hold these letters.
    assert.doesNotMatch(JSON.stringify(answers), /\ba17\b/, 'no id of a person');
  });

  it('come back from files to the last bit', async () => {
    const { requests } = await playStudy(tables, { preserve });
    assert.deepEqual(modelOf(sent(requests)), modelOf(requests));
    assert.match(fingerprint(keys.publicKey), /^([0-9a-f]{4} ){7}[0-9a-f]{4}$/);
  });
});

/** A message that the coordinator signed, and should not have. */
function forge(
  message: federated.FederatedMessage,
  keys: federated.FederatedKeys,
  change: (content: JsonObject) => JsonObject,
): federated.FederatedMessage {
  return signMessage({ ...message, content: { ...message.content, ...change(message.content) } }, keys);
}

describe('what a hospital does not answer, though it is signed', () => {
  const keys = makeKeys();
  const own = { A: makeKeys(), B: makeKeys() };
  const answer = (
    name: 'A' | 'B',
    requests: readonly federated.FederatedMessage[],
  ): federated.FederatedMessage => makeAnswer(tables[name], requests, { hospital: name, keys: own[name] });
  const study = makeStudy(keys, { hospitals: ['A', 'B'], preserve: ['age', 'sex'] });
  const counts = [answer('A', [study]), answer('B', [study])];
  let plan: federated.FederatedMessage;
  let fit: federated.FederatedMessage;
  let sums: readonly federated.FederatedMessage[];
  before(async () => {
    const planned = await combineAnswers([study], counts, { keys });
    assert.ok(planned.next !== undefined);
    plan = planned.next;
    sums = [answer('A', [study, plan]), answer('B', [study, plan])];
    const fitted = await combineAnswers([study, plan], [...counts, ...sums], { keys });
    assert.ok(fitted.next !== undefined);
    fit = fitted.next;
  });

  it('a study of numbers of single persons', async () => {
    const low = forge(study, keys, () => ({ minimum: 1 }));
    await rejects(() => answer('A', [low]), /the study allows numbers of 1 persons/);
  });

  it('a plan of other covariates, effects, features or sites than the study and the table', async () => {
    const plans: readonly [(content: JsonObject) => JsonObject, RegExp][] = [
      [() => ({ covariates: [] }), /asks for other covariates than the study/],
      [
        () => ({ terms: [['age'], ['sex'], ['age', 'sex']] }),
        /has other effects of covariates than the study/,
      ],
      [() => ({ smooths: [{ name: 'age', knots: [41, 41.1] }] }), /has other effects of covariates/],
      [() => ({ features: ['w', 'income'] }), /has feature "income", which is not in the table/],
      [() => ({ sites: [] }), /lacks site "a"/],
      [({ terms: _, ...rest }) => ({ ...rest, terms: 'age' }), /"plan" of round 2 has no list of terms/],
    ];
    for (const [change, says] of plans)
      await rejects(() => answer('A', [study, forge(plan, keys, change)]), says);
  });

  it('a fit that bends around a person', async () => {
    const smooth = { name: 'age', basis: 'p-spline', knots: [], centers: [] };
    const bent = { smooths: [smooth], penalties: [[1, 1, 1, 1]], freedom: [[1, 1, 1, 1]] };
    const changes: readonly JsonObject[] = [bent, { terms: [] }];
    for (const change of changes)
      await rejects(
        () => answer('A', [study, plan, forge(fit, keys, () => change)]),
        /"fit" has other effects of covariates than the plan/,
      );
  });

  it('nor does the coordinator take sums of another table than was counted', async () => {
    const other = hospital('a', { sexes: 'FFFMMMFMFMFMFMFMFMF' });
    const late = makeAnswer(other, [study, plan], { hospital: 'A', keys: own.A });
    await rejects(
      () => combineAnswers([study, plan], [...counts, late, sums[1]], { keys }),
      /the "sums" of "A" are of other scans than its "counts"/,
    );
    const twice = forge(sums[0], own.A, ({ sets }) => ({
      sets: [...(sets as JsonObject[]), ...(sets as JsonObject[])],
    }));
    await rejects(
      () => combineAnswers([study, plan], [...counts, twice, sums[1]], { keys }),
      /the "sums" of "A" are of other features than the plan/,
    );
    const fewer = forge(counts[0], own.A, () => ({ covariates: [] }));
    await rejects(
      () => combineAnswers([study], [fewer, counts[1]], { keys }),
      /the "counts" of "A" are of other covariates/,
    );
  });

  it('nor answers of a table whose values were edited between rounds; those of one table agree', async () => {
    const { values, features } = tables.A.features;
    const edited = concord.makeFeatureCohort(
      tables.A.participants,
      concord.makeFeatureMatrix(
        values.map((value, at) => (at === 5 ? value + 1 : value)),
        tables.A.participants.ids,
        features,
      ),
    );
    const [age, sex] = tables.A.participants.covariates;
    assert.ok(age.kind === 'continuous');
    const { ids, sites } = tables.A.participants;
    const older = concord.makeFeatureCohort(
      concord.makeParticipants(ids, sites, [
        concord.continuous(
          'age',
          age.values.map((value, row) => (row === 3 ? value - 1 : value)),
          'years',
        ),
        sex,
      ]),
      tables.A.features,
    );
    const of = (
      cohort: FeatureCohort,
      requests: readonly federated.FederatedMessage[],
    ): federated.FederatedMessage => makeAnswer(cohort, requests, { hospital: 'A', keys: own.A });
    for (const cohort of [edited, older]) {
      const [early, late] = [of(cohort, [study, plan]), of(cohort, [study, plan, fit])];
      await rejects(
        () => combineAnswers([study, plan], [...counts, early, sums[1]], { keys }),
        /the "sums" of "A" are of another table than its "counts", though of as many scans/,
      );
      const all = [...counts, ...sums, answer('B', [study, plan, fit])];
      await rejects(
        () => combineAnswers([study, plan, fit], [...all, late], { keys }),
        /the "squares" of "A" are of another table than its "counts"/,
      );
      const same = await combineAnswers([study, plan, fit], [...all, of(tables.A, [study, plan, fit])], {
        keys,
      });
      assert.ok(same.next !== undefined);
    }
    // The code is of the key: whoever has the table, but not the key, cannot make it.
    const stranger = makeAnswer(tables.A, [study], { hospital: 'A', keys: makeKeys() });
    assert.notEqual(stranger.content['table'], counts[0].content['table']);
  });

  it('messages of an earlier form', async () => {
    const earlier = { ...study, formatVersion: 1, concord: '0.0.9' } as unknown as federated.FederatedMessage;
    await rejects(() => answer('A', [earlier]), /made by version "0.0.9", which this version .* cannot read/);
  });
});

describe('cells of few persons', () => {
  const keys = makeKeys();
  const study = makeStudy(keys, { hospitals: ['A', 'B'], preserve });
  const options = { hospital: 'A', keys: makeKeys() };
  const small = 'too-little-data';

  it('are refused: a site, a level at a site, two levels', async () => {
    await rejects(
      () => makeAnswer(hospital('a', { sexes: 'FMFM' }), [study], options),
      /site "a" has 4/,
      small,
    );
    await rejects(
      () => makeAnswer(hospital('a', { sexes: 'FFMMMMMMM' }), [study], options),
      /sex=F at site "a" has 2/,
      small,
    );
    await rejects(
      () => makeAnswer(tables.A, [study], { ...options, minimum: 11 }),
      /sex=F at site "a" has 10 \(at least 11 are required/,
      small,
    );
    await rejects(
      () => makeAnswer(tables.A, [study], { ...options, minimum: 4 }),
      /the study asks for 5/,
      'invalid-option',
    );
    assert.throws(() => makeStudy(keys, { hospitals: ['A'], minimum: 2 }), /whole number from 3/);
    const lower = makeStudy(keys, { hospitals: ['A', 'B'], preserve, minimum: 3 });
    assert.match(lower.discloses.join(), /fewer than 3 persons, below the usual 5/);
    assert.match(makeAnswer(tables.A, [lower], options).discloses.join(), /down to 3: the study allows it/);
  });

  it('count where cells are missing, too: the difference of two sums is the covariates of few', async () => {
    const holed = { ...tables, A: hospital('a', { hole: 6 }) };
    await rejects(
      () => playStudy(holed, { preserve }),
      /too few persons lack y: 1 of fewer than 5, .*(differences)/,
      small,
    );
    const { answers } = await playStudy(holed, { preserve, differences: 'disclose' });
    assert.match(
      answers[2].discloses.join(),
      /the covariates of the few persons who lack a value: this was allowed/,
    );
    await playStudy(holed, { preserve: [] });
  });

  it('count in each part of a difference, and between any two features', async () => {
    const wide = hospital('a', { sexes: 'FM'.repeat(20) });
    const without = (
      lacking: (row: number, feature: number) => boolean,
    ): Readonly<Record<string, FeatureCohort>> => {
      const { values, subjects, features } = wide.features;
      const holed = values.map((value, at) => (lacking(Math.floor(at / 4), at % 4) ? NaN : value));
      return {
        ...tables,
        A: concord.makeFeatureCohort(wide.participants, concord.makeFeatureMatrix(holed, subjects, features)),
      };
    };
    // Seven lack y, one of them a woman: her age would be what her sex adds to the difference.
    await rejects(
      () =>
        playStudy(
          without((row, w) => w === 2 && (row % 2 === 1 ? row < 12 : row === 0)),
          { preserve },
        ),
      /too few persons lack y: sex=F at site "a" has 1, and/,
      small,
    );
    // Twelve lack y and thirteen lack z, all but one the same.
    await rejects(
      () =>
        playStudy(
          without((row, w) => w > 1 && row < (w === 2 ? 12 : 13)),
          { preserve },
        ),
      /too few persons have one of y and z only: 1 of fewer than 5, and/,
      small,
    );
  });

  it('count on each stretch of a curve: as many sums of powers as persons give away their ages', async () => {
    const curved = { smooth: [{ name: 'age', knots: [30, 50] as const }], preserve: ['sex'] };
    await rejects(
      () => playStudy(tables, curved),
      /too few persons for the sums of a curve: age .* has \d+ \(at least \d+ are required, else sums give away/,
      small,
    );
    const large = {
      A: hospital('a', { sexes: 'FM'.repeat(90) }),
      B: hospital('b', { sexes: 'FM'.repeat(90), from: 300 }),
    };
    const { answers } = await playStudy(large, curved);
    assert.match(answers[2].discloses.join(), /how "age" is distributed at each site/);
    const alone = { ...large, A: hospital('a', { sexes: 'FM'.repeat(90), oldest: 71 }) };
    await rejects(
      () => playStudy(alone, { ...curved, smooth: [{ name: 'age', knots: [30, 75] }] }),
      /age from 62.14 on at site "a" has 1 \(at least 5/,
      small,
    );
  });

  it('are refused where sums would be as many as values', async () => {
    await playStudy({ A: hospital('a', { sexes: 'FFFMMM' }), B: tables.B }, { preserve, minimum: 3 });
    const fewer = { A: hospital('a', { sexes: 'FFF' }), B: tables.B };
    await rejects(
      () => playStudy(fewer, { preserve, minimum: 3 }),
      /too few scans to send sums of them: 3, of which 3 sums/,
      small,
    );
  });
});

describe('what a federated study refuses', () => {
  const keys = makeKeys();

  it('names: curves without knots, what only values can tell, hospitals that are no names', () => {
    const begin = (options: Partial<federated.FederatedStudyOptions>) => (): federated.FederatedMessage =>
      makeStudy(keys, { hospitals: ['A'], ...options });
    assert.throws(begin({ smooth: ['age'] }), /missing knots of age: nobody sees all scans/);
    assert.throws(
      begin({ smooth: [{ name: 'age', bounds: [20, 70] }] }),
      /missing knots of age: bounds move/,
    );
    assert.throws(begin({ smooth: [{ name: 'age', knots: [70, 20] }] }), /invalid knots of age: 70, 20/);
    assert.throws(begin({ basis: 'neuroharmonize' }), /unsupported basis: its knots are quantiles/);
    assert.throws(begin({ scaleCovariates: ['age'] }), /unsupported covariates of scale/);
    assert.throws(begin({ covariates: [{ name: 'agee' }], preserve: ['age'] }), /unknown covariate: "agee"/);
    const smooth = [{ name: 'age', knots: [30, 60] as const }];
    assert.throws(begin({ smooth, penalties: [1, 0] }), /invalid smoothing of penalties: 0/);
    assert.throws(begin({ smooth, penalties: [] }), /invalid smoothing of penalties: none/);
    assert.throws(begin({ smooth, penalties: [1], smoothing: 3 }), /nothing is chosen among them/);
    assert.throws(begin({ robust: true }), /unsupported robust: medians/);
    assert.throws(() => makeStudy(keys, { hospitals: [] }), /invalid hospitals: none/);
    assert.throws(() => makeStudy(keys, { hospitals: ['A', 'A'] }), /each needs a name of its own/);
  });

  it('names a site in two hospitals that nobody said is one', async () => {
    const both = { A: hospital('1'), B: hospital('1', { from: 50 }), C: hospital('2', { from: 90 }) };
    await rejects(
      () => playStudy(both, { preserve }),
      /site "1" is in the tables of "A", "B" \(if it is one scanner/,
      'invalid-option',
    );
    await rejects(
      () => playStudy(both, { preserve, sharedSites: ['1', '2'] }),
      /unknown shared site: "2"/,
      'unknown-site',
    );
    const { model } = await playStudy(both, { preserve, sharedSites: ['1'] });
    assert.deepEqual(
      model.sites.map(({ name, subjects }) => [name, subjects]),
      [
        ['1', 40],
        ['2', 20],
      ],
    );
  });

  it('names a covariate that is the same for all at each hospital, as fitCombat does', async () => {
    const one = {
      A: hospital('a', { sexes: 'F'.repeat(20) }),
      B: hospital('b', { sexes: 'M'.repeat(20), from: 50 }),
    };
    await rejects(
      () => playStudy(one, { preserve }),
      /confounded with site: sex=M is the same for every subject/,
      'confounded',
    );
    await rejects(
      () => playStudy(tables, { preserve, reference: 'c' }),
      /unknown reference site: "c"/,
      'unknown-site',
    );
  });
});
