import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import type { ErrorCode, Where } from '../../errors';
import { ConcordError } from '../../errors';
import type { Advice } from '../../remedy';
import type { DecodingNews, DecodingTask } from './decode-parquet';
import { decodeParquet } from './decode-parquet';

/** A message of the thread: what was decoded, or why decoding ended. */
export type ThreadNews =
  | DecodingNews
  | {
      readonly kind: 'error';
      readonly code?: ErrorCode;
      readonly problem: string;
      readonly remedy: Advice;
      readonly where: Where;
    };

/** Decodes, one row group whenever the other side asks for one. */
async function serve(task: DecodingTask): Promise<void> {
  const port = parentPort;
  if (port === null) return;
  const news = decodeParquet(task);
  const next = async (): Promise<void> => {
    try {
      for (;;) {
        const step = await news.next();
        if (step.done === true) return;
        const { value } = step;
        port.postMessage(value, value.kind === 'group' ? [value.group.numbers.buffer as ArrayBuffer] : []);
        if (value.kind === 'group') return;
      }
    } catch (error) {
      port.postMessage(newsOf(error));
    }
  };
  port.on('message', () => void next());
  await next();
}

/** An error in parts, since a class does not survive being posted; its remedy stays data, to be worded where it is shown. */
function newsOf(error: unknown): ThreadNews {
  if (!(error instanceof ConcordError)) {
    const problem = error instanceof Error ? error.message : String(error);
    return { kind: 'error', problem, remedy: [], where: {} };
  }
  const { code, problem, remedy, where } = error;
  return { kind: 'error', code, problem, remedy, where };
}

if (!isMainThread && isTask(workerData)) void serve(workerData);

function isTask(data: unknown): data is DecodingTask {
  return typeof data === 'object' && data !== null && 'path' in data && 'size' in data;
}
