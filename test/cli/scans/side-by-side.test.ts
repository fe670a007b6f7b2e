import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { cpSync, existsSync, readFileSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { loadBids } from '../../../sdk/io/bids/load-bids';
import { loadModel } from '../../../sdk/methods/save-model';
import { writeBall } from '../../support/ball-scans';
import { concord, concordOutput } from '../../support/run-command';
import { temporaryFolder } from '../../support/temporary-folder';

/** The command as it is installed: `npm run build` makes what it runs. */
const command = resolve(__dirname, '../../../sdk/bin/concord.js');

const subjects = ['01', '02', '03', '04'];

/** What costs time and changes nothing of what is tested here. */
const fast = ['--no-bias', '--no-mask', '--no-pictures', '--normalize', 'nyul'];

describe('runs of concord preprocess side by side', () => {
  const folder = temporaryFolder();
  let source = '';
  const participant = (out: string): string[] => ['preprocess', source, out, 'participant', ...fast];
  const group = (out: string): string[] => ['preprocess', source, out, 'group', ...fast];
  const files = (out: string): string[] =>
    readdirSync(out, { recursive: true })
      .map(String)
      .filter((name) => statSync(`${out}/${name}`).isFile() && !name.startsWith('report'))
      .sort();

  before(async () => {
    source = folder.path('raw');
    for (const [at, subject] of subjects.entries()) await writeBall(source, `sub-${subject}`, at + 1);
    writeFileSync(`${source}/dataset_description.json`, '{"Name":"balls","BIDSVersion":"1.10.0"}');
    const rows = subjects.map((subject, at) => `sub-${subject}\t${'AB'[at % 2]}\t${30 + at}\n`);
    writeFileSync(`${source}/participants.tsv`, `participant_id\tsite\tage\n${rows.join('')}`);
  });

  it('lose nothing, and the group level makes of them what one run makes', async () => {
    const out = folder.path('many/derivative');
    const children = subjects.map((label) => {
      const words = [command, ...participant(out), '--participant-label', `sub-${label}`];
      return spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'inherit'] });
    });
    const statuses = children.map(ended);
    // One is killed where it is: the others have no need of it, and it continues.
    while (!existsSync(out)) {
      assert.equal(children[3].exitCode, null);
      await wait(5);
    }
    children[3].kill('SIGKILL');
    assert.deepEqual((await Promise.all(statuses)).slice(0, 3), [0, 0, 0]);
    const left = await concord(...group(out), '--overwrite');
    if (left.status !== 0) {
      assert.equal(left.status, 3, left.err);
      assert.match(left.out, /sub-04: not preprocessed \(.*--participant-label 04\)/);
    }
    await concordOutput(...participant(out), '--participant_label', '04', '--resume');
    const again = await concord(...participant(out), '--participant-label', '04');
    assert.equal(again.status, 1);
    assert.match(again.err, /is there already \(add to it with --resume, replace files with --overwrite/);
    await concordOutput(...group(out), '--overwrite');

    const whole = folder.path('one/derivative');
    await concordOutput(...participant(whole));
    const model = `${whole}/model.json`;
    assert.ok(!existsSync(model), 'nothing is fitted on scans by themselves');
    await concordOutput(...group(whole));
    assert.deepEqual(files(out), files(whole));
    for (const file of files(whole)) {
      if (file === 'model.json') continue;
      assert.ok(readFileSync(`${out}/${file}`).equals(readFileSync(`${whole}/${file}`)), file);
    }
    assert.equal(readFileSync(`${out}/participants.tsv`, 'utf8').trimEnd().split('\n').length, 5);
    const fitted = await loadModel(model, 'intensity');
    assert.equal(fitted.scans, 4);
    assert.deepEqual(await loadModel(`${out}/model.json`, 'intensity'), fitted);
    const { participants } = await loadBids(out, { desc: 'nyul' });
    assert.deepEqual(participants.sites, ['A', 'B', 'A', 'B']);

    // Of another dataset nothing is there, and nothing of this one is replaced.
    const strange = folder.path('strange');
    cpSync(`${source}/sub-01`, `${strange}/sub-05`, { recursive: true });
    for (const name of readdirSync(`${strange}/sub-05/anat`))
      renameSync(
        `${strange}/sub-05/anat/${name}`,
        `${strange}/sub-05/anat/${name.replace('sub-01', 'sub-05')}`,
      );
    writeFileSync(`${strange}/dataset_description.json`, '{"Name":"another","BIDSVersion":"1.10.0"}');
    const shared = (): string[] =>
      ['participants.tsv', 'report.html'].map((name) => readFileSync(`${out}/${name}`, 'utf8'));
    const before = shared();
    const refused = await concord(
      'preprocess',
      strange,
      out,
      'group',
      ...fast,
      '--site',
      'name:A',
      '--overwrite',
    );
    assert.equal(refused.status, 1);
    assert.match(
      refused.err,
      /nothing preprocessed: none of the 1 scan of .*strange is in .*derivative \(the participant level/,
    );
    assert.deepEqual(shared(), before);
  });
});

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((done) => child.on('close', done));
}
