import { extname, join } from 'node:path';
import { MessageChannel, Worker, receiveMessageOnPort } from 'node:worker_threads';
import { requireThread } from '../address-space';
import { ConcordError } from '../errors';
import { threadProgram } from '../io/files/thread-program';
import type { Drawn, DrawTask } from './draw-task';
import { drawnBytes } from './draw-task';
import type { DrawingNews, DrawOrder } from './drawing-thread';
import { drawingThread } from './drawing-thread';
import type { RunningBrowser } from './end-browser';
import { endBrowser } from './end-browser';

/** The thread that speaks to the browser: one for the life of this process, from the first figure. */
let thread: Worker | undefined;
let running: RunningBrowser | undefined;
let waiting = 0;

/**
 * Draws a figure in a browser without a window. One browser draws all figures of this process, one after the other; it
 * ends with the process, or after ten minutes without a figure.
 *
 * @throws ConcordError `missing-package` without a browser that works; `failed-step` where it draws nothing in time;
 * `invalid-option`; `out-of-memory` where there is no room for a thread.
 */
export async function drawFigure(task: DrawTask): Promise<Uint8Array> {
  const worker = theThread();
  const { order, reply } = makeOrder(task);
  if (waiting++ === 0) worker.ref();
  try {
    return drawnBytes(
      await new Promise<Drawn>((resolve, reject) => {
        const ended = (): void =>
          reject(new ConcordError('failed-step', 'the thread that draws figures ended'));
        worker.once('exit', ended);
        reply.once('message', (drawn: Drawn) => {
          worker.off('exit', ended);
          resolve(drawn);
        });
        worker.postMessage(order, [order.reply]);
      }),
    );
  } finally {
    reply.close();
    if (--waiting === 0) worker.unref();
  }
}

/**
 * Draws a figure while this thread waits, for callers that cannot give a promise.
 *
 * @param patience - seconds to wait
 * @returns the bytes; `undefined` where they are not there in time, the figure being dropped
 * @throws ConcordError as {@link drawFigure}.
 */
export function drawFigureNow(task: DrawTask, patience: number): Uint8Array | undefined {
  const worker = theThread();
  const { order, reply } = makeOrder(task);
  worker.postMessage(order, [order.reply]);
  Atomics.wait(new Int32Array(order.done), 0, 0, 1000 * patience);
  const received = receiveMessageOnPort(reply);
  reply.close();
  return received === undefined ? undefined : drawnBytes(received.message as Drawn);
}

/** Ends the thread and its browser now instead of with this process. */
export async function endDrawing(): Promise<void> {
  const worker = thread;
  thread = undefined;
  // The thread may not come to it while it is being ended.
  if (running !== undefined) endBrowser(running);
  running = undefined;
  await worker?.terminate();
}

function makeOrder(task: DrawTask): { readonly order: DrawOrder; readonly reply: MessageChannel['port1'] } {
  const { port1, port2 } = new MessageChannel();
  return { order: { task, reply: port2, done: new SharedArrayBuffer(4) }, reply: port1 };
}

function endNow(): void {
  if (running !== undefined) endBrowser(running);
}

function theThread(): Worker {
  if (thread !== undefined) return thread;
  requireThread('drawing figures');
  const worker = new Worker(threadProgram(join(__dirname, `drawing-thread${extname(__filename)}`)), {
    eval: true,
    execArgv: [],
    name: 'concord-figures',
    workerData: drawingThread,
  });
  worker.on('message', ({ running: now }: DrawingNews) => {
    running = now ?? undefined;
  });
  // Without a listener an error of the thread would end the process; whoever waits learns of its end.
  worker.on('error', () => undefined);
  worker.on('exit', () => {
    if (thread === worker) thread = undefined;
  });
  process.off('exit', endNow).once('exit', endNow);
  // After the listeners, which would keep this process alive.
  worker.unref();
  thread = worker;
  return worker;
}
