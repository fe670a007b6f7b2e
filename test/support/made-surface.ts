import type { Surface } from '../../sdk/data/images/surface';
import { makeSurface } from '../../sdk/data/images/surface';

/** The corners of a ball of eight triangles, each edge halved so often: 6, 18, 66, 258 vertices. Stretched as half a brain is, in millimeters. */
export function madeSurface(
  halvings = 0,
  stretch: readonly [number, number, number] = [35, 85, 55],
): Surface {
  const points: number[][] = [
    [1, 0, 0],
    [-1, 0, 0],
    [0, 1, 0],
    [0, -1, 0],
    [0, 0, 1],
    [0, 0, -1],
  ];
  let triangles: number[][] = [
    [0, 2, 4],
    [2, 1, 4],
    [1, 3, 4],
    [3, 0, 4],
    [2, 0, 5],
    [1, 2, 5],
    [3, 1, 5],
    [0, 3, 5],
  ];
  for (let time = 0; time < halvings; time++) {
    const middles = new Map<string, number>();
    const middle = (a: number, b: number): number => {
      const key = [a, b].sort((x, y) => x - y).join();
      const found = middles.get(key);
      if (found !== undefined) return found;
      const sum = points[a].map((along, axis) => along + points[b][axis]);
      const made = points.push(sum.map((along) => along / Math.hypot(...sum))) - 1;
      middles.set(key, made);
      return made;
    };
    triangles = triangles.flatMap(([a, b, c]) => {
      const [ab, bc, ca] = [middle(a, b), middle(b, c), middle(c, a)];
      return [
        [a, ab, ca],
        [ab, b, bc],
        [ca, bc, c],
        [ab, bc, ca],
      ];
    });
  }
  const stretched = points.flatMap((point) => point.map((along, axis) => along * stretch[axis]));
  return makeSurface(stretched, triangles.flat());
}

/** The bytes of FreeSurfer's binary surface of triangles, after its description and without the code under test. */
export function triangleBytes(
  { points, triangles }: Pick<Surface, 'points' | 'triangles'>,
  { line = 'created by a test\n\n', after = Buffer.alloc(0) } = {},
): Buffer {
  const head = Buffer.concat([Buffer.from([0xff, 0xff, 0xfe]), Buffer.from(line)]);
  const body = Buffer.alloc(8 + 4 * (points.length + triangles.length));
  body.writeInt32BE(points.length / 3, 0);
  body.writeInt32BE(triangles.length / 3, 4);
  points.forEach((value, at) => body.writeFloatBE(value, 8 + 4 * at));
  triangles.forEach((vertex, at) => body.writeInt32BE(vertex, 8 + 4 * (points.length + at)));
  return Buffer.concat([head, body, after]);
}
