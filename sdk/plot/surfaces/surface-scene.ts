import type { JsonObject } from '../../data/json';
import { leastAndGreatest } from '../../math/statistics/least-and-greatest';
import type { Trace } from '../figure';
import { defined, plainNumbers } from '../figure';
import type { SurfaceMapPart } from './map-part';
import { sideOf } from './map-part';
import type { SurfaceView } from './surface-view';
import { viewAxes } from './surface-view';

/** How far letters are beyond the surface, and the scene beyond letters: shares of the longest side. */
const beyond = { letters: 0.06, scene: 0.1 };

/** How long the longest side of all surfaces is in the units of a camera without perspective: they fill the panel from every side. */
const fills = 2;

/** Plotly's name of scene number `at`, from 0. */
export function sceneKey(at: number): string {
  return at === 0 ? 'scene' : `scene${at + 1}`;
}

/** The extent of a surface along its longest axis, in millimeters. */
export function longestSide(part: SurfaceMapPart): number {
  return Math.max(1e-6, ...sidesOf(part).map(({ low, high }) => high - low));
}

/** The space that a part is in: without axes, as many pixels per millimeter as all others. */
export function sceneOf(
  part: SurfaceMapPart,
  {
    across,
    longest,
    camera,
  }: {
    readonly across: readonly [number, number];
    /** The longest side of all parts. */
    readonly longest: number;
    readonly camera: JsonObject;
  },
): JsonObject {
  const rim = beyond.scene * longest;
  const ranges = sidesOf(part).map(({ low, high }): [number, number] => [low - rim, high + rim]);
  const [x, y, z] = ranges.map(([low, high]) => (fills * (high - low)) / (longest + 2 * rim));
  const axis = (range: [number, number]): JsonObject => ({ visible: false, range });
  return {
    domain: { x: [...across], y: [0, 1] },
    ...{ xaxis: axis(ranges[0]), yaxis: axis(ranges[1]), zaxis: axis(ranges[2]) },
    aspectmode: 'manual',
    aspectratio: { x, y, z },
    bgcolor: 'rgba(0,0,0,0)',
    camera,
  };
}

/** Where a view is seen from. */
export function cameraOf(view: SurfaceView, part: SurfaceMapPart): JsonObject {
  const { toward, up } = viewAxes(view, sideOf(part));
  const named = ([x, y, z]: readonly number[]): JsonObject => ({ x, y, z });
  return {
    eye: named(toward.map((along) => 2 * along)),
    up: named(up),
    center: named([0, 0, 0]),
    projection: { type: 'orthographic' },
  };
}

/** Letters at the front, the back, the upper and the lower end, which turn with the surface. */
export function directionLetters(part: SurfaceMapPart, at: number): Trace {
  const [x, y, z] = sidesOf(part);
  const away = beyond.letters * longestSide(part);
  const places = [
    [x.middle, y.high + away, z.middle],
    [x.middle, y.low - away, z.middle],
    [x.middle, y.middle, z.high + away],
    [x.middle, y.middle, z.low - away],
  ];
  const along = (axis: number): (number | null)[] => plainNumbers(places.map((place) => place[axis]));
  return {
    type: 'scatter3d',
    mode: 'text',
    ...defined({ scene: at === 0 ? undefined : sceneKey(at) }),
    ...{ x: along(0), y: along(1), z: along(2) },
    text: ['A', 'P', 'S', 'I'],
    textposition: 'middle center',
    hoverinfo: 'skip',
    showlegend: false,
  };
}

interface Side {
  readonly low: number;
  readonly high: number;
  readonly middle: number;
}

/** How far a surface reaches to the right, to the front, and up. */
function sidesOf({ surface: { points } }: SurfaceMapPart): readonly Side[] {
  return [0, 1, 2].map((axis) => {
    const [low, high] = leastAndGreatest(points, { from: axis, stride: 3 });
    return { low, high, middle: (low + high) / 2 };
  });
}
