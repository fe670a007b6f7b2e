import type { Progress } from '../data/run-options';
import { escapeHtml } from '../plot/html/html';
import type { NotebookDisplay } from './kernel';
import { notebookDisplay } from './kernel';
import { requireCall } from '../data/calls/require-call';

/** At least so many milliseconds pass between two drawings of a bar, except before the last. */
const interval = 100;

let bars = 0;

/**
 * Makes an `onProgress` callback that draws a progress bar with the time left: in a notebook one output, updated in
 * place; elsewhere one line on standard error, rewritten on a terminal and written at every tenth otherwise.
 *
 * @param label - what is being done; by default what the work itself says
 *
 * @example
 * ```ts
 * const audit = await auditTable(cohort, combatHarmonizer(), { onProgress: progressBar('audit') });
 * ```
 */
export function progressBar(label?: string): (progress: Progress) => void {
  requireCall('progressBar', { label });
  const display = notebookDisplay();
  const draw =
    display === null
      ? lineOnStandardError()
      : outputInPlace(display, `concord-progress-${process.pid}-${bars++}`);
  let last = -Infinity;
  return (progress) => {
    const now = performance.now();
    if (progress.done < progress.total && now - last < interval) return;
    last = now;
    draw(label === undefined ? progress : { ...progress, label });
  };
}

function outputInPlace(display: NotebookDisplay, id: string): (progress: Progress) => void {
  let begun = false;
  return (progress) => {
    const text = progressText(progress);
    const bundle = {
      'text/html':
        '<div style="font:13px system-ui,sans-serif">' +
        `<progress max="${progress.total}" value="${progress.done}" style="width:240px;vertical-align:middle"></progress> ` +
        `${escapeHtml(text)}</div>`,
      'text/plain': text,
    };
    if (begun) display.update(bundle, id);
    else display.show(bundle, id);
    begun = true;
  };
}

function lineOnStandardError(): (progress: Progress) => void {
  let tenth = -1;
  return (progress) => {
    const done = progress.done >= progress.total;
    if (process.stderr.isTTY) {
      process.stderr.write(`\r\u001b[K${progressText(progress)}${done ? '\n' : ''}`);
      return;
    }
    const reached = Math.floor((10 * progress.done) / Math.max(1, progress.total));
    if (reached > tenth) process.stderr.write(`${progressText(progress)}\n`);
    tenth = Math.max(tenth, reached);
  };
}

/** For example `audit: 40 % (4 of 10), 12 s left`. */
export function progressText({ label, done, total, secondsLeft }: Progress): string {
  const share = total > 0 ? Math.floor((100 * done) / total) : 100;
  const left = done >= total ? ', done' : secondsLeft === undefined ? '' : `, ${duration(secondsLeft)} left`;
  return `${label}: ${share} % (${done} of ${total})${left}`;
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
