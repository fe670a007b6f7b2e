import { Readable, Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { StreamName } from './output-sender';

/** Thrown by `process.exit` in a cell. */
class SystemExit extends Error {
  override readonly name: string = 'SystemExit';
}

/** Thrown where a cell reads from standard input. */
class StdinNotImplementedError extends Error {
  override readonly name: string = 'StdinNotImplementedError';
}

/** Ends the process, in every place but a cell. */
export type Exit = (status: number) => never;

/**
 * Makes `process.stdout` and `process.stderr` outputs of cells, `process.stdin` an error that says what to do, and
 * `process.exit` one that does not end the kernel.
 *
 * @returns what ends the kernel
 */
export function takeOverProcess(write: (stream: StreamName, text: string) => void): Exit {
  const exit = process.exit.bind(process);
  // Replaced before they are there: Node.js would make the pipes of the program that started the kernel non-blocking.
  const streams = { stdout: outputStream('stdout', 1, write), stderr: outputStream('stderr', 2, write) };
  for (const [name, stream] of Object.entries(streams)) replace(name, () => stream);
  replace('stdin', refusedInput);
  process.exit = (status?: number | string | null) => {
    const words = `process.exit(${status ?? ''})`;
    throw new SystemExit(`${words}: a cell does not end the kernel; restart it in the menu of the notebook`);
  };
  return exit;
}

function replace(name: string, get: () => unknown): void {
  Object.defineProperty(process, name, { configurable: true, enumerable: true, get });
}

function outputStream(
  name: StreamName,
  descriptor: number,
  write: (stream: StreamName, text: string) => void,
): Writable {
  const decoder = new StringDecoder('utf8');
  const stream = new Writable({
    decodeStrings: false,
    write: (chunk: string | Buffer, _encoding, done) => {
      write(name, typeof chunk === 'string' ? chunk : decoder.write(chunk));
      done();
    },
  });
  // As those of Node.js, it cannot be ended: the cells after this one print too.
  const end = (chunk?: unknown): Writable => {
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) stream.write(chunk);
    return stream;
  };
  return Object.assign(stream, { fd: descriptor, end, destroy: () => stream });
}

/** A stream whose reader gets an error. */
function refusedInput(): Readable {
  return new Readable({
    read() {
      this.destroy(
        new StdinNotImplementedError(
          'a notebook of this kernel cannot ask for input: put the value into a cell or an environment variable',
        ),
      );
    },
  });
}
