import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import type { PostedError } from '../files/posted-error';
import { postedError } from '../files/posted-error';
import type { DecodingNews, DecodingTask } from './decode-parquet';
import { decodeParquet } from './decode-parquet';

/** A message of the thread: what was decoded, or why decoding ended. */
export type ThreadNews = DecodingNews | PostedError;

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
      port.postMessage(postedError(error));
    }
  };
  port.on('message', () => void next());
  await next();
}

if (!isMainThread && isTask(workerData)) void serve(workerData);

function isTask(data: unknown): data is DecodingTask {
  return typeof data === 'object' && data !== null && 'path' in data && 'size' in data;
}
