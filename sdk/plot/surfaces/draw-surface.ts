import type { Surface } from '../../data/images/surface';
import { addTriangleNormals } from '../../math/triangle-normals';
import type { Raster, Rgb } from '../panels/raster';
import type { ViewAxes } from './surface-view';

/** From where and how large a surface is seen. */
export interface SurfaceFrame {
  readonly view: ViewAxes;
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  /** Pixels per millimeter. */
  readonly scale: number;
}

/** What is seen of a surface, whatever its colors: rows of fine pixels from the top left, {@link finer} by {@link finer} for each of the picture. */
export interface SurfaceSight {
  readonly width: number;
  readonly height: number;
  /** The vertex that is nearest to what is seen in each; −1 where nothing is. */
  readonly vertices: Int32Array;
  /** How bright it is there, from 0 to 1. */
  readonly shades: Float32Array;
}

/** Each pixel is the mean of so many by so many. */
const finer = 2;

/** How bright is what is seen at a grazing angle: little darker than what faces the viewer, since colors are read as values. */
const dimmest = 0.68;

/**
 * Finds what is seen of a surface from one side, without perspective, its middle in the middle of the picture. Light falls from
 * the viewer, and is the same on both sides of a triangle. What is nearer hides what is behind it: for each pixel the nearest is kept
 * (Catmull 1974, "A subdivision algorithm for computer display of curved surfaces", the z-buffer). Time grows with triangles
 * and pixels, memory is four numbers for each vertex and three for each fine pixel.
 */
export function seeSurface(surface: Surface, frame: SurfaceFrame): SurfaceSight {
  const width = finer * frame.width;
  const height = finer * frame.height;
  const sight = {
    width,
    height,
    vertices: new Int32Array(width * height).fill(-1),
    shades: new Float32Array(width * height),
  };
  fillTriangles(sight, surface.triangles, placesOf(surface, frame), shadesOf(surface, frame.view));
  return sight;
}

/**
 * Paints what is seen. Each fine pixel has the color of the nearest vertex, never one between two, so that no value is shown that
 * is not in the map.
 *
 * @param colors - three bytes for each vertex
 */
export function paintSight(
  { width: fineWidth, height: fineHeight, vertices, shades }: SurfaceSight,
  colors: Uint8Array,
  ground: Rgb,
): Raster {
  const width = fineWidth / finer;
  const height = fineHeight / finer;
  const data = new Uint8Array(3 * width * height);
  const sums = [0, 0, 0];
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      sums.fill(0);
      for (let part = 0; part < finer * finer; part++) {
        const pixel = finer * x + (part % finer) + fineWidth * (finer * y + Math.floor(part / finer));
        const vertex = vertices[pixel];
        for (let channel = 0; channel < 3; channel++)
          sums[channel] += vertex === -1 ? ground[channel] : shades[pixel] * colors[3 * vertex + channel];
      }
      for (let channel = 0; channel < 3; channel++)
        data[at + channel] = Math.round(sums[channel] / finer ** 2);
    }
  }
  return { width, height, data };
}

/** The extent of a surface in a view, in millimeters: to the right, and up. */
export function viewExtent(surface: Surface, view: ViewAxes): readonly [width: number, height: number] {
  const [across, upward] = [view.right, view.up].map((axis) => rangeAlong(surface, axis));
  return [across.high - across.low, upward.high - upward.low];
}

function rangeAlong(
  { points }: Surface,
  [x, y, z]: readonly number[],
): { readonly low: number; readonly high: number } {
  let low = Infinity;
  let high = -Infinity;
  for (let at = 0; at < points.length; at += 3) {
    const place = x * points[at] + y * points[at + 1] + z * points[at + 2];
    if (place < low) low = place;
    if (place > high) high = place;
  }
  return { low, high };
}

