import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { megabytesOf, secondsOfTime, timeText } from '../../../sdk/cli/slurm/slurm-text';
import { taskOutcome } from '../../../sdk/cli/slurm/task-outcome';
import type { TaskRecord } from '../../../sdk/cli/slurm/task-record';
import { writeBall } from '../../support/ball-scans';
import { concord, concordOutput } from '../../support/run-command';
import { temporaryFolder } from '../../support/temporary-folder';

describe('concord slurm write', () => {
  const folder = temporaryFolder();
  const source = (): string => folder.path("John's $data");
  const jobs = (): string => folder.path('the jobs');
  const words = (): string[] => ['preprocess', source(), folder.path('out'), 'participant'];
  const write = (...rest: string[]): ReturnType<typeof concord> => concord('slurm', 'write', ...rest);

  before(async () => {
    for (const [at, label] of ['01', 'a b', '$(x)`y`', '1'].entries())
      await writeBall(source(), `sub-${label}`, at + 1);
    writeFileSync(`${source()}/dataset_description.json`, '{"Name":"balls","BIDSVersion":"1.10.0"}');
  });

  /** The words that a script runs, once bash has read it. */
  function wordsOf(script: string, task = ''): readonly string[] {
    const fake = folder.path('fake');
    mkdirSync(fake, { recursive: true });
    writeFileSync(`${fake}/run-task.sh`, `run_task() { printf '%s\\0' "$@"; }\n`);
    writeFileSync(`${fake}/participants.txt`, readFileSync(`${jobs()}/participants.txt`));
    const env = { ...process.env, SLURM_SUBMIT_DIR: fake, SLURM_ARRAY_TASK_ID: task };
    return execFileSync('bash', [`${jobs()}/${script}`], { env, encoding: 'utf8' })
      .split('\0')
      .slice(0, -1);
  }

  it('writes scripts whose words are those that were given, whatever is in them', async () => {
    const options = ['--time', '1-2', '--mem', '900M', '--partition', 'low,high', '--sbatch', 'gres=gpu:1'];
    const own = ['--participant-label', '01', 'a b', '$(x)`y`', '--template', "it's $HOME.nii"];
    const printed = await concordOutput(...['slurm', 'write', jobs(), ...options, '--', ...words(), ...own]);
    assert.match(
      printed,
      /3 participants in an array of 3 tasks, each with 1 core, 1-2 of time, 900M of memory\n/,
    );
    assert.match(printed, /this submits them:\n {2}bash '.*the jobs\/submit\.sh'\n/);
    for (const name of readdirSync(jobs()).filter((file) => file.endsWith('.sh')))
      execFileSync('bash', ['-n', `${jobs()}/${name}`]);
    // Labels that are the same number are chosen by one, and are one task.
    assert.deepEqual(readFileSync(`${jobs()}/participants.txt`, 'utf8').split('\n').sort(), [
      '',
      '$(x)`y`',
      '01',
      'a b',
    ]);
    const tasks = ['1', '2', '3'].map((task) => wordsOf('participant.sh', task).slice(3));
    const shared = [...words(), '--template', "it's $HOME.nii", '--resume'];
    for (const [at, task] of tasks.entries()) assert.deepEqual(task.slice(0, -1), shared, `task ${at + 1}`);
    assert.deepEqual(
      tasks.map((task) => task.at(-1)).sort(),
      ['$(x)`y`', '01', 'a b'].map((label) => `--participant-label=${label}`),
    );
    assert.deepEqual(wordsOf('group.sh').slice(3), [
      ...[...words().slice(0, 3), 'group', '--participant-label', '01,a b,$(x)`y`'],
      ...['--template', "it's $HOME.nii"],
    ]);
    const head = readFileSync(`${jobs()}/participant.sh`, 'utf8').match(/^#SBATCH .*$/gm);
    for (const line of [
      '--array=1-3',
      '--requeue',
      '--time=1-2',
      '--mem=900M',
      '--partition=low,high',
      '--gres=gpu:1',
    ])
      assert.ok(head?.includes(`#SBATCH ${line}`), line);
  });

  it('replaces the scripts of the same work only when asked, and keeps what was noted', async () => {
    writeFileSync(`${jobs()}/records/participant-1.tsv`, 'started\n');
    const again = await write(jobs(), '--', ...words());
    assert.equal(again.status, 1);
    assert.match(
      again.err,
      /holds the jobs of this work \(choose another folder, or replace them with --overwrite\)/,
    );
    await concordOutput(
      'slurm',
      'write',
      jobs(),
      '--overwrite',
      '--tasks',
      '2',
      '--at-once',
      '1',
      '--',
      ...words(),
    );
    assert.equal(readFileSync(`${jobs()}/earlier-1/records/participant-1.tsv`, 'utf8'), 'started\n');
    assert.deepEqual(readdirSync(`${jobs()}/records`), []);
    assert.match(readFileSync(`${jobs()}/submit.sh`, 'utf8'), /--array="\$tasks%1"/);
    const [name, , out, level] = words();
    const other = await write(jobs(), '--overwrite', '--', name, source(), `${out}2`, level);
    assert.equal(other.status, 1);
    assert.match(
      other.err,
      /holds the jobs of concord preprocess of .* into .*out \(choose another folder, or remove/,
    );
    const strange = await write(source(), '--', ...words());
    assert.match(strange.err, /holds other files \(choose another folder\)/);
  });

  it('refuses what Slurm or the command would refuse', async () => {
    const out = folder.path('new');
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [['--time', '1h', '--', ...words()], /'--time <time>' argument '1h' is invalid/],
      [['--mem', '1.5G', '--', ...words()], /'--mem <size>' argument '1.5G' is invalid/],
      [['--partition', 'lo w', '--', ...words()], /'--partition <name>' argument 'lo w' is invalid/],
      [['--sbatch', 'time=5', '--', ...words()], /--time is there for it/],
      [['--sbatch', 'output=x', '--', ...words()], /the scripts set it themselves/],
      [['--', ...words().slice(0, 3), 'group'], /the level of the command is "group"/],
      [['--', ...words(), '--spacin', '2'], /unknown option '--spacin'/],
      [['--', 'audit', 'a', 'b'], /jobs are written for preprocess and train, not for "audit"/],
      [
        ['--at-once', '2', '--', 'train', source(), '--out', out],
        /'--at-once' is for preprocess, but train is given/,
      ],
      [['--', 'train', source(), '--out', out, '--joint'], /'--joint'/],
    ];
    for (const [rest, message] of cases) {
      const run = await write(out, ...rest);
      assert.equal(run.status, 2, rest.join(' '));
      assert.match(run.err, message);
    }
    const none = await write(out, '--', ...words(), '--suffix', 'T2w');
    assert.equal(none.status, 1);
    assert.match(none.err, /no T2w \(did you mean "T1w"|the suffixes there are: "T1w"/);
    assert.throws(() => readdirSync(out), 'nothing is written');
  });

  it('asks for what one participant took, with a margin that it says', async () => {
    const measured = folder.path('measured');
    const fast = ['--no-bias', '--no-pictures', '--no-report', '--slices', 'axial', '--count', '2'];
    const printed = await concordOutput(
      'slurm',
      'write',
      measured,
      '--measure',
      'a b',
      '--',
      ...words(),
      ...fast,
    );
    const [, seconds, megabytes] =
      /sub-a b \(1 scan, .* MB\) took ([\d.]+) s and (\d+) MB/.exec(printed) ?? [];
    const script = readFileSync(`${measured}/participant.sh`, 'utf8');
    const [, memory] = /--mem=(\d+)M/.exec(script) ?? [];
    assert.equal(Number(memory) % 100, 0);
    assert.ok(
      Number(memory) >= 1.5 * (Number(megabytes) - 1) && Number(memory) < 1.5 * Number(megabytes) + 100,
    );
    const [, time] = /--time=(\S+)/.exec(script) ?? [];
    // Two of the four participants have one label.
    const asked = 120 + 3 * Number(seconds);
    assert.ok(
      secondsOfTime(time) >= asked - 1 && secondsOfTime(time) < asked + 61,
      `${time} for ${seconds} s`,
    );
    assert.throws(() => readdirSync(folder.path('out')), 'the measured run wrote elsewhere');
    const unknown = await write(folder.path('unknown'), '--measure', '02', '--', ...words());
    assert.match(unknown.err, /unknown participant to be measured: "02"/);
  });
});

describe('what became of a task', () => {
  const limits = { time: '1:00:00', memory: '2G' };
  const task = { name: 'participant-1', number: 1, participants: ['01'], limits };
  const outcome = (record: Partial<TaskRecord>): string => {
    const found = taskOutcome({ runs: 1, requeued: false, log: '', ...record }, task);
    return found.state === 'failed' ? `${found.why}; ${found.option ?? found.remedy}` : found.state;
  };
  const slurm = (why: string): string =>
    `slurmstepd: error: *** JOB 8 ON node1 CANCELLED AT 2026-01-01T10:00:00${why} ***\n`;

  it('is found by its exit status and by what Slurm wrote into its log', () => {
    assert.equal(outcome({ runs: 0 }), 'waiting');
    assert.equal(outcome({}), 'running');
    assert.equal(outcome({ ended: { status: 0, why: '-' } }), 'done');
    assert.equal(
      outcome({ ended: { status: 143, why: 'stopped' }, log: slurm(' DUE TO PREEMPTION') }),
      'again',
    );
    assert.match(outcome({ ended: { status: 143, why: 'stopped' }, log: slurm('') }), /^it was canceled/);
    assert.equal(
      outcome({ log: slurm(' DUE TO TIME LIMIT') }),
      'its time of 01:00:00 ran out; --time=02:00:00',
    );
    assert.equal(
      outcome({ ended: { status: 143, why: 'late' } }),
      'its time of 01:00:00 ran out; --time=02:00:00',
    );
    const kills = [
      { ended: { status: 137, why: '-' } },
      { log: 'slurmstepd: error: Detected 1 oom-kill event(s) in StepId=8.batch' },
      { log: 'slurmstepd: error: Exceeded job memory limit at some point.' },
      { ended: { status: 134, why: '-' }, log: 'FATAL ERROR: … JavaScript heap out of memory' },
    ];
    for (const kill of kills)
      assert.match(
        outcome(kill),
        /memory of 2G is too little; --mem=4096M|memory of 2G was too little; --mem=4096M/,
      );
    assert.match(outcome({ ended: { status: 127, why: '-' } }), /could not be started there .*--setup/);
    assert.equal(
      outcome({ ended: { status: 1, why: '-' }, log: 'concord: cannot read x (copy it again)\n' }),
      'cannot read x (copy it again); once that is repaired',
    );
    assert.match(outcome({ ended: { status: 139, why: '-' } }), /broke down with status 139/);
  });

  it('has times and amounts as sbatch reads them', () => {
    // The forms in the manual page of sbatch 22.05, at --time and --mem.
    const times = {
      '90': 5400,
      '5:30': 330,
      '2:30:00': 9000,
      '1-12': 129_600,
      '1-2:3': 93_780,
      '1-2:3:4': 93_784,
    };
    for (const [text, seconds] of Object.entries(times)) assert.equal(secondsOfTime(text), seconds, text);
    assert.equal(secondsOfTime('UNLIMITED'), Infinity);
    assert.equal(secondsOfTime('0'), Infinity);
    assert.deepEqual([59, 61, 86_400].map(timeText), ['00:01:00', '00:02:00', '1-00:00:00']);
    assert.deepEqual(['900', '900M', '2g', '1T', '2048K', '0'].map(megabytesOf), [
      900,
      900,
      2048,
      1_048_576,
      2,
      Infinity,
    ]);
  });
});
