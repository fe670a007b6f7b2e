import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { Readable } from 'node:stream';
import { main, program } from '../../sdk/cli/main';
import { namedHarmonizerOptions } from '../../sdk/cli/methods/named-options';
import * as sdk from '../../sdk/index';
import { methodNamed } from '../../sdk/methods/methods';
import { storedDigest } from '../../sdk/methods/model-digest';
import { concord } from '../support/run-command';
import { gammaMethod } from '../methods/gamma/gamma-method';
import { temporaryFolder } from '../support/temporary-folder';

const quick = ['--seeds', '1', '--splits', '3'];

describe('concord compare on tables', () => {
  const folder = temporaryFolder();
  const table = (): string => folder.path('table.csv');
  const of = (methods: string, ...words: string[]): ReturnType<typeof concord> =>
    concord('compare', table(), '--methods', methods, ...quick, '--preserve', 'age,sex', ...words);

  before(async () => {
    const { cohort } = sdk.simulateFeatureCohort({ seed: 3, subjects: 90, sites: 3 });
    await sdk.writeTable(cohort, table());
  });

  it('prints a column for raw data and for each method, as compareMethods gives them', async () => {
    const run = await of('raw,combat,site-scaling', '--folds');
    assert.deepEqual([run.status, run.err], [0, '']);
    assert.match(run.out, /^raw, combat, site-scaling: \d+ subjects/);
    assert.match(run.out, /^ +raw +combat +site-scaling$/m);
    assert.match(run.out, /What does it cost\?/);
    const json = await of('combat,site-scaling', '--folds', '--json');
    const found = JSON.parse(json.out) as sdk.MethodComparison;
    const covariates = ['age', 'sex'];
    const cohort = await sdk.loadTable(table(), { covariates: covariates.map((name) => ({ name })) });
    const harmonizers = {
      combat: sdk.combatHarmonizer({ preserve: covariates, unseen: 'estimate' }),
      'site-scaling': sdk.siteScaling(),
    };
    const own = await sdk.compareMethods(cohort, harmonizers, {
      seeds: 1,
      splits: 3,
      folds: true,
      covariates,
    });
    assert.deepEqual(found.rows, JSON.parse(JSON.stringify(sdk.audits.comparisonToJson(own)['rows'])));
  });

  it('writes report, figures and provenance, and replaces them only when asked', async () => {
    const out = folder.path('out');
    const run = await of('site-scaling', '--out', out);
    assert.deepEqual([run.status, run.err], [0, '']);
    assert.deepEqual(readdirSync(out).sort(), ['comparison.json', 'provenance.json', 'report.html']);
    const html = readFileSync(folder.path('out/report.html'), 'utf8');
    assert.match(html, /Comparison of methods on table\.csv/);
    assert.match(html, /data-figure="site\/probe\/linear"/);
    assert.ok(!html.includes(folder.path('')));
    assert.equal((await of('site-scaling', '--out', out)).status, 1);
    assert.equal((await of('site-scaling', '--out', out, '--overwrite')).status, 0);
  });

  it('harmonizes to a site by what can, and says what cannot', async () => {
    const { sites } = JSON.parse((await of('combat', '--json')).out) as sdk.MethodComparison;
    const run = await of('combat,site-scaling', '--target', sites[0].name);
    // Some of it was done.
    assert.deepEqual([run.status, run.err], [3, '']);
    assert.match(run.out, new RegExp(`harmonized to ${sites[0].name}`));
    assert.match(run.out, /^Which methods are left out\?\n  site-scaling: unknown target/m);
    assert.match(run.out, /warning: site-scaling is left out: unknown target/);
    assert.equal((await of('site-scaling', '--target', sites[0].name)).status, 1);
  });

  it('compares a stored model, and takes it for in-sample', async () => {
    const cohort = await sdk.loadTable(table(), { covariates: [{ name: 'age' }, { name: 'sex' }] });
    await sdk.saveModel(await sdk.fitCombat(cohort), folder.path('model.json'));
    const run = await of('combat', '--model', `combat=${folder.path('model.json')}`, '--folds', '--json');
    const found = JSON.parse(run.out) as sdk.MethodComparison;
    assert.equal(found.methods[0].protocol, 'in-sample');
    assert.match(found.methods[0].model?.digest ?? '', /^[0-9a-f]{16}$/);
    assert.deepEqual([found.leftOut, found.version], [[], sdk.version]);
    assert.deepEqual(found.budget, { splits: 3, maxSubjects: 2000 });
    assert.match(run.out, /combat was fitted before, and so is not fitted in folds/);
  });

  it('refuses what is used wrongly, and says what there is', async () => {
    const refused = async (
      words: Promise<{ status: number; err: string }>,
      message: RegExp,
    ): Promise<void> => {
      const { status, err } = await words;
      assert.equal(status, 2);
      assert.match(err, message);
    };
    await refused(
      of('combet'),
      /"combet", which is not a method \(did you mean "combat"\? for tables there are raw, combat, covbat, nested-combat, longitudinal, site-scaling, ddae\)/,
    );
    await refused(of('nyul'), /"nyul", which is not for tables/);
    await refused(of('raw'), /names no method besides raw/);
    await refused(
      of('ddae'),
      /"ddae", which is a network: name its model with --model ddae=FOLDER, or train/,
    );
    await refused(of('combat', '--model', 'ddae=x'), /a model of "ddae", which is not among --methods/);
    await refused(of('combat', '--model', 'x'), /METHOD=FOLDER is allowed/);
    await refused(of('combat', '--slices', '3'), /'--slices' is for scans, but a table is given/);
    assert.equal((await concord('compare', folder.path('no.csv'), '--methods', 'combat')).status, 1);
  });

  it('explains itself, with examples', async () => {
    const { status, out } = await concord('compare', '--help');
    assert.equal(status, 0);
    assert.match(out, /concord compare TABLE\.csv --methods raw,combat,site-scaling/);
    assert.match(out, /Methods for scans:\n +z-score/);
  });
});

