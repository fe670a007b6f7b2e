import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Random } from '../../sdk/math/random';

/** A command that was killed some times, and then left to end by itself. */
export interface KilledRun {
  /** How often it was killed while it ran. */
  readonly kills: number;
  /** The most memory that one of its processes took, in MiB. */
  readonly mebibytes: number;
  readonly seconds: number;
  /** The exit status of the last run, and what it printed. */
  readonly status: number | null;
  readonly said: string;
}

/** How {@link killAtRandom} kills. */
export interface KillingOptions {
  readonly random: Random;
  /** How often it is killed at most. */
  readonly kills: number;
  /** After how many seconds at most. */
  readonly within: number;
}

/**
 * Runs `concord` with these words, ends it by SIGKILL after a random time, and runs it again with `--resume`; after so many
 * kills it is left to end.
 */
export async function killAtRandom(words: readonly string[], options: KillingOptions): Promise<KilledRun> {
  const { random, within } = options;
  const began = performance.now();
  let kills = 0;
  let mebibytes = 0;
  for (;;) {
    const patience = kills < options.kills ? 1000 * (1 + random.uniform() * (within - 1)) : undefined;
    const resumed = kills === 0 ? words : [...words, '--resume'];
    const run = await once(resumed, patience);
    mebibytes = Math.max(mebibytes, run.mebibytes);
    if (!run.killed) {
      const seconds = (performance.now() - began) / 1000;
      return { kills, mebibytes, seconds, status: run.status, said: run.said };
    }
    kills++;
  }
}

interface Once {
  readonly killed: boolean;
  readonly mebibytes: number;
  readonly status: number | null;
  readonly said: string;
}

function once(words: readonly string[], patience: number | undefined): Promise<Once> {
  const program = resolve(__dirname, '../../sdk/bin/concord.js');
  const child = spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  let mebibytes = 0;
  let killed = false;
  const take = (text: Buffer): void => void (said = (said + text.toString()).slice(-4000));
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const watch = setInterval(() => (mebibytes = Math.max(mebibytes, memoryOf(child.pid))), 100);
  const end = setTimeout(
    () => {
      killed = child.kill('SIGKILL');
    },
    patience ?? 2 ** 31 - 1,
  );
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (status) => {
      clearInterval(watch);
      clearTimeout(end);
      done({ killed: killed && status === null, mebibytes, status, said });
    });
  });
}

/** The most memory that a process has taken so far, in MiB; 0 where the system does not say it. */
function memoryOf(pid: number | undefined): number {
  try {
    const found = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return Number(found?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
