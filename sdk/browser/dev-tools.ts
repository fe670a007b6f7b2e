import type { Readable, Writable } from 'node:stream';
import type { JsonObject } from '../data/json';

/** A conversation with a browser in its DevTools protocol. */
export interface DevTools {
  /**
   * Calls a method of the protocol.
   *
   * @param session - of a page; without it, the browser itself is meant
   * @throws Error with what the browser said, or why it no longer says anything
   */
  send(method: string, params?: JsonObject, session?: string): Promise<JsonObject>;
  /** Ends all calls that wait for an answer, and those to come. */
  end(reason: Error): void;
}

interface Call {
  readonly resolve: (result: JsonObject) => void;
  readonly reject: (reason: Error) => void;
}

/** What ends each message in both directions. */
const endOfMessage = '\0';

/**
 * Speaks the DevTools protocol over the two pipes of `--remote-debugging-pipe`. Unlike the WebSocket of
 * `--remote-debugging-port` they need no port that others could reach, no library, and end the browser when this
 * process ends.
 *
 * `puppeteer-core` 25.16 (80 packages, 57 MB) and `playwright-core` 1.65 (1 package, 14 MB) do this as well. Both are well
 * kept, and both are for driving any site in any browser, each for the browsers of its version; what is used of the
 * protocol here are seven calls, which have not changed in years. Both would be a sixth or more of what an installation
 * of concord-mri takes (101 MB).
 */
export function devTools(toBrowser: Writable, fromBrowser: Readable): DevTools {
  const calls = new Map<number, Call>();
  let last = 0;
  let over: Error | undefined;
  const end = (reason: Error): void => {
    over ??= reason;
    for (const { reject } of calls.values()) reject(over);
    calls.clear();
  };
  const take = (text: string): void => {
    const { id, result, error } = JSON.parse(text) as {
      readonly id?: number;
      readonly result?: JsonObject;
      readonly error?: { readonly message: string };
    };
    // What has no number is news of the browser, of which nothing is wanted.
    const call = id === undefined ? undefined : calls.get(id);
    if (id === undefined || call === undefined) return;
    calls.delete(id);
    if (error === undefined) call.resolve(result ?? {});
    else call.reject(new Error(error.message));
  };
  splitMessages(fromBrowser, take);
  // What happens to the pipes happens because the browser ended, which `end` is told with the reason.
  toBrowser.on('error', () => undefined);
  fromBrowser.on('error', () => undefined);
  return {
    end,
    send: (method, params = {}, session) =>
      new Promise((resolve, reject) => {
        if (over !== undefined) {
          reject(over);
          return;
        }
        calls.set(++last, { resolve, reject });
        toBrowser.write(`${JSON.stringify({ id: last, method, params, sessionId: session })}${endOfMessage}`);
      }),
  };
}

function splitMessages(stream: Readable, take: (text: string) => void): void {
  // A large picture comes in many pieces, which are joined once.
  let pieces: string[] = [];
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    const [first, ...rest] = chunk.split(endOfMessage);
    pieces.push(first);
    for (const next of rest) {
      take(pieces.join(''));
      pieces = [next];
    }
  });
}
