import { requireCall } from '../../data/calls/require-call';
import type { JsonObject, JsonValue } from '../../data/json';
import { oneOf } from '../../data/one-of';
import { colorTable } from '../panels/color-map';
import type { Figure, Trace } from '../figure';
import { defined, label } from '../figure';
import { baseLayout, panelHeading, stretches } from '../layout';
import { cutByValue } from './cut-by-value';
import type { SurfacePiece } from './cut-by-value';
import type { MapColors, SurfaceColorOptions } from './map-colors';
import { mapColors, noValue } from './map-colors';
import type { SurfaceMapPart } from './map-part';
import { requireParts, titleOfPart } from './map-part';
import { numberList } from './number-list';
import type { PieceLists } from './piece-lists';
import { plainLists } from './piece-lists';
import { noValueColor } from './surface-picture';
import { cameraOf, directionLetters, longestSide, sceneKey, sceneOf } from './surface-scene';
import type { SurfaceView } from './surface-view';
import { surfaceViews } from './surface-view';

/** Options of {@link plotSurfaceMap}. */
export interface SurfaceFigureOptions extends SurfaceColorOptions {
  /** The question that the figure answers, or what it shows. @defaultValue `'A map on surfaces'` */
  readonly title?: string;
  /** From where the surfaces are seen at first; buttons and the mouse turn them. @defaultValue `'lateral'` */
  readonly view?: SurfaceView;
}

/**
 * Draws maps on surfaces to be turned with the mouse: a panel for each part, buttons for the views, number and value of a vertex under
 * the pointer. Colors are as in `surfaces.picture`: values beyond the limits are clipped and counted, vertices without a value
 * are gray and counted. Between vertices of a triangle that all have values colors run from one to the other. A figure of
 * both hemispheres of fsaverage is 20 MB: in a notebook, `surfaces.picture` is lighter.
 *
 * @param parts - one surface with its map, or several: both hemispheres
 * @throws ConcordError those of `surfaces.picture`.
 *
 * @example
 * ```ts
 * const lh = { name: 'lh', surface: await surfaces.readSurface('lh.inflated'), values: await surfaces.readMap('effects/lh.site-f-before.mgh') };
 * show(surfaces.plotMap([lh], { title: 'Where do sites differ?', unit: 'F' }));
 * ```
 */
export function plotSurfaceMap(parts: readonly SurfaceMapPart[], options: SurfaceFigureOptions = {}): Figure {
  requireCall('surfaces.plotMap', { parts, options });
  return surfaceMapFigure(parts, options, plainLists);
}

/** The same with its numbers written in another way, for pages of several maps. */
export function surfaceMapFigure(
  parts: readonly SurfaceMapPart[],
  options: SurfaceFigureOptions,
  lists: PieceLists,
): Figure {
  requireParts(parts);
  const { title = 'A map on surfaces', view = 'lateral', unit, empty = noValue } = options;
  oneOf('view', view, surfaceViews);
  const colors = mapColors(parts, options);
  const places = stretches(parts.length, 0.02);
  const longest = Math.max(...parts.map(longestSide));
  const scenes = parts.map((part, at): [string, JsonValue] => [
    sceneKey(at),
    sceneOf(part, { across: places[at], longest, camera: cameraOf(view, part) }),
  ]);
  return {
    data: withOneLegend(
      parts.flatMap((part, at) => [
        ...tracesOf(part, at, { unit, empty, lists }),
        directionLetters(part, at),
      ]),
      empty,
    ),
    layout: baseLayout(
      { title: label(title), subtitle: label(colors.notes.join(' · ')), height: 560, above: 46, bottom: 84 },
      {
        ...Object.fromEntries(scenes),
        coloraxis: colorAxis(colors),
        legend: { orientation: 'h', x: 0.55, xanchor: 'left', y: -0.02, yanchor: 'top', font: { size: 12 } },
        annotations: parts.map((part, at) => panelHeading(label(titleOfPart(part)), places[at][0], 1)),
        updatemenus: [viewButtons(parts, view)],
      },
    ),
  };
}

