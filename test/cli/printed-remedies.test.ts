import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { makeAffine } from '../../sdk/data/images/affine';
import { makeVolume } from '../../sdk/data/images/volume';
import { writeMask, writeVolume } from '../../sdk/io/volumes/write-volume';
import { makeRandom } from '../../sdk/math/random';
import type { Outcome } from '../support/run-command';
import { concord } from '../support/run-command';
import { temporaryFolder } from '../support/temporary-folder';

/** The flags that a command has, as its help says. */
async function flagsOf(command: string): Promise<ReadonlySet<string>> {
  const { out } = await concord(command, '--help');
  return new Set([...out.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, flag]) => flag));
}

/** Checks that what a run printed has a remedy, and that every flag in it is one of the command that it is said of. */
async function assertTrue(command: string, printed: string, remedy: string): Promise<void> {
  assert.ok(printed.includes(remedy), `"${remedy}" is not in: ${printed}`);
  assert.doesNotMatch(printed, /in TypeScript|: true\b|: "(drop|log|none|zero|estimate)"/);
  for (const [, other = command, flag] of printed.matchAll(/(?:concord ([\w-]+) )?(--[\w-]+)/g)) {
    assert.ok((await flagsOf(other)).has(flag), `concord ${other} has no ${flag}: ${printed}`);
  }
}

