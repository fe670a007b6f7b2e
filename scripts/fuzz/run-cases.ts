import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { FuzzNews, FuzzTask } from './case-process';
import type { FuzzCase } from './fuzzed-format';
import { bounds } from './fuzzed-format';

/**
 * Reads damaged files in processes of their own: one that does not come back, runs out of memory or ends is a case that
 * fell short, and the next process continues after it.
 *
 * @param onCase - called for each case in order
 */
export async function runCases(task: FuzzTask, onCase: (done: FuzzCase) => void): Promise<void> {
  for (let from = task.from; from < task.to;) from = await runSome({ ...task, from }, onCase);
}

/** Runs cases until the process ends; returns the case to continue with. */
function runSome(task: FuzzTask, onCase: (done: FuzzCase) => void): Promise<number> {
  const child = fork(join(__dirname, 'case-process.ts'), {
    execArgv: ['--import', 'tsx', '--max-old-space-size=768'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    let said = '';
    let at: number | undefined;
    let next = task.from;
    let timer: NodeJS.Timeout | undefined;
    child.stderr?.on('data', (text: Buffer) => (said = (said + text.toString()).slice(-2000)));
    const short = (outcome: FuzzCase['outcome'], detail: string): void => {
      if (at === undefined) return;
      onCase({ index: at, outcome, detail, milliseconds: NaN });
      next = at + 1;
      at = undefined;
    };
    child.on('message', (news: FuzzNews) => {
      clearTimeout(timer);
      if ('begun' in news) {
        at = news.begun;
        timer = setTimeout(() => {
          short('slow', `no answer after ${bounds.patience} s`);
          child.kill('SIGKILL');
        }, 1000 * bounds.patience);
      } else if ('done' in news) {
        at = undefined;
        next = news.done.index + 1;
        onCase(news.done);
        // What was taken stays counted: the next cases begin with a new process.
        if (news.done.outcome === 'memory') stop(child);
      }
    });
    child.on('error', reject);
    child.on('exit', (status, signal) => {
      clearTimeout(timer);
      if (at === undefined && next === task.from)
        reject(new Error(`the process ended before it began: ${said}`));
      short('ended', `exit ${status ?? signal}: ${said}`);
      resolve(next);
    });
    child.send(task);
  });
}

function stop(child: ChildProcess): void {
  child.kill('SIGKILL');
}
