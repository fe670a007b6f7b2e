import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { planned } from '../../../sdk/cli/slurm/measure-training';
import { queuedJobsOf } from '../../../sdk/cli/slurm/queue/queued-jobs';
import { waitingReason } from '../../../sdk/cli/slurm/queue/waiting-tasks';
import { megabytesOf, secondsOfTime, timeText } from '../../../sdk/cli/slurm/slurm-text';
import { taskOutcome } from '../../../sdk/cli/slurm/task-outcome';
import type { TaskRecord } from '../../../sdk/cli/slurm/task-record';
import { writeBall } from '../../support/ball-scans';
import { concord, concordOutput } from '../../support/run-command';
import { standInContainer } from '../../support/stand-in-container';
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
      [
        ['--', 'audit', 'a', 'b'],
        /jobs are written for preprocess, train, harmonize, apply and maps, not for "audit"/,
      ],
      [
        ['--at-once', '2', '--', 'train', source(), '--out', out],
        /'--at-once' is for preprocess, and harmonize and apply of scans, but train is given/,
      ],
      [
        ['--tasks', '2', '--', 'harmonize', source(), '--method', 'nyul', '--out', out],
        /'--tasks' is for tasks of participants, but Nyúl is fitted on all of them \(by a model that is given/,
      ],
      [['--', 'harmonize', 't.csv', '--out', out, '--like', 'a'], /'--like' is not one of --method combat/],
      [['--', 'harmonize', '-', '--out', out], /a job has no standard input/],
      [['--measure', '--', 'harmonize', 't.csv', '--out', out], /what would be measured is the job itself/],
      [['--container-bind', source(), '--', ...words()], /'--container-bind' goes with --container/],
      [
        ['--container', source(), '--container-bind', '/no/such', '--', ...words()],
        /'--container-bind' is \/no\/such, which is not there/,
      ],
      [
        ['--container', source(), '--', 'train', source(), '--out', out, '--backend', 'webgpu'],
        /'--backend' is webgpu, whose driver \(Vulkan\)/,
      ],
      [['--', 'maps', 'draw', 'x'], /jobs of maps are written for harmonize and apply, not for "draw"/],
      [
        ['--', 'maps', 'harmonize', 't.csv', '--files', 'lh', '--out', out, '--map-unit', 'mm'],
        /'--map-unit' goes with --surface/,
      ],
      [
        ['--container', source(), '--', 'maps', 'apply', 'm', 't.csv', '--files', 'lh', '--out', out],
        /'--container' of maps, which a table names/,
      ],
      [['--container-program', 'docker', '--', ...words()], /Allowed choices are apptainer, singularity/],
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

describe('concord slurm write of other work', () => {
  const folder = temporaryFolder();
  const source = (): string => folder.path('data');
  const labels = ['01', '02', '03', '04'];
  const write = (jobs: string, ...rest: string[]): ReturnType<typeof concord> =>
    concord('slurm', 'write', folder.path(jobs), ...rest);
  const script = (jobs: string, name: string): string => readFileSync(folder.path(`${jobs}/${name}`), 'utf8');

  before(async () => {
    for (const [at, label] of labels.entries()) await writeBall(source(), `sub-${label}`, at + 1);
    writeFileSync(`${source()}/dataset_description.json`, '{"Name":"balls","BIDSVersion":"1.10.0"}');
    const rows = labels.map((label, at) => `sub-${label}\t${'AB'[at % 2]}\n`);
    writeFileSync(`${source()}/participants.tsv`, `participant_id\tsite\n${rows.join('')}`);
    const rowsOf = [1, 2, 3, 4, 5, 6, 7, 8].map(
      (id) => `s${id},${'AB'[id % 2]},${id * id},${3 * id + (id % 3)}\n`,
    );
    writeFileSync(folder.path('table.csv'), `id,site,a,b\n${rowsOf.join('')}`);
  });

  it('times the steps of a training, and says how many runs it needs', async () => {
    const words = ['train', source(), '--out', folder.path('model'), '--method', 'murd', '--size', 'tiny'];
    const tiny = [
      '--steps',
      '6',
      '--batch-size',
      '2',
      '--image-size',
      '16',
      '--every',
      '60',
      '--backend',
      'wasm',
    ];
    const run = await write('timed', '--measure', '--cpus', '1', '--', ...words, ...tiny);
    assert.equal(run.status, 0, run.err);
    const [, start, step] =
      /; ([\d.]+) s before the first step, then ([\d.]+) (?:ms|s) a step/.exec(run.out) ?? [];
    assert.ok(Number(start) > 0 && Number(step) > 0, run.out);
    assert.match(run.out, /reckoned from that: 00:01:00 for 6 steps/);
    assert.match(script('timed', 'train.sh'), /^#SBATCH --time=00:03:00\n#SBATCH --mem=\d+00M$/m);
    assert.throws(() => readdirSync(folder.path('model')), 'the measured run wrote elsewhere');
    const labelled = await write('labelled', '--measure', '01', '--', ...words);
    assert.match(labelled.err, /--measure 01 \(a training is measured on all its scans/);
  });

  it('plans a training by the time of its steps', () => {
    const pace = { startSeconds: 100, stepSeconds: 2, timed: 10 };
    const how = { steps: 3600, cards: false, used: { seconds: 125, megabytes: 1010 }, cores: 4 };
    // 120 + 1.5 · (100 + 2 · 3600) s, rounded up to minutes.
    const free = planned(pace, { ...how, time: undefined });
    assert.deepEqual(free.limits, { time: '03:05:00', memory: '1600M' });
    // Of an hour, 120 s are notice and 100 s start: 3380 s of steps, 7200 s are needed.
    assert.match(planned(pace, { ...how, time: '1:00:00' }).lines[2], /^that is 3 runs of 1:00:00/);
    assert.match(
      planned(pace, { ...how, time: '3' }).lines[2],
      /^warning: in 3 a run would not finish a step/,
    );
    assert.match(
      planned(pace, { ...how, cards: true, time: '60' }).lines[1],
      /the graphics card that is asked for/,
    );
  });

  it('measures a fit on some of each site, and harmonizes by a stored model in tasks', async () => {
    const fast = ['--no-pictures', '--no-report'];
    const nyul = ['harmonize', source(), '--method', 'nyul', '--out', folder.path('nyul'), ...fast];
    const fitted = await write('fitted', '--measure', '01,02', '--', ...nyul);
    assert.equal(fitted.status, 0, fitted.err);
    assert.match(
      fitted.out,
      /Nyúl of 2 participants .* took [\d.]+ s and \d+ MB\n.* 4 participants: 2.0 times the time/,
    );
    assert.match(script('fitted', 'job.sh'), /run_task job .* --method nyul .* --resume\n$/);
    await concordOutput(...nyul);
    const model = folder.path('nyul');
    const apply = ['apply', model, source(), '--out', folder.path('applied'), '--no-pictures'];
    const stranger = await write('stranger', '--', ...apply, '--target', 'Q');
    assert.equal(stranger.status, 1);
    assert.match(stranger.err, /concord: (?:unknown|invalid) target: "Q"/);
    await concordOutput('slurm', 'write', folder.path('applied jobs'), '--', ...apply, '--target', 'average');
    assert.match(
      script('applied jobs', 'participant.sh'),
      /run_task .* apply .*nyul .*data --out .* --target average --resume --participant-label="\$participants"\n$/,
    );
    const other = await write(
      'other',
      '--',
      'harmonize',
      source(),
      '--method',
      'nyul',
      '--model',
      model,
      '--out',
      source(),
    );
    assert.match(other.err, /holds no dataset that concord-mri wrote/);
  });

  it('begins the job of a table anew where an earlier run of it was stopped, and only there', async () => {
    const table = folder.path('table.csv');
    await concordOutput(
      'slurm',
      'write',
      folder.path('table'),
      '--',
      'harmonize',
      table,
      '--no-audit',
      '--out',
      folder.path('out'),
    );
    const last = (job: string, ...lines: string[]): string | undefined => {
      const fake = folder.path('fake');
      mkdirSync(`${fake}/records`, { recursive: true });
      const real = script('table', 'run-task.sh');
      writeFileSync(`${fake}/run-task.sh`, `${real}\nrun_task() { printf '%s\\0' "$@"; }\n`);
      writeFileSync(
        `${fake}/records/job.tsv`,
        lines.map((line) => `${line.replaceAll(' ', '\t')}\n`).join(''),
      );
      const env = { ...process.env, SLURM_SUBMIT_DIR: fake, SLURM_JOB_ID: job };
      const words = execFileSync('bash', [folder.path('table/job.sh')], { env, encoding: 'utf8' });
      return words.split('\0').at(-2);
    };
    const maps = [
      'maps',
      'harmonize',
      table,
      '--files',
      'lh',
      '--preserve',
      'age',
      '--out',
      folder.path('maps'),
    ];
    await concordOutput('slurm', 'write', folder.path('maps jobs'), '--', ...maps);
    const job = script('maps jobs', 'job.sh');
    assert.match(job, /^progress=.*\/maps\.unfinished\/journal\.json$/m);
    assert.match(job, / maps harmonize .*table\.csv --files lh --preserve age --out .*maps --resume\n$/);
    const out = folder.path('out');
    assert.equal(last('7'), out);
    assert.equal(last('7', 'started t 7 0 m'), '--overwrite');
    assert.equal(last('7', 'started t 7 0 m', 'ended t 143 stopped'), '--overwrite');
    assert.equal(last('7', 'started t 7 0 m', 'ended t 1 -'), out);
    assert.equal(last('8', 'started t 7 0 m', 'ended t 143 stopped'), out);
    mkdirSync(out);
    writeFileSync(`${out}/harmonized.csv`, 'mine');
    const there = await write('there', '--', 'harmonize', table, '--out', out);
    assert.match(there.err, /file exists: .*harmonized\.csv/);
  });

  it('runs what is measured and tried in the container, which sees what the words name', async () => {
    const container = standInContainer(folder.path('programs'));
    const image = folder.path('an image.sif');
    writeFileSync(image, '');
    const jobs = folder.path('in container');
    const out = folder.path('container out');
    const words = ['preprocess', source(), out, 'participant', '--no-bias', '--no-pictures', '--no-report'];
    const gpu = ['--sbatch', 'gres=gpu:1', '--container', image];
    container.enter();
    try {
      await concordOutput('slurm', 'write', jobs, '--measure', ...gpu, '--', ...words);
    } finally {
      container.leave();
    }
    const [version, level, group] = container.runs();
    assert.equal(container.runs().length, 3);
    assert.deepEqual(version.slice(-3), [image, 'concord', '--version']);
    const binds = (run: readonly string[]): readonly string[] =>
      run.flatMap((word, at) => (run[at - 1] === '--bind' ? [word] : []));
    assert.deepEqual(binds(version), [folder.path('.'), process.cwd()].map((path) => resolve(path)).sort());
    assert.equal(binds(level).length, 3, 'the temporary folder too');
    assert.ok(level.includes('participant') && group.includes('group') && !level.includes('--nv'));
    const text = script('in container', 'participant.sh');
    assert.match(
      text,
      /^container=\(apptainer exec "\$\{temporary\[@\]\}" --bind .* --pwd .* '.*an image\.sif' concord\)$/m,
    );
    assert.match(text, /^run_task .* "\$\{container\[@\]\}" preprocess /m);
    const train = ['train', source(), '--out', folder.path('model')];
    const asked = await write('cards', ...gpu, '--', ...train);
    assert.match(
      asked.out,
      /an image\.sif was not tried: apptainer cannot be run here; it must have concord \d/,
    );
    assert.match(script('cards', 'train.sh'), / --nv '.*an image\.sif' concord\)$/m);
    await write('no cards', ...gpu, '--', ...train, '--backend', 'wasm');
    assert.doesNotMatch(script('no cards', 'train.sh'), /--nv/);
    const labels = mkdtempSync(join(tmpdir(), 'concord-labels-'));
    try {
      writeFileSync(`${labels}/lh.cortex.label`, '');
      writeFileSync(folder.path('maps.csv'), 'id,site,lh,rh\n');
      const maps = ['maps', 'harmonize', folder.path('maps.csv'), '--files', 'lh,rh', '--root', source()];
      const cortex = ['--cortex', `lh=${labels}/lh.cortex.label,rh=${labels}/rh.cortex.label`];
      const named = ['--container', image, '--', ...maps, ...cortex, '--out', folder.path('maps')];
      await concordOutput('slurm', 'write', folder.path('labels'), ...named);
      assert.ok(script('labels', 'job.sh').includes(`--bind ${labels} `));
    } finally {
      rmSync(labels, { recursive: true });
    }
  });

  it('refuses images and paths that no container could be given', async () => {
    const image = folder.path('image.sif');
    writeFileSync(image, '');
    const words = ['preprocess', source(), folder.path('refused'), 'participant'];
    const refused = async (given: string, ...own: string[]): Promise<string> => {
      const run = await write(
        'refused jobs',
        '--container',
        given,
        '--',
        ...(own.length === 0 ? words : own),
      );
      assert.equal(run.status, 1, run.out);
      return run.err;
    };
    assert.match(
      await refused('docker://concord:1'),
      /would be fetched by every job \(fetch it once: apptainer pull/,
    );
    assert.match(await refused(folder.path('no.sif')), /there is no .*no\.sif/);
    const linked = folder.path('linked');
    mkdirSync(`${linked}/sub-01/anat`, { recursive: true });
    writeFileSync(`${linked}/dataset_description.json`, '{"Name":"links","BIDSVersion":"1.10.0"}');
    const away = mkdtempSync(join(tmpdir(), 'concord:away-'));
    try {
      assert.match(
        await refused(image, 'preprocess', source(), `${away}/out`, 'participant'),
        /concord:away-\w+ cannot be bound \(its name has a comma or colon\)/,
      );
      copyFileSync(`${source()}/sub-01/anat/sub-01_T1w.nii.gz`, `${away}/scan.nii.gz`);
      symlinkSync(`${away}/scan.nii.gz`, `${linked}/sub-01/anat/sub-01_T1w.nii.gz`);
      const message = await refused(image, 'preprocess', linked, folder.path('out2'), 'participant');
      assert.match(
        message,
        /is a link to .*scan\.nii\.gz, which the container does not see \(.*--container-bind /,
      );
    } finally {
      rmSync(away, { recursive: true });
    }
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

describe('tasks that have not started', () => {
  // As squeue prints with --format=%F|%K|%T|%r.
  const queue = queuedJobsOf(
    [
      '7|2-4,9%2|PENDING|PartitionTimeLimit',
      '7|1|RUNNING|None',
      '8|N/A|PENDING|Dependency',
      '12|5|PENDING|Resources',
      '13|6|PENDING|JobHeldUser',
      '99|7|PENDING|Resources',
      '',
    ].join('\n'),
  );
  const numbers = { 'arrays.txt': ['7', '12', '13'], 'groups.txt': ['8'], 'single.txt': [] };
  const reasonOf = (number: number): ReturnType<typeof waitingReason> =>
    waitingReason(
      { name: `participant-${number}`, number, participants: ['01'], limits: {} },
      { numbers, queue },
    );

  it('say why, and what lets them start where no time does', () => {
    for (const number of [2, 3, 4, 9]) {
      const reason = reasonOf(number);
      assert.match(reason?.why ?? '', /^more time is asked for .* \(job 7: PartitionTimeLimit\)$/);
      assert.deepEqual([reason?.remedy?.before, reason?.remedy?.again], ['scancel 7', '--time=TIME']);
    }
    assert.deepEqual(reasonOf(5), { why: 'in the queue (job 12: Resources)' });
    assert.equal(reasonOf(6)?.remedy?.before, 'scontrol release 13');
    // A job of another folder has a task of that number.
    assert.match(reasonOf(7)?.why ?? '', /^no longer in the queue, and never started/);
  });

  it('need no word where they wait for others, and are named where they were not submitted', () => {
    const group = { name: 'group', participants: [], limits: {} };
    assert.equal(waitingReason(group, { numbers, queue }), undefined);
    const none = { 'arrays.txt': [], 'groups.txt': [], 'single.txt': [] };
    assert.equal(waitingReason(group, { numbers: none, queue }), undefined);
    const train = { name: 'train', participants: [], limits: {} };
    assert.deepEqual(waitingReason(train, { numbers: none, queue }), { why: 'not submitted yet' });
  });
});
