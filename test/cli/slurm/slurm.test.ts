import assert from 'node:assert/strict';
import { copyFileSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { InvalidArgumentError } from 'commander';
import { slurmMemory, slurmTime } from '../../../sdk/cli/slurm/slurm-text';
import { writeBall } from '../../support/ball-scans';
import { concord, concordOutput } from '../../support/run-command';
import { standInContainer } from '../../support/stand-in-container';
import { slurmCluster } from '../../support/slurm';
import { temporaryFolder } from '../../support/temporary-folder';

/** Waits until something is so, as long as the test may take. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await wait(150);
}

describe('jobs of Slurm', () => {
  const slurm = slurmCluster();
  const folder = temporaryFolder();
  const labels = Array.from({ length: 12 }, (_, at) => String(at + 1).padStart(2, '0'));
  const source = (): string => folder.path('raw data');
  const target = (): string => folder.path("John's derivative");
  const record = (jobs: string, task: string): string => {
    const path = `${jobs}/records/${task}.tsv`;
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  };
  const count = (text: string, word: string): number => text.split(word).length - 1;
  const queue = (): string => slurm.run('squeue', '--noheader', '--format=%i %T %r');
  const seen = new Map<string, number>();
  /**
   * Slurm has requeued jobs wait for two minutes, so that nothing of their last run is left. Here they wait until they have
   * been seen in the queue ten times: started in the same second, one is said to have failed with status 1, and never ran.
   */
  const startAgain = (): void => {
    for (const [, job] of queue().matchAll(/^(\S+) PENDING BeginTime/gm)) {
      const times = (seen.get(job) ?? 0) + 1;
      seen.set(job, times % 10);
      if (times === 10) slurm.run('scontrol', 'update', `JobId=${job}`, 'StartTime=now');
    }
  };
  const untilEnded = (): Promise<void> =>
    until(() => {
      startAgain();
      return queue() === '';
    });
  /** Kills the process of Node.js of a task, as the system does where memory ends. */
  const killNode = (job: string): boolean => {
    const pids = [...slurm.run('scontrol', 'listpids', job).matchAll(/^(\d+) /gm)].map(([, pid]) => pid);
    const node = pids.find((pid) => {
      const name = `/proc/${pid}/comm`;
      return existsSync(name) && readFileSync(name, 'utf8').startsWith('node');
    });
    if (node !== undefined) process.kill(Number(node), 'SIGKILL');
    return node !== undefined;
  };

  before(async () => {
    for (const [at, label] of labels.entries()) await writeBall(source(), `sub-${label}`, at + 1);
    writeFileSync(`${source()}/dataset_description.json`, '{"Name":"balls","BIDSVersion":"1.10.0"}');
    const rows = labels.map((label, at) => `sub-${label}\t${'AB'[at % 2]}\t${30 + at}\n`);
    writeFileSync(`${source()}/participants.tsv`, `participant_id\tsite\tage\n${rows.join('')}`);
  });

  it('preprocess an array of participants, say which tasks failed, and submit those again', async () => {
    const jobs = folder.path("John's jobs");
    const scan = `${source()}/sub-07/anat/sub-07_T1w.nii.gz`;
    copyFileSync(scan, folder.path('whole'));
    writeFileSync(scan, readFileSync(scan).subarray(0, 1000));
    const fast = ['--no-bias', '--no-pictures', '--slices', 'axial', '--count', '2', '--size', '40'];
    const words = ['preprocess', source(), target(), 'participant', ...fast];
    const limits = ['--time', '10', '--mem', '300M', '--partition', 'low'];
    await concordOutput('slurm', 'write', jobs, ...limits, '--', ...words);
    assert.match(
      slurm.run('bash', `${jobs}/submit.sh`),
      /^submitted: tasks 1-12 as array 1, the group level as job 2/,
    );
    await until(() => record(jobs, 'participant-3') !== '');
    slurm.run('scontrol', 'requeue', '1_3');
    await until(() => record(jobs, 'participant-5') !== '');
    const [, , five] = record(jobs, 'participant-5').split('\t');
    await until(() => killNode(five));
    await untilEnded();

    const requeued = record(jobs, 'participant-3');
    assert.deepEqual([count(requeued, 'started'), count(requeued, 'ended')], [2, 2], requeued);
    assert.match(requeued, /ended\t\S+\t143\tstopped\nstarted[^]*ended\t\S+\t0\t-\n$/);
    const summary = await concord('slurm', 'summary', jobs);
    assert.equal(summary.status, 3, summary.err);
    assert.match(
      summary.out,
      /12 tasks: 10 done, 2 failed \(started again: 1 time\)\ngroup level: not started\n/,
    );
    assert.match(
      summary.out,
      /sub-05: it was killed, as where memory of 300M is too little \(give it more\)\n/,
    );
    assert.match(summary.out, /sub-07: .*truncated gzip file: .*once that is repaired/);

    copyFileSync(folder.path('whole'), scan);
    const again = [...summary.out.matchAll(/^ {2}(bash .*)$/gm)].map(([, line]) => line);
    assert.equal(again.length, 2, summary.out);
    assert.match(again[0], /submit\.sh' 5 --mem=600M /);
    for (const line of again) slurm.run('bash', '-c', line);
    await untilEnded();
    const printed = await concordOutput('slurm', 'summary', jobs);
    assert.match(printed, /12 tasks: 12 done \(started again: 3 times\)\ngroup level: done\n/);
    assert.equal(
      count(record(jobs, 'group'), 'started'),
      1,
      'the second submission takes the place of the first',
    );
    const table = readFileSync(`${target()}/participants.tsv`, 'utf8').trimEnd().split('\n');
    assert.deepEqual(
      table.slice(1).map((row) => row.split('\t')[0]),
      labels.map((label) => `sub-${label}`),
    );
    for (const label of labels)
      assert.ok(
        readdirSync(`${target()}/sub-${label}/anat`).some((name) => name.endsWith('desc-preproc_T1w.nii.gz')),
      );
    const names = readdirSync(target());
    assert.ok(names.includes('slices') && names.includes('report.html'), names.join(' '));
    assert.equal(slurm.ended().match(/JobState=(FAILED|COMPLETED)/g)?.length ?? 0, 12 + 2 + 1);
  });

  it('say what Slurm refuses, and what it would never start', async () => {
    const jobs = folder.path('refused');
    const words = ['preprocess', source(), folder.path('never'), 'participant', '--participant-label', '01'];
    const limits = ['--time', '10', '--mem', '300M', '--partition', 'short'];
    await concordOutput('slurm', 'write', jobs, ...limits, '--', ...words);
    const summary = async (): Promise<string> => (await concord('slurm', 'summary', jobs)).out;
    slurm.enter();
    try {
      assert.match(await summary(), /\ntasks 1: not submitted yet\n/);
      const refused = slurm.refused('bash', `${jobs}/submit.sh`, '1-2000');
      assert.match(refused, /Invalid job array specification/);
      assert.match(refused, /submit\.sh: sbatch took no job \(.* --tasks 1000 --overwrite\)/);
      assert.doesNotMatch(refused, /submitted:/);
      const [submitted, warned] = slurm.said('bash', `${jobs}/submit.sh`);
      const [, array] = /^submitted: tasks 1-1 as array (\d+), the group level as job/.exec(submitted) ?? [];
      assert.equal(
        warned,
        `submit.sh: job ${array} would never start (PartitionTimeLimit); concord slurm summary on this folder says what helps\n`,
      );
      const printed = await summary();
      assert.match(printed, /\ntasks 1: more time is asked for than .*PartitionTimeLimit\)\n/);
      assert.match(printed, /\n {2}scancel \d+; bash .*submit\.sh 1 --time=TIME {4}# or --partition=NAME/);
    } finally {
      slurm.run('scancel', '--user=root');
      slurm.leave();
    }
    await untilEnded();
  });

  it('harmonize an array of participants in a container, one of them requeued, to the bits of one run', async () => {
    const jobs = folder.path('harmonizing');
    const container = standInContainer(folder.path('programs'));
    const image = folder.path('concord.sif');
    writeFileSync(image, '');
    const whole = folder.path('whole derivative');
    const chosen = ['--participant-label', '01,02', '--no-pictures'];
    await concordOutput('harmonize', target(), '--method', 'nyul', '--out', whole, ...chosen);
    const out = folder.path('by tasks');
    const words = ['harmonize', target(), '--method', 'nyul', '--model', whole, '--out', out, ...chosen];
    container.enter();
    try {
      const limits = ['--time', '10', '--mem', '300M', '--container', image, '--sbatch', 'comment=gpu'];
      await concordOutput('slurm', 'write', jobs, ...limits, '--', ...words);
      const submitted = slurm.run('bash', `${jobs}/submit.sh`);
      const [, array] = /^submitted: tasks 1-2 as array (\d+), the report of all/.exec(submitted) ?? [];
      await until(() => container.runs().some((run) => run.includes('--participant-label=02')));
      // The last task of an array has the number of the array: it is named as its task.
      slurm.run('scontrol', 'requeue', `${array}_2`);
      await untilEnded();
    } finally {
      container.leave();
    }
    assert.match(
      await concordOutput('slurm', 'summary', jobs),
      /2 tasks: 2 done \(started again: 1 time\)\nreport of all: done\n/,
    );
    assert.match(record(jobs, 'participant-2'), /ended\t\S+\t143\tstopped\nstarted[^]*ended\t\S+\t0\t-\n$/);
    const scans = (root: string): readonly string[] =>
      readdirSync(root, { recursive: true })
        .map(String)
        .filter((name) => /\.nii\.gz$|participants\.tsv$/.test(name))
        .sort();
    assert.equal(scans(whole).length, 2 * 2 + 1);
    assert.deepEqual(scans(out), scans(whole));
    for (const name of scans(whole))
      assert.ok(readFileSync(`${out}/${name}`).equals(readFileSync(`${whole}/${name}`)), name);
    const reports = readdirSync(out).filter((name) => name.endsWith('.html'));
    assert.deepEqual(
      reports.sort(),
      ['01-02', '01', '02'].map((name) => `report_${name}.html`),
    );
    // One to ask for its version, two tasks, one of them again, and the job after them.
    const runs = container.runs();
    assert.equal(runs.length, 5);
    for (const run of runs) {
      assert.deepEqual([run[0], run.includes(image), run.includes('--nv')], ['exec', true, false]);
      assert.ok(run.indexOf('concord') === run.indexOf(image) + 1);
    }
  });

  it('train a network that is preempted, and whose time runs out', async () => {
    const jobs = folder.path('training');
    const model = folder.path('model');
    const tiny = [
      '--method',
      'cvae',
      '--size',
      'tiny',
      '--steps',
      '20',
      '--batch-size',
      '4',
      '--image-size',
      '16',
    ];
    const words = ['train', target(), '--out', model, ...tiny, '--every', '40', '--backend', 'wasm'];
    await concordOutput(
      'slurm',
      'write',
      jobs,
      '--time',
      '30',
      '--mem',
      '500M',
      '--cpus',
      '2',
      '--',
      ...words,
    );
    const [, job] = /^submitted: job (\d+)\n/.exec(slurm.run('bash', `${jobs}/submit.sh`)) ?? [];
    const steps = (): number => {
      const place = `${model}.unfinished`;
      const names = existsSync(place) ? readdirSync(place) : [];
      return Math.max(0, ...names.map((name) => Number(/^step-(\d+)$/.exec(name)?.[1] ?? 0)));
    };
    await until(() => steps() > 0);
    slurm.run('sbatch', '--partition=high', '--cpus-per-task=2', '--output=/dev/null', '--wrap=true');
    await until(() => count(record(jobs, 'train'), 'ended') === 1);
    const kept = steps();
    await until(() => (startAgain(), count(record(jobs, 'train'), 'started') === 2));
    await until(() => steps() > kept);
    // As Slurm does before the time runs out.
    slurm.run('scancel', '--batch', '--signal=USR2', job);
    await until(() => count(record(jobs, 'train'), 'ended') === 2);
    await untilEnded();
    const log = readFileSync(`${jobs}/logs/train.log`, 'utf8');
    const told = record(jobs, 'train');
    const stops = [...log.matchAll(/training was canceled after step (\d+) of 20/g)].map(([, step]) =>
      Number(step),
    );
    assert.equal(stops.length, 2, log);
    assert.ok(stops[0] < stops[1], log);
    assert.match(log, /DUE TO PREEMPTION/);
    assert.match(told, /\t143\tstopped\nstarted[^]*\t143\tlate\nrequeued\t[^]*\t0\t-\n$/);
    assert.ok(existsSync(`${model}/weights.safetensors`) && !existsSync(`${model}.unfinished`));
    assert.match(await concordOutput('slurm', 'summary', jobs), /training: done \(started again: 2 times\)/);
  });

  it('are refused where sbatch would refuse a time or an amount of memory', () => {
    const taken = (option: string): boolean => {
      try {
        slurm.run('sbatch', '--test-only', option, '--wrap=true');
        return true;
      } catch (error) {
        return !String((error as { readonly stderr?: string }).stderr).includes('Invalid --');
      }
    };
    const allowed = (parse: (text: string) => string, text: string): boolean => {
      try {
        return parse(text) === text;
      } catch (error) {
        assert.ok(error instanceof InvalidArgumentError);
        return false;
      }
    };
    for (const text of [
      '5',
      '5:30',
      '1:02:03',
      '1-2',
      '1-2:3',
      '1-2:3:4',
      'UNLIMITED',
      '1h',
      '1.5',
      ' 5',
      '1:2:3:4',
      'abc',
    ])
      assert.equal(allowed(slurmTime, text), taken(`--time=${text}`), text);
    for (const text of ['100', '100M', '1G', '1g', '2000K', '1T', '1.5G', '-1', '1X', '1 G', '1TiB', 'all'])
      assert.equal(allowed(slurmMemory, text), taken(`--mem=${text}`), text);
  });
});
