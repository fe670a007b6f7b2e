import assert from 'node:assert/strict';
import type { ErrorCode } from '../../../sdk/errors';
import type { JsonObject } from '../../../sdk/data/json';
import { cutByValue } from '../../../sdk/plot/surfaces/cut-by-value';
import type { SurfacePiece } from '../../../sdk/plot/surfaces/cut-by-value';
import { mapColors } from '../../../sdk/plot/surfaces/map-colors';
import type { SurfaceMapPart } from '../../../sdk/plot/surfaces/map-part';
import { listsByVertex, plainLists } from '../../../sdk/plot/surfaces/piece-lists';
import { plotSurfaceMap } from '../../../sdk/plot/surfaces/plot-surface-map';
import { noValueColor, surfacePicture } from '../../../sdk/plot/surfaces/surface-picture';
import { madeSurface } from '../../support/made-surface';
import { decoded } from '../decoded';
import { assertPlainJson } from '../is-plain-json';

/** The numbers of a list in a figure. */
function numbersOf(list: unknown): readonly number[] {
  const { dtype, bdata } = list as { readonly dtype: string; readonly bdata: string };
  const bytes = Buffer.from(bdata, 'base64');
  return Array.from({ length: bytes.length / 4 }, (_, at) =>
    dtype === 'f4' ? bytes.readFloatLE(4 * at) : bytes.readInt32LE(4 * at),
  );
}

function area({ points, triangles }: Pick<SurfacePiece, 'points' | 'triangles'>): number {
  let sum = 0;
  for (let at = 0; at < triangles.length; at += 3) {
    const [a, b, c] = [0, 1, 2].map((k) => [
      ...points.subarray(3 * triangles[at + k], 3 * triangles[at + k] + 3),
    ]);
    const [u, v] = [b, c].map((corner) => corner.map((along, axis) => along - a[axis]));
    sum += Math.hypot(u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]) / 2;
  }
  return sum;
}

