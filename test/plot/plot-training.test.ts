import assert from 'node:assert/strict';
import { ConcordError } from '../../sdk/errors';
import type { Figure, Trace } from '../../sdk/plot/figure';
import { plotTraining } from '../../sdk/plot/plot-training';
import { trainingRecord } from '../support/training-records';
import { assertPlainJson } from './is-plain-json';

const names = (figure: Figure): unknown[] => figure.data.map(({ name }) => name);
const named = (figure: Figure, name: string): Trace => {
  const found = figure.data.find((trace) => trace.name === name);
  assert.ok(found !== undefined, name);
  return found;
};
const axisType = (figure: Figure, axis: string): unknown => (figure.layout[axis] as { type?: string }).type;

describe('plotTraining', () => {
  it('draws a line per loss and the validation metric, and rings the best', () => {
    const figure = plotTraining(trainingRecord(6));
    assertPlainJson(figure);
    assert.deepEqual(names(figure), ['net loss', 'net divergence', 'validation', 'best, validation']);
    assert.deepEqual(named(figure, 'net loss').x, [10, 20, 30, 40, 50, 60]);
    assert.deepEqual(named(figure, 'net loss').y, [1, 0.5, 0.25, 0.125, 0.0625, 0.03125]);
    assert.deepEqual(named(figure, 'validation').x, [20, 40, 60]);
    assert.deepEqual(
      [named(figure, 'best, validation').x, named(figure, 'best, validation').y],
      [[40], [0.125]],
    );
    assert.equal(axisType(figure, 'yaxis'), 'log');
    const { text } = figure.layout.title as { text: string };
    assert.match(
      text,
      /\?<br>.*60 steps of 16 images on wasm \(&lt;two&gt; threads\) in 6 s, best validation 0.125/,
    );
  });

  it('takes a logarithmic axis only where it helps and can be had', () => {
    assert.equal(axisType(plotTraining(trainingRecord(2)), 'yaxis'), undefined);
    assert.equal(axisType(plotTraining(trainingRecord(6), { scale: 'linear' }), 'yaxis'), undefined);
    assert.equal(axisType(plotTraining(trainingRecord(2), { scale: 'log' }), 'yaxis'), 'log');
    const { history, ...run } = trainingRecord(6);
    const below = history.map((point) => ({ ...point, values: { 'net loss': -point.values['net loss'] } }));
    assert.equal(axisType(plotTraining({ ...run, history: below }), 'yaxis'), undefined);
  });

  it('draws several runs over each other, a colour each, by steps or by seconds', () => {
    const figure = plotTraining(
      { '<a>': trainingRecord(6), b: trainingRecord(4, 'tensorflow') },
      { by: 'seconds' },
    );
    const lines = figure.data.filter(({ mode }) => mode !== 'markers');
    assert.deepEqual(
      lines.map(({ name }) => name),
      ['&lt;a&gt;: net loss', '&lt;a&gt;: validation', 'b: net loss', 'b: validation'],
    );
    const colors = lines.map(({ line }) => (line as { color: string }).color);
    assert.deepEqual([colors[0], colors[2]], [colors[1], colors[3]]);
    assert.notEqual(colors[0], colors[2]);
    assert.deepEqual(named(figure, 'b: net loss').x, [1, 2, 3, 4]);
  });

  it('draws gradient norms and learning rates in panels of their own when asked', () => {
    const figure = plotTraining(trainingRecord(6), {
      values: ['net loss', 'net gradient norm', 'net learning rate'],
    });
    assert.deepEqual(
      figure.data.map(({ name, yaxis }) => [name, yaxis]),
      [
        ['net loss', 'y'],
        ['net gradient norm', 'y2'],
        ['net learning rate', 'y3'],
      ],
    );
  });

  it('shows long runs by means of neighbors, and keeps the last point', () => {
    const { history, ...run } = trainingRecord(1);
    const long = Array.from({ length: 1600 }, (_, i) => ({
      step: i + 1,
      seconds: i,
      values: { ...history[0].values, 'net loss': i % 4 },
    }));
    const line = named(plotTraining({ ...run, history: long }, { values: ['net loss'] }), 'net loss');
    assert.deepEqual(line.y, new Array(400).fill(1.5));
    assert.equal((line.x as number[])[399], 1600);
  });

  it('refuses what was not recorded', () => {
    const code = (make: () => unknown): string => {
      try {
        make();
      } catch (error) {
        if (error instanceof ConcordError) return error.code;
      }
      return 'none';
    };
    assert.equal(
      code(() => plotTraining(trainingRecord(0))),
      'too-little-data',
    );
    assert.equal(
      code(() => plotTraining(trainingRecord(3), { values: ['net loss', 'los'] })),
      'unknown-column',
    );
  });
});
