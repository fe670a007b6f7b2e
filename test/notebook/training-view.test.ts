import assert from 'node:assert/strict';
import type { TrainingSoFar, TrainingWatcher } from '../../sdk/data/networks/training-record';
import { watchTraining } from '../../sdk/notebook/training-view';
import { trainingRecord } from '../support/training-records';
import type { SentOutput } from './fake-kernel';
import { captured, startFakeKernel, stopFakeKernel } from './fake-kernel';
import { skipWithout } from '../support/skipping';

const record = trainingRecord(6);

/** The run as it was after so many points. */
function after(points: number): TrainingSoFar {
  return { ...record, history: record.history.slice(0, points) };
}

function play(watcher: TrainingWatcher, points: number): void {
  for (let point = 1; point <= points; point++) {
    watcher.onPoint?.(record.history[point - 1], after(point));
    watcher.onProgress?.({ label: 'net', done: point, total: 6 });
  }
}

const pictures = (sent: readonly SentOutput[]): SentOutput[] =>
  sent.filter(({ data }) => 'image/svg+xml' in data);
const text = ({ data }: SentOutput): string => String(data['text/plain']);

describe('watchTraining', () => {
  afterEach(stopFakeKernel);

  it('updates a progress bar and a picture in place, and ends with the last state', () => {
    const sent = startFakeKernel();
    play(watchTraining({ every: 0 }), 6);
    assert.equal(new Set(sent.map(({ id }) => id)).size, 2);
    assert.equal(sent.filter(({ update }) => !update).length, 2);
    const bar = sent.filter(({ data }) => 'text/html' in data);
    assert.equal(text(bar[bar.length - 1]), 'net, loss 0.0313: 100 % (6 of 6), done');
    const drawn = pictures(sent);
    assert.equal(drawn.length, 6);
    assert.match(text(drawn[5]), /net loss 0.0313/);
    watchTraining({ every: 0 }).onPoint?.(record.history[0], after(1));
    assert.notEqual(pictures(sent)[6].id, drawn[0].id);
  });

  it('draws seldom while points come fast, yet the last state at the end, below the bar', () => {
    const sent = startFakeKernel();
    play(watchTraining({ every: 1000 }), 6);
    assert.equal(pictures(sent).length, 1);
    assert.match(text(pictures(sent)[0]), /net loss 0.0313/);
    assert.ok('text/html' in sent[0].data);
  });

  it('draws what came last also when no more comes', async () => {
    const sent = startFakeKernel();
    play(watchTraining({ every: 0.02 }), 3);
    assert.equal(pictures(sent).length, 0);
    await new Promise((resolve) => setTimeout(resolve, 80));
    assert.deepEqual(pictures(sent).map(text), [
      'training: net loss 0.25, net divergence 0.0625, validation 0.5',
    ]);
  });

  it('says when training ended early, and shows what values were chosen', () => {
    const sent = startFakeKernel();
    const watcher = watchTraining({ every: 1000, label: 'mine', values: ['validation'] });
    play(watcher, 4);
    watcher.onEnd?.({ ...after(4), steps: 40, stopped: 'converged' });
    assert.deepEqual(sent.map(text).slice(-2), [
      'mine, loss 0.125, converged: 100 % (40 of 40), done',
      'training: validation 0.125 (best 0.125)',
    ]);
  });

  it('writes the progress alone to standard error outside a notebook', function () {
    if (process.stderr.isTTY) {
      skipWithout(this, 'a standard error that is no terminal');
    }
    const written = captured(process.stderr, () => play(watchTraining(), 6));
    assert.match(written, /^net, loss 1: 16 % \(1 of 6\)\n/);
    assert.match(written, /net, loss 0.0313: 100 % \(6 of 6\), done\n$/);
    assert.doesNotMatch(written, /svg/);
  });
});
