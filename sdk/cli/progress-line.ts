import type { Progress, RunOptions } from '../data/run-options';
import type { CommandStreams } from './streams';

/** Progress on one line of a terminal, rewritten a few times a second; nothing elsewhere. */
export function progressLine(streams: CommandStreams): RunOptions & { readonly clear: () => void } {
  if (!streams.live) return { signal: streams.signal, clear: () => undefined };
  let last = 0;
  const erase = '\r\u001b[K';
  const onProgress = ({ label, done, total, secondsLeft }: Progress): void => {
    const now = Date.now();
    if (now - last < 200) return;
    last = now;
    const share = total > 0 ? Math.floor((100 * done) / total) : 0;
    const left = secondsLeft === undefined ? '' : `, ${Math.ceil(secondsLeft)} s left`;
    streams.err(`${erase}${label}: ${share}%${left}`);
  };
  return { signal: streams.signal, onProgress, clear: () => streams.err(erase) };
}