describe('concord compare on scans', () => {
  const folder = temporaryFolder();
  const raw = (): string => folder.path('raw');
  const small = [
    ...['--steps', '2', '--splits', '2', '--slices', '2', '--image-size', '32', '--pixel-size', '6'],
    ...['--backend', 'wasm', '--target', 'siteA', '--json'],
  ];
  const ownModel = 'ddae=fixtures/ddae-small';
  const compared = async (...words: string[]): Promise<sdk.MethodComparison> => {
    const run = await concord('compare', raw(), ...small, ...words);
    assert.deepEqual([run.status, run.err], [0, '']);
    return JSON.parse(run.out) as sdk.MethodComparison;
  };

  before(async () => {
    const scanners = sdk.phantoms
      .scannerPreset('seven-site')
      .filter(({ site }) => 'siteA siteE'.includes(site));
    const options = { scanners, subjects: 3, traveling: true, spacing: 6, masked: true, seed: 2 };
    await sdk.writeBids(sdk.simulateVolumeCohort(options).cohort, raw(), { desc: 'brain' });
  });

  it('cuts them into slices, and fits what is quick, in folds where asked', async () => {
    const found = await compared('--methods', 'raw,z-score,nyul', '--folds');
    assert.deepEqual([found.payload, found.subjects], ['volumes', 6]);
    assert.deepEqual(
      found.methods.map(({ name, target, protocol }) => [name, target, protocol]),
      [
        ['z-score', 'siteA', 'held-out'],
        ['nyul', 'siteA', 'held-out'],
      ],
    );
  });

  it('trains a network when asked, and says of a stored one that does not fit why', async () => {
    const training = ['--train', '--train-size', 'tiny', '--train-steps', '1', '--batch-size', '2'];
    const trained = await compared('--methods', 'murd', ...training);
    assert.equal(trained.methods[0]?.name, 'murd');
    const run = await concord('compare', raw(), ...small, '--methods', 'ddae', '--model', ownModel);
    // Nothing was done, and all figures of raw scans are there.
    assert.deepEqual([run.status, run.err], [1, '']);
    const stored = JSON.parse(run.out) as sdk.MethodComparison;
    assert.deepEqual(stored.methods, []);
    assert.match(stored.leftOut[0].reason, /^images of 32 × 32/);
    const failed = stored.issues.find(({ code }) => code === 'method-failed');
    assert.match(failed?.message ?? '', /^ddae is left out: images of 32 × 32/);
  });

  it('goes on with a training that was stopped, to the same figures', async () => {
    const out = folder.path('resumed');
    const whole = folder.path('whole');
    const training = ['--train', '--train-size', 'tiny', '--train-steps', '4', '--batch-size', '2'];
    const words = ['compare', raw(), ...small, '--methods', 'murd', ...training];
    const controller = new AbortController();
    let err = '';
    // Stopped at the first sign of progress after a checkpoint is there.
    const watch = setInterval(() => {
      const kept = folder.path('resumed.unfinished/murd-1');
      if (existsSync(kept) && readdirSync(kept).some((name) => name.startsWith('step-'))) controller.abort();
    }, 1);
    const status = await main([...words, '--out', out], {
      out: () => undefined,
      err: (text) => (err += text),
      live: false,
      signal: controller.signal,
      in: Readable.from([]),
    });
    clearInterval(watch);
    assert.notEqual(status, 0);
    assert.match(
      err,
      /trainings are kept in .*resumed\.unfinished; the same command with --resume continues/,
    );
    const anew = await concord(...words, '--out', out);
    assert.equal(anew.status, 1);
    assert.match(anew.err, /holds a run that was stopped \(continue it with --resume/);
    const resumed = await compared('--methods', 'murd', ...training, '--out', out, '--resume');
    assert.ok(!existsSync(`${out}.unfinished`));
    const once = await compared('--methods', 'murd', ...training, '--out', whole);
    assert.deepEqual(resumed.rows, once.rows);
    assert.ok(!existsSync(`${whole}.unfinished`));
  });

  it('takes options of methods by their names', async () => {
    const edges = ({ rows }: sdk.MethodComparison): unknown =>
      rows.find(({ id }) => id === 'person/edges')?.values['nyul'];
    const usual = await compared('--methods', 'nyul');
    const asked = await compared('--methods', 'nyul', '--option', 'nyul.landmarks=5,50,95');
    assert.notDeepEqual(edges(asked), edges(usual));
    const command = program({
      out: () => undefined,
      err: () => undefined,
      live: false,
      signal: new AbortController().signal,
    });
    const given = { ddae: { 'sampling-steps': '5', keep: '0.5' }, murd: { style: '3' } };
    const about = { command, stored: true };
    assert.deepEqual(namedHarmonizerOptions(methodNamed('ddae'), given, about), {
      apply: { steps: 5, detail: 0, keep: 0.5, unseen: 'error', batchSize: 32, seed: 1 },
    });
    assert.deepEqual(namedHarmonizerOptions(methodNamed('murd'), given, about), {
      apply: { styleSeed: 3, detail: 0, batchSize: 32 },
    });
  });

  it('refuses options of methods that nothing would come of', async () => {
    const cases: [string[], RegExp][] = [
      [['--option', 'nyul'], /METHOD\.NAME=VALUE is allowed/],
      [['--option', 'fcm.tissue=gm'], /one of "fcm", which is not among --methods/],
      [['--option', 'nyul.landmark=1,99'], /nyul\.landmark, which is no option of Nyúl .*"landmarks"/],
      [['--option', 'nyul.region=all'], /nyul\.region .*"all": mask, non-zero are allowed/],
      [['--option', 'nyul.target=siteA'], /what all harmonize to is said by --target/],
      [['--option', 'nyul.landmarks=9,1'], /landmarks/],
      [['--resume'], /'--resume' goes with --train and --out/],
    ];
    for (const [words, message] of cases) {
      const run = await concord('compare', raw(), ...small, '--methods', 'nyul', ...words);
      assert.equal(run.status, 2, words.join(' '));
      assert.match(run.err, message);
    }
  });

  it('refuses options and methods of tables', async () => {
    const options = await concord('compare', raw(), '--methods', 'nyul', '--eb', 'none');
    assert.deepEqual([options.status, /'--eb' is for tables/.test(options.err)], [2, true]);
    const methods = await concord('compare', raw(), '--methods', 'combat');
    assert.deepEqual([methods.status, /"combat", which is not for scans/.test(methods.err)], [2, true]);
  });
});

describe('concord compare with models that ship', () => {
  const folder = temporaryFolder();
  const quickly = ['--steps', '2', '--splits', '2', '--slices', '1', '--backend', 'wasm'];
  const of = (methods: string, ...words: string[]): ReturnType<typeof concord> =>
    concord('compare', folder.path('raw'), '--methods', methods, '--target', 'Siemens', ...quickly, ...words);

  before(async () => {
    const scanners = sdk.phantoms
      .scannerPreset('abcd-like')
      .filter(({ site, sequence }) => site !== 'Philips' && sequence.kind !== 'spin-echo');
    const options = { scanners, subjects: 3, traveling: true, spacing: 6, masked: true, seed: 2 };
    await sdk.writeBids(sdk.simulateVolumeCohort(options).cohort, folder.path('raw'), { desc: 'brain' });
  });

  it('takes them by itself, says which they are, and leaves out by name what does not fit', async () => {
    const run = await of('raw,nyul,ddae,murd', '--json');
    assert.deepEqual([run.status, run.err], [3, '']);
    const found = JSON.parse(run.out) as sdk.MethodComparison;
    const { methods, leftOut, rows, budget, version } = found;
    assert.deepEqual(
      methods.map(({ name, protocol, model }) => [name, protocol, model?.source]),
      [
        ['nyul', 'in-sample', undefined],
        // The digital persons that it learned from are in nobody's data.
        ['murd', 'held-out', `murd-small of concord-mri-models ${sdk.version}`],
      ],
    );
    const { digest, training, parameters, learned } = methods[1].model ?? {};
    const shipped = await sdk.loadModel('fixtures/murd-small', 'murd');
    assert.equal(digest, storedDigest(methodNamed('murd').model, shipped));
    assert.deepEqual([training?.steps, training?.batchSize, training?.seed], [4500, 8, 2]);
    const sizes = Object.values(sdk.murd.parameters(shipped.architecture, shipped.domains.length));
    assert.equal(
      parameters,
      sizes.reduce((sum, size) => sum + size, 0),
    );
    assert.match(learned ?? '', /^720 digital persons, no real ones/);
    assert.deepEqual(
      leftOut.map(({ name }) => name),
      ['ddae'],
    );
    assert.match(leftOut[0].reason, /unknown target: "Siemens"/);
    assert.deepEqual(
      [budget, version],
      [{ splits: 2, maxSubjects: 400, steps: 2, mask: 'each' }, sdk.version],
    );
    const nearer = rows.find(({ id }) => id.startsWith('truth/') && id.endsWith('/mae'));
    assert.ok(nearer?.unit !== undefined && nearer.values['murd']?.interval !== undefined);
    // As JSON says it, so does the table.
    const out = sdk.formatComparison(found);
    assert.match(out, /^Which methods are left out\?\n  ddae: unknown target/m);
    assert.match(
      out,
      /^By which models\?\n  murd: murd-small of concord-mri-models .* digest [0-9a-f]{16}; .*4,500 steps of 8/m,
    );
  });

  it('says what to do where no model of a method ships', async () => {
    const remove = sdk.methods.add({ ...gammaMethod, quick: false });
    try {
      const alone = await of('gamma');
      assert.equal(alone.status, 1);
      assert.match(
        alone.err,
        /^concord: no model of "gamma" ships \(concord-mri-models \S+ has ddae, murd.*\).*train one by concord train and name it with --model gamma=FOLDER/,
      );
      const beside = await of('nyul,gamma', '--held-out', 'gamma', '--json');
      assert.equal(beside.status, 3);
      const { leftOut } = JSON.parse(beside.out) as sdk.MethodComparison;
      assert.match(leftOut[0].reason, /^no model of "gamma" ships/);
    } finally {
      remove();
    }
  });
});
