import assert from 'node:assert/strict';
import type { Surface } from '../../../sdk/data/images/surface';
import { makeSurface } from '../../../sdk/data/images/surface';
import { paintSight, seeSurface, viewExtent } from '../../../sdk/plot/surfaces/draw-surface';
import type { SurfaceView } from '../../../sdk/plot/surfaces/surface-view';
import { surfaceViews, viewAxes } from '../../../sdk/plot/surfaces/surface-view';
import { makeRandom } from '../../../sdk/math/random';
import { madeSurface } from '../../support/made-surface';

describe('seeSurface', () => {
  const see = (surface: Surface, view: SurfaceView, size: number, scale: number): Int32Array =>
    seeSurface(surface, { view: viewAxes(view, 'left'), width: size, height: size, scale }).vertices;

  it('covers a ball as a disk, without holes and of its area', () => {
    const ball = madeSurface(4, [40, 40, 40]);
    for (const view of surfaceViews) {
      const seen = see(ball, view, 100, 1);
      const covered = seen.filter((vertex) => vertex !== -1).length / 4;
      // π 40² pixels; of chords of a circle a little is missing.
      assert.ok(Math.abs(covered / (Math.PI * 1600) - 1) < 0.005, `${view}: ${covered}`);
      for (let row = 0; row < 200; row++) {
        const line = Array.from(seen.subarray(200 * row, 200 * (row + 1)), (vertex) => vertex !== -1);
        const edges = line.filter((inside, at) => inside !== (line[at - 1] ?? false)).length;
        assert.ok(edges <= 2, `${view}: row ${row} has a hole`);
      }
    }
  });

  it('shows the nearest vertex of what is nearest, as a ray through every triangle finds it', () => {
    const random = makeRandom(3);
    const count = 30;
    const points = Array.from({ length: 9 * count }, () => 100 * random.uniform());
    const surface = makeSurface(
      points,
      points.slice(0, 3 * count).map((_, at) => at),
    );
    const frame = { view: viewAxes('dorsal', undefined), width: 40, height: 40, scale: 0.4 };
    const { vertices } = seeSurface(surface, frame);
    const [low, high] = [0, 1].map((axis) => {
      const along = [...surface.points].filter((_, at) => at % 3 === axis);
      return [Math.min(...along), Math.max(...along)];
    });
    let compared = 0;
    for (let row = 0; row < 80; row++) {
      for (let column = 0; column < 80; column++) {
        // The middle of the pixel in millimeters: seen from above, right is right and front is up.
        const x = (low[0] + low[1]) / 2 + ((column + 0.5) / 2 - 20) / 0.4;
        const y = (high[0] + high[1]) / 2 - ((row + 0.5) / 2 - 20) / 0.4;
        let best = { height: -Infinity, vertex: -1 };
        for (let at = 0; at < 3 * count; at += 3) {
          const [a, b, c] = [0, 1, 2].map((k) => surface.points.subarray(3 * (at + k), 3 * (at + k) + 3));
          const side = (p: Float32Array, q: Float32Array): number =>
            (q[0] - p[0]) * (y - p[1]) - (q[1] - p[1]) * (x - p[0]);
          const weights = [side(b, c), side(c, a), side(a, b)];
          const total = weights.reduce((sum, weight) => sum + weight, 0);
          const shares = weights.map((weight) => weight / total);
          if (shares.some((share) => !(share >= 0))) continue;
          const height = shares[0] * a[2] + shares[1] * b[2] + shares[2] * c[2];
          const vertex = at + shares.indexOf(Math.max(...shares));
          if (height > best.height) best = { height, vertex };
        }
        assert.equal(vertices[80 * row + column], best.vertex, `${row}, ${column}`);
        if (best.vertex !== -1) compared++;
      }
    }
    assert.ok(compared > 1000);
  });

  it('has the front at the left where the left side is seen, and turns with the view', () => {
    const ball = madeSurface();
    // Vertices: right, left, front, back, top, bottom.
    const places = (view: SurfaceView, side: 'left' | 'right'): Record<string, number> => {
      const { vertices } = seeSurface(ball, {
        view: viewAxes(view, side),
        width: 60,
        height: 60,
        scale: 0.3,
      });
      // Fine pixels: left, right, upper, lower and middle.
      const at = (row: number, column: number): number => vertices[120 * row + column];
      const middle = Array.from({ length: 120 }, (_, place) => place);
      const inRow = middle.filter((column) => at(60, column) !== -1);
      const inColumn = middle.filter((row) => at(row, 60) !== -1);
      return {
        left: at(60, inRow[0]),
        right: at(60, inRow[inRow.length - 1]),
        upper: at(inColumn[0], 60),
        lower: at(inColumn[inColumn.length - 1], 60),
        middle: at(60, 60),
      };
    };
    const [right, left, front, back, top, bottom] = [0, 1, 2, 3, 4, 5];
    const fromLeft = { left: front, right: back, upper: top, lower: bottom, middle: left };
    const fromRight = { left: back, right: front, upper: top, lower: bottom, middle: right };
    assert.deepEqual(places('lateral', 'left'), fromLeft);
    assert.deepEqual(places('medial', 'left'), fromRight);
    assert.deepEqual(places('lateral', 'right'), fromRight);
    assert.deepEqual(places('medial', 'right'), fromLeft);
    assert.deepEqual(places('dorsal', 'left'), { left, right, upper: front, lower: back, middle: top });
    assert.deepEqual(places('ventral', 'left'), {
      left: right,
      right: left,
      upper: front,
      lower: back,
      middle: bottom,
    });
    assert.deepEqual(places('anterior', 'left'), {
      left: right,
      right: left,
      upper: top,
      lower: bottom,
      middle: front,
    });
    assert.deepEqual(places('posterior', 'left'), { left, right, upper: top, lower: bottom, middle: back });
    const letters = 'RLAPSI';
    for (const view of surfaceViews) {
      const seen = places(view, 'left');
      const edges = ['left', 'right', 'upper', 'lower'].map((edge) => letters[seen[edge]]).join('');
      assert.equal(viewAxes(view, 'left').edges, edges);
    }
  });

  it('is as bright from both sides of its triangles, and darker where it turns away', () => {
    const ball = madeSurface(3, [40, 40, 40]);
    const turned = {
      ...ball,
      triangles: ball.triangles.map((_, at) => ball.triangles[at - (at % 3) + 2 - (at % 3)]),
    };
    const frame = { view: viewAxes('lateral', 'left'), width: 90, height: 90, scale: 1 };
    const [one, other] = [ball, turned].map((surface) => seeSurface(surface, frame));
    const colors = new Uint8Array(3 * ball.vertices).fill(200);
    assert.deepEqual(paintSight(one, colors, [0, 0, 0]), paintSight(other, colors, [0, 0, 0]));
    const { data } = paintSight(one, colors, [0, 0, 0]);
    assert.ok(data[3 * (45 + 90 * 45)] > 195);
    const rim = data[3 * (7 + 90 * 45)];
    assert.ok(rim > 0.66 * 200 && rim < 170, String(rim));
  });

  it('mixes colors and ground at the rim only', () => {
    const ball = madeSurface(2, [40, 40, 40]);
    const sight = seeSurface(ball, { view: viewAxes('dorsal', 'left'), width: 40, height: 40, scale: 0.4 });
    sight.shades.fill(1);
    const colors = Uint8Array.from({ length: 3 * ball.vertices }, (_, at) => (at % 3 === 0 ? 250 : 10));
    const { data } = paintSight(sight, colors, [0, 0, 90]);
    for (let at = 0; at < data.length; at += 3) {
      const share = data[at] / 250;
      assert.ok([0, 0.25, 0.5, 0.75, 1].some((one) => Math.abs(one - share) < 0.01));
      assert.ok(Math.abs(data[at + 2] - (share * 10 + (1 - share) * 90)) <= 1);
    }
  });

  it('has the extent of the surface in a view', () => {
    const ball = madeSurface(1);
    assert.deepEqual(viewExtent(ball, viewAxes('lateral', 'left')), [170, 110]);
    assert.deepEqual(viewExtent(ball, viewAxes('dorsal', 'left')), [70, 170]);
  });
});
