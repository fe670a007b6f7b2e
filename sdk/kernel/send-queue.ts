import { setTimeout as pause } from 'node:timers/promises';
import type { Header, Outgoing } from './wire';
import { publication } from './wire';

/** Text that a cell printed. */
export interface StreamText {
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
  readonly parent: Header | null;
}

/** The most characters that are put into one message of text. */
const mostJoined = 1_000_000;

/** So long text waits for more of it, in milliseconds. */
const joinFor = 10;

/**
 * Sends messages one after the other, in the order in which they were added, each when the one before it is sent: a socket of
 * zeromq refuses a message while another waits. Text that comes meanwhile becomes one message with the text before it.
 */
export class SendQueue {
  private readonly waiting: (Outgoing | StreamText)[] = [];
  private sending: Promise<void> | null = null;

  constructor(private readonly send: (message: Outgoing) => Promise<void>) {}

  add(message: Outgoing | StreamText): void {
    const joined = joinedText(this.waiting.at(-1), message);
    if (joined === undefined) this.waiting.push(message);
    else this.waiting[this.waiting.length - 1] = joined;
    this.sending ??= this.drain();
  }

  /** Resolves when all that was added is sent. */
  async drained(): Promise<void> {
    while (this.sending !== null) await this.sending;
  }

  private async drain(): Promise<void> {
    while (this.waiting.length > 0) {
      // Text that is the last to wait may get more of its kind: one message for many lines, as in a notebook's file.
      if (this.waiting.length === 1 && 'stream' in this.waiting[0]) await pause(joinFor);
      const next = this.waiting.shift();
      if (next !== undefined) await this.send('stream' in next ? textMessage(next) : next);
    }
    this.sending = null;
  }
}

/** Two texts of one stream of one cell as one. */
function joinedText(
  last: Outgoing | StreamText | undefined,
  next: Outgoing | StreamText,
): StreamText | undefined {
  if (last === undefined || !('stream' in last) || !('stream' in next)) return undefined;
  const same = last.stream === next.stream && last.parent?.msg_id === next.parent?.msg_id;
  if (!same || last.text.length + next.text.length > mostJoined) return undefined;
  return { ...last, text: last.text + next.text };
}

function textMessage({ stream, text, parent }: StreamText): Outgoing {
  return publication(parent, 'stream', { name: stream, text });
}
