import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { endlessWait } from '../../../../sdk/cli/slurm/queue/refusals';
import { submitArrayScript, submitOneScript } from '../../../../sdk/cli/slurm/queue/submit-scripts';
import { waitingReason } from '../../../../sdk/cli/slurm/queue/waiting-tasks';
import { temporaryFolder } from '../../../support/temporary-folder';

describe('jobs that Slurm does not take or start', () => {
  const folder = temporaryFolder();
  /** Runs `submit.sh` with programs that say what those of Slurm would. */
  const submit = (script: string, programs: Readonly<Record<string, string>>): string => {
    mkdirSync(folder.path('bin'), { recursive: true });
    for (const [name, text] of Object.entries(programs))
      writeFileSync(folder.path(`bin/${name}`), `#!/bin/bash\n${text}\n`, { mode: 0o755 });
    writeFileSync(folder.path('submit.sh'), script);
    const PATH = `${folder.path('bin')}:${process.env['PATH']}`;
    return spawnSync('bash', [folder.path('submit.sh')], {
      env: { ...process.env, PATH },
      encoding: 'utf8',
    }).stderr;
  };

  it('have a remedy for what sbatch says', () => {
    // Texts of slurm_errno.c of Slurm 22.05, and those that sbatch writes before them.
    const said = {
      'Requested time limit is invalid (missing or exceeds some limit)':
        /\(give --time=TIME, or --partition=/,
      'Memory specification can not be satisfied': /\(give --mem=SIZE --cpus-per-task=COUNT, or --partition/,
      'Requested node configuration is not available': /\(give --mem=SIZE --cpus-per-task=COUNT, or/,
      'CPU count per node can not be satisfied': /\(give --mem=SIZE --cpus-per-task=COUNT, or/,
      'Invalid generic resource (gres) specification': /\(give --gres=gpu:COUNT, or --partition/,
      'Invalid partition name specified': /\(give --partition=NAME, or --account=NAME/,
      'Invalid account or account/partition combination specified':
        /\(give --partition=NAME, or --account=NAME/,
      'Invalid qos specification': /\(give --partition=NAME, or --account=NAME, --qos=NAME; sinfo --format=/,
      "Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)":
        /\(submit some of the tasks/,
      'Job dependency problem': /\(give --dependency=afterok:JOB/,
      'Unable to contact slurm controller (connect failure)': /\(squeue --me says whether/,
      'Socket timed out on send/recv operation': /\(squeue --me says whether/,
      'Invalid job array specification':
        /\(there are no tasks of these numbers, .* --tasks 1000 --overwrite\)/,
      'Requested feature is not there': /\(what sbatch says above is why\)/,
    };
    for (const [text, remedy] of Object.entries(said)) {
      const line = `sbatch: error: Batch job submission failed: ${text}`;
      const programs = {
        sbatch: `cat >&2 << 'END'\n${line}\nEND\nexit 1`,
        squeue: '',
        scontrol: 'echo "MaxArraySize            = 1001"',
      };
      for (const script of [submitArrayScript(3, { last: 'the group level' }), submitOneScript('job')]) {
        const [first, second] = submit(script, programs).split('\n');
        assert.equal(first, line);
        assert.match(second, remedy);
      }
    }
  });

  it('are warned of where no time starts them, as the summary says', () => {
    const task = { name: 'job', participants: [], limits: {} };
    const numbers = { 'arrays.txt': [], 'groups.txt': [], 'single.txt': ['7'] };
    // From job_state_reason_string of Slurm 22.05.
    const reasons: Readonly<Record<string, RegExp | undefined>> = {
      PartitionTimeLimit: /more time/,
      QOSMaxWallDurationPerJobLimit: /more time/,
      AssocMaxCpuMinutesPerJobLimit: /more time/,
      PartitionNodeLimit: /more cores or memory/,
      BadConstraints: /more cores or memory/,
      QOSMaxMemoryPerJob: /more cores or memory/,
      AssocMaxCpuPerJobLimit: /more cores or memory/,
      QOSMaxGRESPerJob: /other cards/,
      PartitionDown: /takes no jobs/,
      InvalidQOS: /takes no jobs/,
      DependencyNeverSatisfied: /waits for failed/,
      Resources: undefined,
      Priority: undefined,
      Dependency: undefined,
      QOSMaxJobsPerUserLimit: undefined,
      JobHeldUser: undefined,
    };
    for (const [why, words] of Object.entries(reasons)) {
      const warned = submit(submitOneScript('job'), { sbatch: 'echo 7', squeue: `echo '${why}'` });
      const expected = `submit.sh: job 7 would never start (${why}); concord slurm summary on this folder says what helps\n`;
      assert.equal(warned, words === undefined ? '' : expected, why);
      assert.equal(endlessWait(why) !== undefined, words !== undefined, why);
      const queue = [{ job: '7', tasks: new Set<number>(), state: 'PENDING', why }];
      const reason = waitingReason(task, { numbers, queue });
      if (words === undefined) continue;
      assert.match(reason?.why ?? '', words);
      assert.equal(reason?.remedy?.before, 'scancel 7');
    }
  });

  it('are released where they are held by the user, or by Slurm after a start that failed', () => {
    const task = { name: 'job', participants: [], limits: {} };
    const numbers = { 'arrays.txt': [], 'groups.txt': [], 'single.txt': ['7'] };
    const before = (why: string): string | undefined =>
      waitingReason(task, { numbers, queue: [{ job: '7', tasks: new Set(), state: 'PENDING', why }] })?.remedy
        ?.before;
    assert.equal(before('JobHeldUser'), 'scontrol release 7');
    assert.equal(before('launch failed requeued held'), 'scontrol release 7');
    assert.equal(before('JobHeldAdmin'), 'scontrol show job 7');
  });
});
