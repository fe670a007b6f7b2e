import assert from 'node:assert/strict';
import vm from 'node:vm';
import type { Figure } from '../../../sdk/plot/figure';
import { plotSurfaceMap } from '../../../sdk/plot/surfaces/plot-surface-map';
import { numbersScript } from '../../../sdk/report/page/figure-numbers';
import { madeSurface } from '../../support/made-surface';

describe('the numbers of a figure', () => {
  const csvOf = vm.runInThisContext(`(${numbersScript})`) as (figure: Figure) => string;
  const linesOf = (figure: Figure): readonly string[] => csvOf(figure).trimEnd().split('\n');

  it('of a map on surfaces are every vertex once, in order, and empty where it has no value', () => {
    const surface = madeSurface(1);
    const values = Float32Array.from({ length: surface.vertices }, (_, vertex) =>
      vertex % 5 === 2 ? NaN : vertex + 0.1,
    );
    const none = new Float32Array(surface.vertices).fill(NaN);
    const figure = plotSurfaceMap([
      { name: 'lh', surface, values },
      { name: 'rh', surface, values: none },
    ]);
    const parts = ['lh', 'rh'].map((part) =>
      Array.from(values, (value, vertex) => {
        const own = part === 'rh' || Number.isNaN(value) ? '' : String(Number(value.toPrecision(9)));
        return `${part},${vertex},${own}`;
      }),
    );
    assert.deepEqual(linesOf(figure), ['part,vertex,value', ...parts.flat()]);
    for (const [vertex, value] of values.entries()) {
      const read = Math.fround(Number(linesOf(figure)[1 + vertex].split(',')[2] || NaN));
      assert.ok(Object.is(read, value), 'a digit was lost');
    }
  });

  it('of points and cells are those of their axes', () => {
    const layout = { xaxis: { title: { text: 'age (years)' } }, yaxis: { title: { text: '<b>mm</b>' } } };
    const points = { type: 'scatter', name: 'A &amp; B', x: [1, 2], y: [3, null] };
    assert.deepEqual(linesOf({ data: [points], layout }), [
      'series,x axis,y axis,x,y',
      'A & B,age (years),mm,1,3',
      'A & B,age (years),mm,2,',
    ]);
    const cells = { type: 'heatmap', x: ['a', 'b'], y: ['c'], z: [[0.5, 1]] };
    assert.deepEqual(linesOf({ data: [cells], layout: {} }), [
      'series,x axis,y axis,x,y,value',
      ',,,a,c,0.5',
      ',,,b,c,1',
    ]);
  });
});
