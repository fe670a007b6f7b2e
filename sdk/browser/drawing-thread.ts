import type { MessagePort } from 'node:worker_threads';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { ConcordError } from '../errors';
import { advise, either, option } from '../remedy';
import type { Drawn, DrawTask } from './draw-task';
import { drawnError } from './draw-task';
import type { RunningBrowser } from './end-browser';
import { endBrowser } from './end-browser';
import type { FigurePage } from './figure-page';
import { openFigurePage, RefusedFigure } from './figure-page';
import { drawingBrowsers } from './drawing-browsers';
import { startBrowser } from './start-browser';

/** What the thread is asked for: a figure, and where its file is to go. */
export interface DrawOrder {
  readonly task: DrawTask;
  readonly reply: MessagePort;
  /** One whole number, set to 1 when the reply is there, for who waits without a turn of the event loop. */
  readonly done: SharedArrayBuffer;
}

/** What the thread says by itself: the browser that runs now, or none. */
export type DrawingNews = { readonly running: RunningBrowser | null };

/** Marks the data of a thread that draws. */
export const drawingThread = 'concord-drawing';

/** After so many minutes without a figure the browser ends; the next figure starts another. */
const idleMinutes = 10;

/** The page that draws, and the program of the browser that was named for it. */
let open: { readonly named: string | undefined; readonly page: Promise<FigurePage> } | undefined;
let running: RunningBrowser | undefined;
let idle: NodeJS.Timeout | undefined;

function serve(port: MessagePort): void {
  let last: Promise<void> = Promise.resolve();
  port.on('message', ({ task, reply, done }: DrawOrder) => {
    // One after the other: a page draws one figure at a time.
    last = last.then(async () => {
      clearTimeout(idle);
      const drawn = await draw(task, port).catch(drawnError);
      reply.postMessage(drawn, drawn.kind === 'file' ? [drawn.bytes.buffer as ArrayBuffer] : []);
      const flag = new Int32Array(done);
      Atomics.store(flag, 0, 1);
      Atomics.notify(flag, 0);
      idle = setTimeout(() => close(port), 60_000 * idleMinutes).unref();
    });
  });
}

async function draw(task: DrawTask, port: MessagePort): Promise<Drawn> {
  if (open?.named !== task.browser) close(port);
  open ??= { named: task.browser, page: openAny(task, port) };
  try {
    const page = await open.page;
    const bytes = await inTime(page.draw(task), task.timeLimit);
    // A copy, whose whole buffer can be handed over.
    return { kind: 'file', bytes: new Uint8Array(bytes) };
  } catch (error) {
    // What Plotly refused leaves the page as it was; after all else a new browser is safer.
    if (!(error instanceof RefusedFigure)) close(port);
    throw error;
  }
}

/** Opens the page in the first browser that starts. */
async function openAny({ browser, timeLimit }: DrawTask, port: MessagePort): Promise<FigurePage> {
  let failure: unknown;
  for (const program of await drawingBrowsers(browser)) {
    try {
      const onStart = (now: RunningBrowser): void => {
        running = now;
        port.postMessage({ running } satisfies DrawingNews);
      };
      return await inTime(startBrowser(program, { timeLimit, onStart }).then(openFigurePage), 2 * timeLimit);
    } catch (error) {
      failure ??= error;
      stop(port);
    }
  }
  throw failure;
}

function close(port: MessagePort): void {
  open = undefined;
  stop(port);
}

function stop(port: MessagePort): void {
  if (running === undefined) return;
  endBrowser(running);
  running = undefined;
  port.postMessage({ running: null } satisfies DrawingNews);
}

async function inTime<T>(work: Promise<T>, seconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const remedy = advise`draw fewer points, draw them as scattergl, or ${either(advise`raise ${option('timeLimit')}`, 'try again when the machine is less busy')}`;
      reject(new ConcordError('failed-step', `the figure was not drawn within ${seconds} s`, { remedy }));
    }, 1000 * seconds);
  });
  // Whoever loses the race must not be taken for an error that nobody handles.
  work.catch(() => undefined);
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

if (!isMainThread && workerData === drawingThread && parentPort !== null) serve(parentPort);
