import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { framesOf, messageIn, publication, replyTo } from '../../sdk/kernel/wire';

const parent = {
  msg_id: 'm',
  msg_type: 'execute_request',
  session: 's',
  username: 'u',
  date: '2026-01-01T00:00:00Z',
  version: '5.3',
};

/** A message as a client would send it. */
function request(key: string): Buffer[] {
  const parts = [JSON.stringify(parent), '{}', '{}', '{"code":"1"}'].map((part) => Buffer.from(part));
  const hash = createHmac('sha256', key);
  for (const part of parts) hash.update(part);
  return [Buffer.from('client'), Buffer.from('<IDS|MSG>'), Buffer.from(hash.digest('hex')), ...parts];
}

describe('the messages of the kernel', () => {
  it('are read when they are signed with the key, and only then', () => {
    const message = messageIn(request('key'), 'key', 'shell');
    assert.deepEqual(message?.content, { code: '1' });
    assert.deepEqual(message?.header, parent);
    assert.equal(messageIn(request('another'), 'key', 'shell'), undefined);
    assert.equal(messageIn(request('key').slice(2), 'key', 'shell'), undefined);
  });

  it('go back to whom they reply to, signed, with the request as parent', () => {
    const received = messageIn(request('key'), 'key', 'shell');
    assert.ok(received !== undefined);
    const frames = framesOf(replyTo(received, 'execute_reply', { status: 'ok' }), 'key').map((frame) =>
      Buffer.from(frame),
    );
    assert.equal(String(frames[0]), 'client');
    const back = messageIn(frames, 'key', 'shell');
    assert.deepEqual(back?.content, { status: 'ok' });
    assert.equal(back?.header.msg_type, 'execute_reply');
    assert.deepEqual(JSON.parse(String(frames[4])), parent);
  });

  it('have ids of their own and one session', () => {
    const [a, b] = [1, 2].map(() => publication(parent, 'status', {}).header);
    assert.notEqual(a.msg_id, b.msg_id);
    assert.equal(a.session, b.session);
    assert.notEqual(a.session, parent.session);
  });
});
