import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { readVolume } from '../../../sdk/io/volumes/read-volume';
import { loadBids } from '../../../sdk/io/bids/load-bids';
import { threadCount } from '../../../sdk/cli/scans/thread-count';
import { writeBall } from '../../support/ball-scans';
import { temporaryFolder } from '../../support/temporary-folder';

/** The command as it is installed: `npm run build` makes what it runs. */
const command = resolve(__dirname, '../../../sdk/bin/concord.js');

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

describe('scans in threads', () => {
  const folder = temporaryFolder();
  let source = '';

  /** Runs the command in a process; ends it by SIGTERM once a file is there. */
  const concord = async (words: readonly string[], until?: string): Promise<Ended> => {
    const child = spawn(process.execPath, [command, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, err] = ['', ''];
    child.stdout.on('data', (bytes) => (out += String(bytes)));
    child.stderr.on('data', (bytes) => (err += String(bytes)));
    const ended = new Promise<number | null>((done) => child.on('close', done));
    if (until !== undefined) {
      while (child.exitCode === null && !existsSync(until)) await wait(5);
      child.kill('SIGTERM');
    }
    return { status: await ended, out, err };
  };
  const preprocess = (out: string, ...more: readonly string[]): string[] => [
    ...['preprocess', source, out, 'participant', '--no-bias', '--no-field-of-view', '--count', '2'],
    ...['--slices', 'axial', ...more],
  ];
  const requireSame = (one: string, other: string): void => {
    const files = (root: string): string[] =>
      readdirSync(root, { recursive: true })
        .map(String)
        .filter((name) => statSync(`${root}/${name}`).isFile())
        .sort();
    assert.deepEqual(files(other), files(one));
    for (const file of files(one))
      assert.ok(readFileSync(`${other}/${file}`).equals(readFileSync(`${one}/${file}`)), file);
  };

  before(async () => {
    source = folder.path('raw');
    for (const [at, subject] of ['01', '02', '03', '04'].entries())
      await writeBall(source, `sub-${subject}`, at + 1);
    const damaged = `${source}/sub-03/anat/sub-03_T1w.nii.gz`;
    writeFileSync(damaged, readFileSync(damaged).subarray(0, 20_000));
    writeFileSync(`${source}/dataset_description.json`, '{"Name":"balls","BIDSVersion":"1.10.0"}');
    writeFileSync(
      `${source}/participants.tsv`,
      'participant_id\tsite\nsub-01\tA\nsub-02\tB\nsub-03\tA\nsub-04\tB\n',
    );
  });

  it('have the same bytes, and the same is said of them, as one after the other; also when ended and resumed', async () => {
    const [alone, together, cut] = ['alone/out', 'together/out', 'cut/out'].map((name) => folder.path(name));
    const one = await concord(preprocess(alone, '--n-cpus', '1'));
    assert.equal(one.status, 3, one.err);
    assert.match(one.out, /3 of 4 scans in/);
    const two = await concord(preprocess(together, '--n-cpus', '2'));
    assert.deepEqual(two, { ...one, out: one.out.replaceAll('/alone/', '/together/') });
    requireSame(alone, together);
    const ended = await concord(preprocess(cut, '--n-cpus', '2'), `${cut}/sub-01`);
    assert.equal(ended.status, 143);
    assert.match(ended.err, /^concord: the work was canceled \(what is done in .*--resume continues\)\n$/);
    assert.ok(!existsSync(`${cut}/report.html`));
    const resumed = await concord(preprocess(cut, '--n-cpus', '2', '--resume'));
    assert.equal(resumed.status, 3, resumed.err);
    requireSame(alone, cut);
  });

  it('are harmonized as one after the other, and stop at the first that is damaged where they shall [long]', async () => {
    const harmonize = (out: string, ...more: readonly string[]): string[] => [
      ...['harmonize', source, '--method', 'nyul', '--out', out, '--no-pictures', ...more],
    ];
    const [alone, together] = ['alone/nyul', 'together/nyul'].map((name) => folder.path(name));
    assert.equal((await concord(harmonize(alone, '--n-cpus', '1'))).status, 3);
    assert.equal((await concord(harmonize(together, '--n-cpus', '2'))).status, 3);
    requireSame(alone, together);
    const strict = await concord(preprocess(folder.path('strict'), '--n-cpus', '2', '--strict'));
    assert.equal(strict.status, 1);
    assert.match(strict.err, /^concord: .*sub-03_T1w\.nii\.gz.*\n$/);
  });

  it('are as many as cores and memory have room for, and small datasets have one', async () => {
    const cohort = await loadBids(source);
    const each = 200 + (60 * (await readVolume(cohort.scans[0].file ?? '')).data.length) / 1e6;
    assert.equal(await threadCount(cohort, {}), 1);
    assert.equal(await threadCount(cohort, { nCpus: 3, memMb: 1e6 }), 3);
    assert.equal(await threadCount(cohort, { nCpus: 64, memMb: 1e6 }), 4);
    assert.equal(await threadCount(cohort, { nCpus: 3, memMb: Math.ceil(2 * each) }), 2);
    assert.equal(await threadCount(cohort, { nCpus: 3, memMb: 1 }), 1);
  });
});