describe('maps on surfaces', () => {
  const surface = madeSurface(2);
  /** Positive in front, negative at the back, none at the bottom. */
  const values = Float32Array.from({ length: surface.vertices }, (_, vertex) => {
    const [, y, z] = surface.points.subarray(3 * vertex);
    return z < -30 ? NaN : y / 85;
  });
  const missing = values.filter(Number.isNaN).length;
  const lh: SurfaceMapPart = { name: 'lh', surface, values };
  const rh: SurfaceMapPart = { name: 'rh', surface, values };
  const throwsWith = (act: () => unknown, code: ErrorCode, says: RegExp): void => {
    assert.throws(act, (error: Error & { code?: string }) => error.code === code && says.test(error.message));
  };

  describe('colors', () => {
    const of = (numbers: readonly number[]): SurfaceMapPart => {
      const ball = madeSurface(1);
      return {
        name: 'lh',
        surface: ball,
        values: Float64Array.from({ length: 18 }, (_, at) => numbers[at % numbers.length]),
      };
    };

    it('are symmetric about 0 where there are signs, and about 1 for ratios', () => {
      const signed = mapColors([of([-1, 3])]);
      assert.deepEqual([signed.scale, signed.limits, signed.colors], ['signed', [-3, 3], 'diverging']);
      assert.deepEqual([-3, 0, 1.5, 9].map(signed.place), [0, 0.5, 0.75, 1]);
      const ratio = mapColors([of([0.5, 1.5])], { scale: 'ratio', limits: [0.25, 4] });
      assert.deepEqual([0.1, 0.25, 0.5, 1, 2, 4].map(ratio.place), [0, 0, 0.25, 0.5, 0.75, 1]);
      assert.ok(Math.abs(ratio.valueAt(0.75) - 2) < 1e-12);
      const plain = mapColors([of([1, 2])]);
      assert.deepEqual([plain.scale, plain.limits, plain.colors], ['plain', [1, 2], 'viridis']);
    });

    it('count what is clipped and what has no value, and say the limits', () => {
      const { notes, missing: none } = mapColors([of([-4, -1, 0, 1, 2, NaN])], {
        limits: [-1, 1],
        unit: 'mm',
        empty: 'the wall',
      });
      assert.equal(none, 3);
      assert.deepEqual(notes, [
        'colors from −1 to +1 mm, symmetric about 0 (given); clipped: 3 of 15 values are lower and 3 higher (−4 to +2)',
        'gray: 3 of 18 vertices (the wall)',
      ]);
      assert.match(mapColors([of([-1, 1])]).notes[0], /99th percentile of sizes.*no value is beyond them/);
      assert.deepEqual(mapColors([of([NaN])]).notes[0], 'no vertex has a value');
      assert.deepEqual(mapColors([of([0])], { scale: 'signed' }).limits, [-1, 1]);
      assert.deepEqual(
        mapColors([of([1])], { scale: 'ratio' }).limits.map((x) => Number(x.toFixed(9))),
        [0.5, 2],
      );
    });

    it('refuse limits and values that would mislead', () => {
      const colors = (numbers: readonly number[], options: Parameters<typeof mapColors>[1]) => (): unknown =>
        mapColors([of(numbers)], options);
      throwsWith(colors([-1, 1], { limits: [-1, 2] }), 'invalid-option', /symmetric about 0/);
      throwsWith(colors([1], { scale: 'ratio', limits: [0.5, 3] }), 'invalid-option', /symmetric about 1/);
      throwsWith(colors([1], { limits: [2, 1] }), 'invalid-option', /lower one first/);
      throwsWith(colors([0, 1], { scale: 'ratio' }), 'invalid-option', /ratios are above 0/);
      throwsWith(colors([0, 1], { scale: 'rainbow' as 'plain' }), 'invalid-option', /scale/);
    });
  });

  it('are cut between vertices with and without a value, and none is lost', () => {
    const { valued, empty } = cutByValue(surface, values);
    const whole = area(surface);
    assert.ok(Math.abs(area(valued) + area(empty) - whole) < 1e-3 * whole);
    const numbers = (piece: SurfacePiece): number => new Set(piece.vertices).size;
    assert.deepEqual([numbers(valued), numbers(empty)], [surface.vertices - missing, missing]);
    assert.ok(empty.vertices.every((vertex) => Number.isNaN(values[vertex])));
    // A vertex alone among others without a value stays in sight.
    const alone = Float32Array.from(values, (_, vertex) => (vertex === 7 ? 1 : NaN));
    const cell = cutByValue(surface, alone).valued;
    assert.ok(area(cell) > 0 && cell.vertices.every((vertex) => vertex === 7));
  });

  it('are not much larger for holes: edges are cut once, and pages hold vertices and maps once', () => {
    const holes = Float32Array.from(surface.points.slice(0, surface.vertices), (x, vertex) =>
      vertex % 7 === 3 ? NaN : x,
    );
    const { valued, empty } = cutByValue(surface, holes);
    // Of each edge between the two kinds a point of each.
    const edges = new Set<string>();
    const { triangles } = surface;
    triangles.forEach((one, at) => {
      const other = triangles[at % 3 === 2 ? at - 2 : at + 1];
      if (Number.isNaN(holes[one]) !== Number.isNaN(holes[other])) edges.add([one, other].sort().join());
    });
    assert.ok(edges.size > 20);
    assert.equal(valued.vertices.length + empty.vertices.length, surface.vertices + 2 * edges.size);
    // What a page works out is what Plotly takes.
    const written = [plainLists, listsByVertex].map((lists) => [
      ...[0, 1, 2].map((axis) => lists.along(axis, valued, surface.points)),
      lists.valuesOf(holes, valued),
    ]);
    written[1].forEach((list, at) => {
      const of = numbersOf(list['of']);
      const [one, other] = (list['halfway'] as JsonObject[]).map(numbersOf);
      const found = Float32Array.from(one, (vertex, k) => (of[vertex] + of[other[k]]) / 2);
      assert.deepEqual([...found], numbersOf(written[0][at]));
    });
  });

  describe('surfaces.picture', () => {
    const picture = surfacePicture([lh, rh], { unit: 'mm', title: 'made', width: 500 });
    const pixels = decoded(picture);
    const { width, height } = pixels;
    const at = (x: number, y: number): readonly [number, number, number] => pixels.at(x, y);
    const isRed = ([red, , blue]: readonly number[]): boolean => red > blue + 60;
    const isBlue = ([red, , blue]: readonly number[]): boolean => blue > red + 60;
    const rowsOf = (left: number, right: number, is: (color: readonly number[]) => boolean): number[] => {
      const found: number[] = [];
      for (let y = 0; y < height * 0.8; y++)
        for (let x = left; x < right; x++) if (is(at(x, y))) found.push(y);
      return found;
    };

    it('has the front of the left half at the left where it is lateral, and at the right where it is medial', () => {
      const half = Math.floor(width / 2);
      const quarter = Math.floor(width / 4);
      const redLeft = rowsOf(0, quarter, isRed);
      const redRight = rowsOf(quarter, half, isRed);
      // The upper row is lateral, the lower one medial: all red in the left quarter is above all in the second.
      assert.ok(redLeft.length > 300 && redRight.length > 300);
      assert.ok(Math.max(...redLeft) < Math.min(...redRight));
      const blueLeft = rowsOf(0, quarter, isBlue);
      assert.ok(Math.min(...blueLeft) > Math.max(...redLeft));
      const redOfRight = rowsOf(half, half + quarter, isRed);
      const redBeyond = rowsOf(half + quarter, width, isRed);
      assert.ok(Math.max(...redBeyond) < Math.min(...redOfRight));
    });

    it('has gray where there is no value, and says how much of it', () => {
      let gray = 0;
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++) {
          const [red, green, blue] = at(x, y);
          if (red === green && green === blue && red >= 0.67 * noValueColor[0] && red <= noValueColor[0])
            gray++;
        }
      assert.ok(gray > 1000, String(gray));
      assert.match(picture.alt, new RegExp(`gray: ${2 * missing} of ${2 * surface.vertices} vertices`));
      assert.match(
        picture.alt,
        /left hemisphere and right hemisphere, lateral and medial; colors from −1 to \+1 mm/,
      );
    });

    it('is the same bytes again, and a part of no hemisphere is seen from left and right', () => {
      assert.deepEqual(surfacePicture([lh, rh], { unit: 'mm', title: 'made', width: 500 }).png, picture.png);
      const one = surfacePicture([{ ...lh, name: 'cerebellum' }], { width: 200, views: ['lateral'] });
      assert.match(one.alt, /cerebellum, lateral/);
    });

    it('refuses maps that are not of the surface', () => {
      const short = { ...lh, values: values.subarray(1) };
      throwsWith(
        () => surfacePicture([short]),
        'different-grids',
        /map of lh has 65 vertices and its surface 66/,
      );
      const side = { ...rh, surface: { ...surface, hemisphere: 'left' as const } };
      throwsWith(() => surfacePicture([side]), 'invalid-option', /"rh": it is of the left hemisphere/);
      const endless = { ...lh, values: values.map((value, v) => (v === 3 ? Infinity : value)) };
      throwsWith(() => surfacePicture([endless]), 'invalid-voxels', /vertex 3 of lh is Infinity/);
      throwsWith(() => surfacePicture([]), 'invalid-option', /none/);
      throwsWith(() => surfacePicture([lh, lh]), 'invalid-option', /same name twice/);
      throwsWith(() => surfacePicture([lh], { views: [] }), 'invalid-option', /views/);
    });
  });

  describe('surfaces.plotMap', () => {
    const figure = plotSurfaceMap([lh, rh], { unit: 'mm', title: 'shift <b>' });

    it('is plain JSON, with the values themselves and the vertex of each point', () => {
      assertPlainJson(figure);
      const [colored, gray] = figure.data;
      const vertices = numbersOf(colored['customdata']);
      assert.deepEqual(
        numbersOf(colored['intensity']),
        vertices.map((vertex) => values[vertex]),
      );
      assert.equal(new Set(vertices).size, surface.vertices - missing);
      assert.ok(numbersOf(gray['customdata']).every((vertex) => Number.isNaN(values[vertex])));
      assert.deepEqual([gray['name'], gray['showlegend'], gray['intensity']], ['no value', true, undefined]);
      const corners = ['i', 'j', 'k'].flatMap((key) => numbersOf(colored[key]));
      assert.ok(corners.every((corner) => corner >= 0 && corner < vertices.length));
      assert.equal(figure.data.filter(({ showlegend }) => showlegend === true).length, 1);
      const { text } = figure.layout['title'] as { readonly text: string };
      assert.match(text, /^shift &lt;b&gt;.*colors from −1 to \+1 mm.*gray: /);
    });

    it('sees the left half from the left and the right one from the right, and has buttons for all views', () => {
      const eye = (scene: string): JsonObject =>
        (figure.layout[scene] as { readonly camera: { readonly eye: JsonObject } }).camera.eye;
      assert.ok((eye('scene')['x'] as number) < 0 && (eye('scene2')['x'] as number) > 0);
      const [menu] = figure.layout['updatemenus'] as readonly { readonly buttons: readonly JsonObject[] }[];
      assert.deepEqual(
        menu.buttons.map((button) => button['label']),
        ['lateral', 'medial', 'dorsal', 'ventral', 'anterior', 'posterior'],
      );
    });

    it('has colors of ratios evenly spaced in logarithms', () => {
      const double = { ...lh, values: values.map((value) => 2 ** value) };
      const { layout } = plotSurfaceMap([double], { scale: 'ratio', limits: [0.25, 4] });
      const axis = layout['coloraxis'] as { readonly colorscale: readonly (readonly [number, string])[] };
      const places = axis.colorscale.map(([place]) => place);
      assert.deepEqual([places[0], places[32], places.length], [0, 1, 33]);
      // The color of 1 is in the middle of the colors, and at (1 − 0.25) / (4 − 0.25) of the axis.
      assert.ok(Math.abs(places[16] - 0.2) < 0.003);
      assert.ok(places.every((place, at) => at === 0 || place > places[at - 1]));
    });
  });
});
