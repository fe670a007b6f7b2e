import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { interruptSignal, releaseInterruptSignal } from '../../sdk/notebook/interrupt-signal';

describe('interruptSignal', () => {
  let listeners: number;

  before(() => {
    listeners = process.listenerCount('SIGINT');
  });

  afterEach(async () => {
    releaseInterruptSignal();
    await nextTurn();
    assert.equal(process.listenerCount('SIGINT'), listeners);
  });

  it('fires on an interrupt, once, with one listener however often it is asked for', async () => {
    const signal = interruptSignal();
    assert.equal(interruptSignal(), signal);
    await nextTurn();
    assert.equal(process.listenerCount('SIGINT'), listeners + 1);
    process.emit('SIGINT');
    assert.ok(signal.aborted);
    await nextTurn();
    assert.equal(process.listenerCount('SIGINT'), listeners);
    assert.notEqual(interruptSignal(), signal);
  });

  it('never fires once released, even before its listener was in place', async () => {
    const released = interruptSignal();
    releaseInterruptSignal();
    const fresh = interruptSignal();
    await nextTurn();
    assert.equal(process.listenerCount('SIGINT'), listeners + 1);
    process.emit('SIGINT');
    assert.ok(!released.aborted && fresh.aborted);
  });

  it('adds no listener while the caller still runs', () => {
    interruptSignal();
    assert.equal(process.listenerCount('SIGINT'), listeners);
  });
});
