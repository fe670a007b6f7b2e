import type { Hemisphere } from '../../data/images/surface';

/** From where a surface is seen. Of a part of which no one knows the half of the brain, lateral and medial are seen from the left and the right. */
export type SurfaceView = 'lateral' | 'medial' | 'dorsal' | 'ventral' | 'anterior' | 'posterior';

/** The names of the views. */
export const surfaceViews: readonly SurfaceView[] = [
  'lateral',
  'medial',
  'dorsal',
  'ventral',
  'anterior',
  'posterior',
];

type Direction = readonly [right: number, front: number, up: number];

/** A view: which directions of the brain are which of the picture. */
export interface ViewAxes {
  readonly title: string;
  /** Toward the viewer. */
  readonly toward: Direction;
  /** Up in the picture. */
  readonly up: Direction;
  /** To the right in the picture: `up` × `toward`. */
  readonly right: Direction;
  /** The directions of the brain at the left, right, upper and lower edge, as letters. */
  readonly edges: string;
}

const seen: Readonly<Record<'left' | 'right' | Exclude<SurfaceView, 'lateral' | 'medial'>, ViewAxes>> = {
  left: axes('from the left', [-1, 0, 0], [0, 0, 1]),
  right: axes('from the right', [1, 0, 0], [0, 0, 1]),
  dorsal: axes('dorsal', [0, 0, 1], [0, 1, 0]),
  ventral: axes('ventral', [0, 0, -1], [0, 1, 0]),
  anterior: axes('anterior', [0, 1, 0], [0, 0, 1]),
  posterior: axes('posterior', [0, -1, 0], [0, 0, 1]),
};

/** How a view of a half of the brain is seen: the left one is lateral from the left, where the front is at the left of the picture. */
export function viewAxes(view: SurfaceView, side: Hemisphere | undefined): ViewAxes {
  if (view !== 'lateral' && view !== 'medial') return seen[view];
  const isLeft = (view === 'lateral') === (side !== 'right');
  const from = seen[isLeft ? 'left' : 'right'];
  return side === undefined ? from : { ...from, title: view };
}

function axes(title: string, toward: Direction, up: Direction): ViewAxes {
  const right: Direction = [
    up[1] * toward[2] - up[2] * toward[1],
    up[2] * toward[0] - up[0] * toward[2],
    up[0] * toward[1] - up[1] * toward[0],
  ];
  const opposite = right.map((part) => -part);
  const down = up.map((part) => -part);
  return { title, toward, up, right, edges: [opposite, right, up, down].map(letterOf).join('') };
}

function letterOf(direction: readonly number[]): string {
  const axis = direction.findIndex((part) => part !== 0);
  return (direction[axis] > 0 ? 'RAS' : 'LPI')[axis];
}