function viewButtons(parts: readonly SurfaceMapPart[], first: SurfaceView): JsonObject {
  return {
    type: 'buttons',
    direction: 'right',
    ...{ x: 0, xanchor: 'left', y: 1, yanchor: 'bottom', pad: { b: 26 } },
    active: surfaceViews.indexOf(first),
    showactive: true,
    buttons: surfaceViews.map((view) => ({
      label: view,
      method: 'relayout',
      args: [Object.fromEntries(parts.map((part, at) => [`${sceneKey(at)}.camera`, cameraOf(view, part)]))],
    })),
  };
}

/** Colors at values: of a ratio they are evenly spaced in logarithms, while the axis has the ratios themselves. */
function colorAxis({ colors, limits, valueAt, middle, labels }: MapColors): JsonObject {
  const [low, high] = limits;
  const table = colorTable(colors);
  const stops = Array.from({ length: 33 }, (_, at): JsonValue => {
    const level = Math.round((255 * at) / 32);
    const place = at === 0 ? 0 : at === 32 ? 1 : (valueAt(level / 255) - low) / (high - low);
    return [place, `rgb(${[...table.subarray(3 * level, 3 * level + 3)].join(',')})`];
  });
  return {
    cmin: low,
    cmax: high,
    colorscale: stops,
    colorbar: {
      orientation: 'h',
      ...{ x: 0, xanchor: 'left', len: 0.45, y: -0.02, yanchor: 'top', thickness: 14 },
      tickvals: [low, middle, high],
      ticktext: [...labels],
    },
  };
}

/** The legend names gray once. */
function withOneLegend(traces: readonly Trace[], empty: string): readonly Trace[] {
  const first = traces.findIndex(({ legendgroup }) => legendgroup === empty);
  return traces.map((trace, at) => (at === first ? { ...trace, showlegend: true } : trace));
}

/** What has a value, in its colors, and what has none, in gray. */
function tracesOf(
  part: SurfaceMapPart,
  at: number,
  {
    unit,
    empty: gray,
    lists,
  }: { readonly unit: string | undefined; readonly empty: string; readonly lists: PieceLists },
): Trace[] {
  const { valued, empty } = cutByValue(part.surface, part.values);
  const measure = unit === undefined || unit === '' ? '' : ` ${label(unit)}`;
  const about = { scene: at === 0 ? undefined : sceneKey(at), lighting, lightposition };
  const traces: Trace[] = [];
  if (valued.triangles.length > 0) {
    traces.push({
      ...mesh(valued, part, lists),
      ...defined(about),
      name: label(part.name),
      meta: label(part.name),
      intensity: lists.valuesOf(part.values, valued),
      coloraxis: 'coloraxis',
      hovertemplate: `${label(part.name)} vertex %{customdata}: %{intensity:.4~g}${measure}<extra></extra>`,
    });
  }
  if (empty.triangles.length > 0) {
    traces.push({
      ...mesh(empty, part, lists),
      ...defined(about),
      name: label(gray),
      meta: label(part.name),
      legendgroup: gray,
      color: `rgb(${noValueColor.join(',')})`,
      hovertemplate: `${label(part.name)} vertex %{customdata}: ${label(gray)}<extra></extra>`,
    });
  }
  return traces;
}

/** Little shade, since colors are read as values. Plotly's light is in the space of the camera, whose third axis is away from the viewer. */
const lighting: JsonObject = { ambient: 0.68, diffuse: 0.32, specular: 0, roughness: 1, fresnel: 0 };
const lightposition: JsonObject = { x: 0, y: 0, z: -100_000 };

function mesh(piece: SurfacePiece, { surface }: SurfaceMapPart, lists: PieceLists): Trace {
  const { triangles, vertices } = piece;
  const coordinates = (axis: number): JsonObject => lists.along(axis, piece, surface.points);
  const corners = (corner: number): JsonObject => {
    const own = new Int32Array(triangles.length / 3);
    for (let at = 0; at < own.length; at++) own[at] = triangles[3 * at + corner];
    return numberList(own);
  };
  return {
    type: 'mesh3d',
    ...{ x: coordinates(0), y: coordinates(1), z: coordinates(2) },
    ...{ i: corners(0), j: corners(1), k: corners(2) },
    customdata: numberList(vertices),
  };
}
