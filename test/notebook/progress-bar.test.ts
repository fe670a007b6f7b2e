import assert from 'node:assert/strict';
import { progressBar, progressText } from '../../sdk/notebook/progress-bar';
import { captured, startFakeKernel, stopFakeKernel } from './fake-kernel';
import { skipWithout } from '../support/skipping';

describe('progressBar', () => {
  afterEach(stopFakeKernel);

  it('updates one output in place in a notebook, another for another bar', () => {
    const sent = startFakeKernel();
    const bar = progressBar('<fit>');
    bar({ label: 'x', done: 1, total: 4, secondsLeft: 30 });
    bar({ label: 'x', done: 4, total: 4 });
    progressBar()({ label: 'other', done: 2, total: 2 });
    assert.deepEqual(
      sent.map(({ update }) => update),
      [false, true, false],
    );
    assert.equal(sent[0].id, sent[1].id);
    assert.notEqual(sent[0].id, sent[2].id);
    assert.equal(sent[1].data['text/plain'], '<fit>: 100 % (4 of 4), done');
    assert.match(String(sent[1].data['text/html']), /&lt;fit&gt;.*done/);
  });

  it('writes every tenth to standard error elsewhere', function () {
    if (process.stderr.isTTY) {
      skipWithout(this, 'a standard error that is no terminal');
    }
    const bar = progressBar();
    const written = captured(process.stderr, () => {
      bar({ label: 'fit', done: 1, total: 10 });
      bar({ label: 'fit', done: 10, total: 10 });
      bar({ label: 'fit', done: 10, total: 10 });
    });
    assert.equal(written, 'fit: 10 % (1 of 10)\nfit: 100 % (10 of 10), done\n');
  });

  it('says how long it will take', () => {
    const text = (secondsLeft: number): string =>
      progressText({ label: 'a', done: 1, total: 3, secondsLeft });
    assert.equal(text(11.2), 'a: 33 % (1 of 3), 12 s left');
    assert.equal(text(600), 'a: 33 % (1 of 3), 10 min left');
    assert.equal(text(9000), 'a: 33 % (1 of 3), 2.5 h left');
  });
});
