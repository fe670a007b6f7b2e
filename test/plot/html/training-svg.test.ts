import assert from 'node:assert/strict';
import { trainingSvg } from '../../../sdk/plot/html/training-svg';
import { trainingRecord } from '../../support/training-records';

describe('trainingSvg', () => {
  it('draws each loss and the validation metric as a line within the picture', () => {
    const picture = trainingSvg(trainingRecord(6));
    assert.ok(picture !== null);
    assert.equal(
      picture.text,
      'training: net loss 0.0313, net divergence 0.00781, validation 1.03 (best 0.125)',
    );
    const lines = [...picture.svg.matchAll(/<polyline points="([^"]*)"/g)].map(([, points]) =>
      points.split(' ').map((point) => point.split(',').map(Number)),
    );
    assert.deepEqual(
      lines.map((line) => line.length),
      [6, 6, 3],
    );
    const [, height] = /height="(\d+)"/.exec(picture.svg) ?? [];
    for (const [x, y] of lines.flat()) assert.ok(x >= 64 && x <= 704 && y > 0 && y < Number(height) - 40);
    // On a logarithmic axis, halving is a straight line down.
    const drops = lines[0].slice(1).map(([, y], i) => y - lines[0][i][1]);
    for (const drop of drops) assert.ok(drop > 10 && Math.abs(drop - drops[0]) <= 0.11, `${drop}`);
  });

  it('draws a single point, escapes names, and has nothing to draw before the first', () => {
    const { history, ...run } = trainingRecord(1);
    assert.match(trainingSvg({ ...run, history })?.svg ?? '', /<circle/);
    const odd = [{ ...history[0], values: { 'a<b loss': 1, broken: NaN } }];
    assert.match(trainingSvg({ ...run, history: odd })?.svg ?? '', /a&lt;b loss 1</);
    assert.equal(trainingSvg({ ...run, history: [] }), null);
    assert.equal(trainingSvg({ ...run, history }, { values: ['validation'] }), null);
  });
});
