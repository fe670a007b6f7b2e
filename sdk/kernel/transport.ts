import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { StreamText } from './send-queue';
import type { Outgoing, Received } from './wire';

/** What both threads see at once, whatever they are busy with. */
export type KernelFlags = Int32Array;

const places = { interrupted: 0, closed: 1, stage: 2 } as const;

/** Reads a flag. */
export function flag(flags: KernelFlags, name: keyof typeof places): number {
  return Atomics.load(flags, places[name]);
}

/** Sets a flag, and wakes whoever waits for it. */
export function setFlag(flags: KernelFlags, name: keyof typeof places, value: number): void {
  Atomics.store(flags, places[name], value);
  Atomics.notify(flags, places[name]);
}

/** What the thread of the sockets is given. */
export interface TransportData {
  readonly connectionFile: string;
  readonly kernelInfo: object;
  readonly flags: KernelFlags;
}

/** From the thread of the sockets. */
export type ToMain =
  | { readonly kind: 'ready' | 'shutdown' | 'asked' | 'settled' }
  | { readonly kind: 'interrupt'; readonly id: number }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'message'; readonly message: Received };

/** To the thread of the sockets. */
export type ToTransport = Outgoing | StreamText | { readonly ask: 'close' | 'settle' };

/** What the kernel does with what comes. */
export interface TransportEvents {
  onMessage(message: Received): void;
  onShutdown(): void;
  /** An interrupt, maybe one of which it was told before. */
  onInterrupt(id: number): void;
  /** Somebody asked what kernel this is, and was answered: for them it is idle. */
  onAsked(): void;
}

/** The way to Jupyter. */
export interface Transport {
  readonly flags: KernelFlags;
  send(message: Outgoing | StreamText): void;
  /** Resolves when all that was sent to the kernel until now has been handed to `onMessage`. */
  settle(): Promise<void>;
  /** Sends the rest and closes the sockets; nothing else of this thread runs meanwhile. */
  closeNow(): void;
}

/** So long closing may take, in milliseconds. */
const mostToClose = 3_000;

/**
 * Opens the sockets of a connection file in a thread of their own.
 *
 * @throws Error when they cannot be opened
 */
export async function openTransport(
  connectionFile: string,
  kernelInfo: object,
  events: TransportEvents,
): Promise<Transport> {
  const flags: KernelFlags = new Int32Array(new SharedArrayBuffer(4 * Object.keys(places).length));
  const workerData: TransportData = { connectionFile, kernelInfo, flags };
  // Without the options of Node.js of the kernel: they are for cells.
  const worker = new Worker(join(__dirname, 'transport-worker.js'), { workerData, execArgv: [] });
  const settled: (() => void)[] = [];
  await new Promise<void>((resolve, reject) => {
    worker.on('error', (error) => {
      reject(error);
      // Without its thread of the sockets nobody hears of the kernel: Jupyter sees its end.
      events.onShutdown();
    });
    worker.on('message', (message: ToMain) => {
      if (message.kind === 'message') events.onMessage(message.message);
      else if (message.kind === 'ready') resolve();
      else if (message.kind === 'failed') reject(new Error(message.why));
      else if (message.kind === 'shutdown') events.onShutdown();
      else if (message.kind === 'asked') events.onAsked();
      else if (message.kind === 'interrupt') events.onInterrupt(message.id);
      else if (message.kind === 'settled') settled.shift()?.();
    });
  });
  const post = (message: ToTransport): void => worker.postMessage(message);
  return {
    flags,
    send: post,
    settle: () =>
      new Promise((resolve) => {
        settled.push(resolve);
        post({ ask: 'settle' });
      }),
    closeNow: () => {
      post({ ask: 'close' });
      Atomics.wait(flags, places.closed, 0, mostToClose);
    },
  };
}