/** Each vertex in fine pixels from the top left corner, and how near it is. */
function placesOf(surface: Surface, { view, width, height, scale }: SurfaceFrame): Float64Array {
  const { points, vertices } = surface;
  const places = new Float64Array(3 * vertices);
  const [across, upward] = [view.right, view.up].map((axis) => rangeAlong(surface, axis));
  const columns = axisInPixels(
    view.right,
    finer * scale,
    finer * (width / 2),
    (across.low + across.high) / 2,
  );
  const rows = axisInPixels(view.up, -finer * scale, finer * (height / 2), (upward.low + upward.high) / 2);
  const [columnX, columnY, columnZ, columnStart] = columns;
  const [rowX, rowY, rowZ, rowStart] = rows;
  const [nearX, nearY, nearZ] = view.toward;
  for (let at = 0; at < points.length; at += 3) {
    const x = points[at];
    const y = points[at + 1];
    const z = points[at + 2];
    places[at] = columnX * x + columnY * y + columnZ * z + columnStart;
    places[at + 1] = rowX * x + rowY * y + rowZ * z + rowStart;
    places[at + 2] = nearX * x + nearY * y + nearZ * z;
  }
  return places;
}

/** A direction in pixels, and where 0 millimeters are, so that `middle` millimeters are at a pixel. */
function axisInPixels(
  axis: readonly number[],
  scale: number,
  pixel: number,
  middle: number,
): readonly number[] {
  return [...axis.map((along) => scale * along), pixel - scale * middle];
}

/** How bright each vertex is: by the angle between the viewer and the mean of its triangles' normals, weighted by their areas. */
function shadesOf({ points, triangles, vertices }: Surface, { toward }: ViewAxes): Float32Array {
  const normals = new Float64Array(3 * vertices);
  addTriangleNormals(points, triangles, normals);
  const [right, front, up] = toward;
  const shades = new Float32Array(vertices);
  for (let vertex = 0; vertex < vertices; vertex++) {
    const x = normals[3 * vertex];
    const y = normals[3 * vertex + 1];
    const z = normals[3 * vertex + 2];
    const length = Math.sqrt(x * x + y * y + z * z);
    const facing = length === 0 ? 1 : Math.abs(x * right + y * front + z * up) / length;
    shades[vertex] = dimmest + (1 - dimmest) * facing;
  }
  return shades;
}

/** A pixel on the side of two triangles is in one of them at least. */
const rounding = 1e-9;

/** Notes for each fine pixel whose middle is in a triangle the nearest vertex, where nothing nearer is. */
function fillTriangles(
  sight: SurfaceSight,
  triangles: Int32Array,
  places: Float64Array,
  brightness: Float32Array,
): void {
  const { width, height, vertices, shades } = sight;
  const nearest = new Float64Array(width * height).fill(-Infinity);
  for (let at = 0; at < triangles.length; at += 3) {
    const a = triangles[at];
    const b = triangles[at + 1];
    const c = triangles[at + 2];
    const ax = places[3 * a];
    const ay = places[3 * a + 1];
    const bx = places[3 * b];
    const by = places[3 * b + 1];
    const cx = places[3 * c];
    const cy = places[3 * c + 1];
    const area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
    if (area === 0) continue;
    const left = Math.max(0, Math.ceil(Math.min(ax, bx, cx) - 0.5));
    const right = Math.min(width - 1, Math.floor(Math.max(ax, bx, cx) - 0.5));
    const top = Math.max(0, Math.ceil(Math.min(ay, by, cy) - 0.5));
    const bottom = Math.min(height - 1, Math.floor(Math.max(ay, by, cy) - 0.5));
    for (let row = top; row <= bottom; row++) {
      const y = row + 0.5;
      for (let column = left; column <= right; column++) {
        const x = column + 0.5;
        // How near each corner is: 1 there, 0 on the side across; all above 0 inside.
        const nearB = ((x - ax) * (cy - ay) - (y - ay) * (cx - ax)) / area;
        const nearC = ((bx - ax) * (y - ay) - (by - ay) * (x - ax)) / area;
        const nearA = 1 - nearB - nearC;
        if (nearA < -rounding || nearB < -rounding || nearC < -rounding) continue;
        const depth = nearA * places[3 * a + 2] + nearB * places[3 * b + 2] + nearC * places[3 * c + 2];
        const pixel = row * width + column;
        if (depth <= nearest[pixel]) continue;
        nearest[pixel] = depth;
        vertices[pixel] = nearA >= nearB && nearA >= nearC ? a : nearB >= nearC ? b : c;
        shades[pixel] = nearA * brightness[a] + nearB * brightness[b] + nearC * brightness[c];
      }
    }
  }
}
