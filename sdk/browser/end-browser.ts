import { spawnSync } from 'node:child_process';
import { removeScratchFolder } from '../io/files/scratch-folder';

/** A browser that was started, as far as it takes to end it. */
export interface RunningBrowser {
  /** The process that leads the group of its processes; `NaN` where none came to be. */
  readonly pid: number;
  /** The folder of its profile, made for this run. */
  readonly profile: string;
}

/** Ends a browser with all its processes, and removes its profile; at once, so that it can be done while a process exits. */
export function endBrowser({ pid, profile }: RunningBrowser): void {
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true });
  } else {
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // It has ended already.
    }
  }
  removeScratchFolder(profile);
}