describe('remedies that the command prints', () => {
  const folder = temporaryFolder();
  const table = (): string => folder.path('table.csv');
  const fast = ['--no-audit', '--overwrite'];
  const out = (): string => folder.path('out');

  /** Twenty subjects at each of the sites. Cells of rows can be other than usual. */
  function write(
    name: string,
    sites: readonly string[],
    cell = (_row: number, usual: string): string => usual,
  ): string {
    const random = makeRandom(3);
    const rows = sites.flatMap((site, at) =>
      Array.from({ length: 20 }, (_, i) => {
        const row = 20 * at + i;
        const values = [0, 1, 2, 3].map(() => 5 + at + random.normal());
        const cells = values.map((value, column) => (column === 0 ? cell(row, String(value)) : value));
        return [
          `s${row}`,
          site,
          row === 7 ? 'NA' : 20 + ((7 * row) % 50),
          row % 3 ? 'F' : 'M',
          ...cells,
        ].join();
      }),
    );
    const header = 'subject,site,age,sex,left,right,front,back';
    return folder.write(name, `${header}\n${rows.join('\n')}\n`);
  }

  before(() => void write('table.csv', ['A', 'B', 'C']));

  describe('of tables', () => {
    const harmonize = (...words: string[]): Promise<Outcome> =>
      concord('harmonize', table(), '--out', out(), ...words);

    it('replace files', async () => {
      assert.equal((await harmonize('--no-audit')).status, 0);
      const run = await harmonize('--no-audit');
      assert.equal(run.status, 1);
      await assertTrue('harmonize', run.err, 'allow it to be replaced with --overwrite');
      assert.equal((await harmonize('--no-audit', '--overwrite')).status, 0);
    });

    it('leave out who has no value', async () => {
      const run = await harmonize(...fast, '--preserve', 'age');
      await assertTrue('harmonize', run.err, 'leave such subjects out with --drop-missing');
      const repaired = await harmonize(...fast, '--preserve', 'age', '--drop-missing');
      assert.equal(repaired.status, 0, repaired.err);
    });

    it('state what kind a covariate is', async () => {
      const run = await harmonize(...fast, '--preserve', 'sex');
      await assertTrue(
        'harmonize',
        run.out,
        'the kind of the covariate with --categorical NAME or --continuous NAME',
      );
      const stated = await harmonize(...fast, '--preserve', 'sex', '--categorical', 'sex');
      assert.doesNotMatch(stated.out, /kind of the covariate/);
    });

    it('name features', async () => {
      const run = await harmonize(...fast);
      await assertTrue('harmonize', run.out, 'name the features with --features');
      const named = await harmonize(...fast, '--features', 'left,right,front,back');
      assert.doesNotMatch(named.out, /name the features/);
    });

    it('do without empirical Bayes for one feature, in the report too', async () => {
      const run = await harmonize(...fast, '--features', 'left');
      await assertTrue('harmonize', run.out, 'add features or choose --eb none');
      assert.match(readFileSync(folder.path('out/report.html'), 'utf8'), /choose --eb none/);
      assert.match(readFileSync(folder.path('out/provenance.json'), 'utf8'), /choose eb: \\"none\\"/);
      const without = await harmonize(...fast, '--features', 'left', '--eb', 'none');
      assert.doesNotMatch(without.out, /--eb/);
    });

    it('use all subjects in the audit', async () => {
      const audited = ['--overwrite', '--seeds', '1'];
      const run = await harmonize(...audited, '--max-subjects', '40');
      await assertTrue('harmonize', run.out, 'raise --max-subjects to use every subject');
      assert.doesNotMatch((await harmonize(...audited, '--max-subjects', '60')).out, /max-subjects/);
    });

    it('apply a model where there is one site, and treat one that is new', async () => {
      const one = write('one.csv', ['D']);
      const run = await concord('harmonize', one, '--out', folder.path('one'), '--no-audit');
      await assertTrue('harmonize', run.err, 'to apply a fitted model, use concord apply');
      await harmonize(...fast);
      const apply = ['apply', folder.path('out/model.json'), one, '--out', folder.path('applied')];
      const strange = await concord(...apply);
      const policies = ['estimate', 'own-priors', 'creb', 'covariates'];
      const words = policies.map((policy) => `--unseen ${policy}`).join(' or ');
      await assertTrue('apply', strange.err, `choose ${words} to continue`);
      for (const policy of policies) {
        const applied = await concord(...apply, '--unseen', policy, '--overwrite');
        assert.equal(applied.status, 0, applied.err);
      }
      await assertTrue('apply', (await concord(...apply)).err, '--overwrite');
    });

    it('fit logarithms where values came out negative', async () => {
      // One site far wider than the other: brought to one spread, its smallest values fall below 0.
      const low = write('low.csv', ['A', 'B'], (row) =>
        String(row < 20 ? 0.01 + 0.1 * row : 0.2 + row / 2000),
      );
      const run = await concord('harmonize', low, '--out', out(), ...fast, '--eb', 'none');
      await assertTrue('harmonize', run.out, 'fit with --transform log');
      const model = folder.path('out/model.json');
      const applied = await concord('apply', model, low, '--out', folder.path('low'));
      await assertTrue('apply', applied.out, 'fit with concord harmonize --transform log');
      const logs = await concord('harmonize', low, '--out', out(), ...fast, '--transform', 'log');
      assert.doesNotMatch(logs.out, /--transform/);
    });

    it('replace what is not a report of the demo', async () => {
      const path = folder.write('mine.html', 'not a report');
      const run = await concord('demo', '--out', path);
      await assertTrue('demo', run.err, 'allow it to be replaced with --overwrite');
      const repaired = await concord('demo', '--out', path, '--overwrite', '--seeds', '1', '--json');
      assert.equal(repaired.status, 0, repaired.err);
      assert.ok((JSON.parse(repaired.out) as { probes: unknown[] }).probes.length > 0);
      assert.doesNotMatch(readFileSync(path, 'utf8'), /: true\b.*<\/td>|eb: /);
    });
  });

  describe('of scans', () => {
    const size = 24;
    const source = (): string => folder.path('raw');
    const image = (subject: string, rest = ''): string =>
      `${source()}/${subject}/anat/${subject}${rest}_T1w.nii.gz`;
    const quick = ['--no-bias', '--no-mask', '--no-pictures', '--no-field-of-view'];
    const preprocess = (to: string, ...words: string[]): Promise<Outcome> =>
      concord('preprocess', source(), folder.path(to), 'participant', ...quick, ...words);

    /** A ball in air, with noise, and with a mask unless told otherwise. */
    async function writeBall(
      subject: string,
      options: { masked?: boolean; hole?: number } = {},
    ): Promise<void> {
      const random = makeRandom(5);
      const mask = new Uint8Array(size ** 3);
      const data = Float32Array.from(mask, (_, i) => {
        const at = [i % size, Math.floor(i / size) % size, Math.floor(i / size ** 2)];
        mask[i] = Math.hypot(...at.map((position) => position - size / 2)) < 8 ? 1 : 0;
        return 500 * mask[i] + 20 * random.normal();
      });
      data[1000] = options.hole ?? data[1000];
      const volume = makeVolume(data, { shape: [size, size, size], affine: makeAffine([5, 5, 5]) }, { mask });
      rmSync(`${source()}/${subject}`, { recursive: true, force: true });
      mkdirSync(`${source()}/${subject}/anat`, { recursive: true });
      await writeVolume(volume, image(subject));
      if (options.masked === false) return;
      await writeMask(volume, `${source()}/${subject}/anat/${subject}_desc-brain_mask.nii.gz`);
    }

    beforeEach(async () => {
      rmSync(source(), { recursive: true, force: true });
      for (const subject of ['sub-01', 'sub-02']) await writeBall(subject);
      writeFileSync(`${source()}/dataset_description.json`, '{"Name":"balls","BIDSVersion":"1.10.0"}');
      writeFileSync(
        `${source()}/participants.tsv`,
        'participant_id\tsite\tplace\nsub-01\tA\tX\nsub-02\tB\tY\n',
      );
    });

    it('read voxels that are no number', async () => {
      await writeBall('sub-02', { hole: NaN });
      const run = await preprocess('holes');
      await assertTrue(
        'preprocess',
        run.out,
        'set them to 0 with --non-finite zero; until then the scan is left out',
      );
      const repaired = await preprocess('filled', '--non-finite', 'zero');
      assert.match(repaired.out, /2 of 2 scans in/, repaired.err);
    });

    it('choose among kinds of images', async () => {
      for (const entity of ['_space-MNI', '_desc-a', '_res-2', '_hemi-L']) {
        const [, key, label] = /_(\w+)-(\w+)/.exec(entity) ?? [];
        cpSync(image('sub-01'), image('sub-01', entity));
        const flag = key === 'hemi' ? `--entity ${key}=` : `--${key} `;
        const run = await preprocess('kinds');
        await assertTrue('preprocess', run.err, `choose with ${flag}none or ${flag}${label}`);
        for (const one of [label, 'none']) {
          const words = `${flag}${one}`.split(' ');
          const chosen = await preprocess(`kinds-${key}-${one}`, '--normalize', 'none', ...words);
          assert.match(chosen.out, one === 'none' ? /2 of 2 scans in/ : /1 of 1 scan in/, chosen.err);
        }
        rmSync(image('sub-01', entity));
      }
    });

    it('say where sites are', async () => {
      writeFileSync(`${source()}/participants.tsv`, 'participant_id\tplace\nsub-01\tX\nsub-02\tY\n');
      const run = await preprocess('places');
      await assertTrue('preprocess', run.out, '--site column:NAME where participants.tsv has "place"');
      assert.equal((await preprocess('other-places', '--site', 'column:place')).status, 0);
      assert.equal((await preprocess('one-place', '--site', 'name:Kiel')).status, 0);
    });

    it('go on with, and replace, what is there', async () => {
      assert.equal((await preprocess('twice')).status, 0);
      const run = await preprocess('twice');
      await assertTrue('preprocess', run.err, 'add to it with --resume, replace files with --overwrite, or');
      const resumed = await preprocess('twice', '--resume');
      assert.match(resumed.out, /2 complete before/);
      const other = await preprocess('twice', '--resume', '--strip');
      await assertTrue('preprocess', other.err, '(replace it with --overwrite, or choose another folder)');
      assert.equal((await preprocess('twice', '--overwrite', '--strip')).status, 0);
      writeFileSync(`${source()}/participants.tsv`, 'participant_id\tsite\nsub-01\tZ\nsub-02\tB\n');
      const moved = await preprocess('twice', '--resume', '--strip');
      await assertTrue('preprocess', moved.err, 'correct one of them, or replace with --overwrite');
    });

    it('make masks', async () => {
      await writeBall('sub-02', { masked: false });
      const run = await preprocess('masks', '--strip');
      const remedy =
        'make one with concord preprocess without --no-mask, or supply yours with a file …_desc-brain_mask';
      await assertTrue('preprocess', run.out, remedy);
    });

    it('normalize by z-scores', async () => {
      const run = await preprocess('stripes', '--normalize', 'kde-mode');
      for (const line of run.out.split('\n').filter((text) => text.includes('z-score'))) {
        await assertTrue('preprocess', line, 'use --normalize z-score');
      }
    });

    it('of training are flags', async () => {
      const train = ['train', source(), '--out', folder.path('model')];
      writeFileSync(folder.path('model'), '');
      await assertTrue('train', (await concord(...train)).err, 'allow it to be replaced with --overwrite');
      rmSync(folder.path('model'));
      renameSync(image('sub-01'), image('sub-01', '_space-MNI'));
      const kinds = await concord(...train, '--backend', 'wasm');
      await assertTrue('train', kinds.err, 'choose with --space MNI or --space none');
      renameSync(image('sub-01', '_space-MNI'), image('sub-01'));
      const tiny = ['--backend', 'wasm', '--size', 'tiny', '--pixel-size', '5', '--batch-size', '4'];
      const odd = await concord(...train, ...tiny, '--image-size', '30');
      await assertTrue('train', odd.err, 'cut them to such a size with --image-size, or change --size');
      const wild = [...train, ...tiny, '--image-size', '32', '--steps', '20', '--learning-rate', '1e30'];
      const alone = await concord(...wild);
      await assertTrue('train', alone.err, 'add persons, or leave sites out with --participant-label');
      await writeBall('sub-03', {});
      writeFileSync(
        `${source()}/participants.tsv`,
        'participant_id\tsite\nsub-01\tZ\nsub-02\tB\nsub-03\tZ\n',
      );
      await assertTrue('train', (await concord(...wild)).err, 'lower --learning-rate');
      await assertTrue('train', (await concord(...wild)).err, 'continue it with --resume, or remove it');
      assert.ok(!existsSync(folder.path('model')));
    });
  });
});
