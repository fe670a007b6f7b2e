import type { ChildProcess } from 'node:child_process';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { skipWithout } from './skipping';

/** A Slurm of one machine with two cores. */
export interface SlurmCluster {
  /** Runs a program of Slurm, or a script that does, and returns what it printed. */
  run(program: string, ...words: string[]): string;
  /** The same of what fails: what it said on both streams. */
  refused(program: string, ...words: string[]): string;
  /** The same, with what it said on each stream. */
  said(program: string, ...words: string[]): readonly [out: string, err: string];
  /** Lets programs that this process starts ask this Slurm, until {@link leave}. */
  enter(): void;
  leave(): void;
  /** What Slurm itself noted of the jobs that ended: a line for each run of one. */
  ended(): string;
}

/**
 * The file of the settings. Its partitions are `low`, whose jobs are preempted and requeued by those of `high`, and `short`, which
 * takes jobs of any time and starts those of a minute.
 */
function settings(folder: string, port: number): string {
  const at = (name: string): string => join(folder, name);
  return `ClusterName=concord
SlurmctldHost=localhost(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/none
CredType=cred/none
SlurmctldPort=${port}
SlurmdPort=${port + 1}
SlurmdParameters=config_overrides
StateSaveLocation=${at('state')}
SlurmdSpoolDir=${at('spool')}
SlurmctldPidFile=${at('slurmctld.pid')}
SlurmdPidFile=${at('slurmd.pid')}
SlurmctldLogFile=${at('slurmctld.log')}
SlurmdLogFile=${at('slurmd.log')}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
JobAcctGatherType=jobacct_gather/none
JobCompType=jobcomp/filetxt
JobCompLoc=${at('ended.txt')}
AccountingStorageType=accounting_storage/none
MpiDefault=none
KillWait=20
SchedulerParameters=sched_interval=1,bf_interval=1,sched_min_interval=10000
PriorityType=priority/basic
NodeName=localhost NodeAddr=127.0.0.1 CPUs=2 RealMemory=2000 State=UNKNOWN
PartitionName=low Nodes=localhost Default=YES State=UP PriorityTier=1
PartitionName=high Nodes=localhost State=UP PriorityTier=9 PreemptMode=OFF
PartitionName=short Nodes=localhost State=UP PriorityTier=1 MaxTime=1
`;
}

/**
 * Starts Slurm on the loopback interface of this machine before the tests of the enclosing suite, and stops it after them.
 * The tests are skipped where it is not installed, unless CONCORD_REQUIRE_SLURM=1 says that it must be.
 */
export function slurmCluster(): SlurmCluster {
  let folder = '';
  let daemons: readonly ChildProcess[] = [];
  const env = (): NodeJS.ProcessEnv => ({ ...process.env, SLURM_CONF: join(folder, 'slurm.conf') });
  before(async function () {
    const needed = process.env['CONCORD_REQUIRE_SLURM'] === '1';
    const there = ['slurmctld', 'slurmd', 'sbatch'].every(
      (name) =>
        spawnSync(name, ['-V'], { stdio: 'ignore', env: { ...process.env, SLURM_CONF: '/dev/null' } })
          .error === undefined,
    );
    if (!there || process.getuid?.() !== 0) {
      const why = there ? 'only root can start it' : 'slurmctld, slurmd or sbatch is not installed';
      if (needed) throw new Error(`Slurm is required: ${why}`);
      skipWithout(this, 'Slurm', why);
    }
    folder = mkdtempSync(join(tmpdir(), 'concord-slurm-'));
    for (const name of ['state', 'spool']) mkdirSync(join(folder, name));
    // Other runs of the tests may have a Slurm of their own.
    writeFileSync(join(folder, 'slurm.conf'), settings(folder, 20_000 + 2 * (process.pid % 5000)));
    const start = (name: string, ...words: string[]): ChildProcess =>
      spawn(name, ['-D', ...words], { env: env(), stdio: 'ignore' });
    daemons = [start('slurmctld', '-c'), start('slurmd', '-N', 'localhost')];
    const isReady = (): boolean => {
      if (daemons.some(({ exitCode }) => exitCode !== null)) throw new Error(`Slurm ended: ${log()}`);
      const { stdout } = spawnSync('sinfo', ['--noheader'], { env: env(), encoding: 'utf8' });
      return stdout.includes('idle');
    };
    while (!isReady()) await wait(100);
  });
  after(async () => {
    if (folder === '') return;
    spawnSync('scancel', ['--user=root'], { env: env() });
    const ends = daemons.map(
      (one) => new Promise((done) => (one.exitCode === null ? one.on('close', done) : done(0))),
    );
    for (const one of daemons.toReversed()) one.kill('SIGTERM');
    await Promise.race([Promise.all(ends), wait(10_000)]);
    for (const one of daemons) one.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  const log = (): string =>
    readFileSync(join(folder, 'slurmctld.log'), 'utf8').split('\n').slice(-5).join('\n');
  return {
    run: (program, ...words) =>
      execFileSync(program, words, { env: env(), encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }),
    refused: (program, ...words) => {
      const { status, stdout, stderr } = spawnSync(program, words, { env: env(), encoding: 'utf8' });
      if (status === 0) throw new Error(`${program} did not fail: ${stdout}`);
      return `${stdout}${stderr}`;
    },
    said: (program, ...words) => {
      const { stdout, stderr } = spawnSync(program, words, { env: env(), encoding: 'utf8' });
      return [stdout, stderr];
    },
    enter: () => {
      process.env['SLURM_CONF'] = join(folder, 'slurm.conf');
    },
    leave: () => {
      delete process.env['SLURM_CONF'];
    },
    ended: () => readFileSync(join(folder, 'ended.txt'), 'utf8'),
  };
}
