import { Worker } from 'node:worker_threads';

/**
 * Starts threads that help the calling one.
 *
 * @param program - the text of their program: a thread needs a program of its own
 * @param data - what each is given, besides its number from 1
 */
export function helperThreads(program: string, data: object, count: number): readonly Worker[] {
  return Array.from({ length: count }, (_, helper) => {
    const workerData = { ...data, index: helper + 1 };
    const worker = new Worker(program, { eval: true, execArgv: [], name: 'concord', workerData });
    // They must not keep the process alive. One that cannot start leaves its share to the others.
    worker.unref();
    worker.on('error', () => undefined);
    return worker;
  });
}
