import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { SendQueue } from '../../sdk/kernel/send-queue';
import type { Outgoing } from '../../sdk/kernel/wire';
import { publication } from '../../sdk/kernel/wire';

/** A socket that takes one message at a time, as those of zeromq do. */
function strictSocket(): { readonly sent: Outgoing[]; readonly send: (message: Outgoing) => Promise<void> } {
  const sent: Outgoing[] = [];
  let busy = false;
  return {
    sent,
    send: async (message) => {
      if (busy) throw new Error('EBUSY');
      busy = true;
      await pause(1);
      sent.push(message);
      busy = false;
    },
  };
}

describe('SendQueue', () => {
  it('sends one message at a time, in order, whatever comes meanwhile', async () => {
    const { sent, send } = strictSocket();
    const queue = new SendQueue(send);
    for (let at = 0; at < 10; at++) queue.add(publication(null, `type-${at}`, {}));
    await pause(3);
    for (let at = 10; at < 20; at++) queue.add(publication(null, `type-${at}`, {}));
    await queue.drained();
    assert.deepEqual(
      sent.map(({ header }) => header.msg_type),
      Array.from({ length: 20 }, (_, at) => `type-${at}`),
    );
  });

  it('joins text of one stream that waits, and nothing across other messages', async () => {
    const { sent, send } = strictSocket();
    const queue = new SendQueue(send);
    const text = (stream: 'stdout' | 'stderr', words: string): void =>
      queue.add({ stream, text: words, parent: null });
    for (let at = 0; at < 5_000; at++) text('stdout', `${at}\n`);
    text('stderr', 'e');
    queue.add(publication(null, 'display_data', {}));
    text('stderr', 'f');
    await queue.drained();
    const all = Array.from({ length: 5_000 }, (_, at) => `${at}\n`).join('');
    assert.deepEqual(
      sent.map(({ header, content }) => [header.msg_type, content]),
      [
        ['stream', JSON.stringify({ name: 'stdout', text: all })],
        ['stream', JSON.stringify({ name: 'stderr', text: 'e' })],
        ['display_data', '{}'],
        ['stream', JSON.stringify({ name: 'stderr', text: 'f' })],
      ],
    );
  });
});
