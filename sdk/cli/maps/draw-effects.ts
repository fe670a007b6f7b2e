import { basename, dirname, join } from 'node:path';
import type { Surface } from '../../data/images/surface';
import type { Issue } from '../../data/issue';
import { breathe } from '../../data/run-options';
import { readPackage } from '../../io/files/package-asset';
import { writeFileSafely } from '../../io/files/write-file';
import { writePicture } from '../../io/files/write-picture';
import { readMapFile } from '../../io/maps/map-file';
import type { SurfaceColorOptions, SurfaceScale } from '../../plot/surfaces/map-colors';
import { usualLimits } from '../../plot/surfaces/map-colors';
import type { SurfaceMapPart } from '../../plot/surfaces/map-part';
import { listsByVertex } from '../../plot/surfaces/piece-lists';
import { surfaceMapFigure } from '../../plot/surfaces/plot-surface-map';
import type { KeptSights } from '../../plot/surfaces/surface-picture';
import { pictureOfMap } from '../../plot/surfaces/surface-picture';
import { mapsPage } from '../../report/page/maps-page';

/** A kind of effect: its maps are in one page and have the same colors, so that they can be compared. */
interface EffectKind {
  /** Of the names of its maps. */
  readonly ending: RegExp;
  /** The name of its page. */
  readonly page: string;
  readonly title: string;
  readonly lead: string;
  readonly scale: SurfaceScale;
  /** What gray vertices are. */
  readonly empty: string;
  /** The value where nothing was done; such vertices are gray where they have it in all maps of effects. */
  readonly nothing?: number;
}

const kinds: readonly EffectKind[] = [
  {
    ending: /^site-f-(?:before|after)$/,
    page: 'site-f',
    title: 'F of site',
    lead: 'The analysis of variance of site at each vertex, beside the linear effects of the covariates that were kept, before and after. Both have the same colors.',
    scale: 'plain',
    empty: 'not computed',
  },
  {
    ending: /-shift$/,
    page: 'shift',
    title: 'Shift',
    lead: 'What was taken off the scans of each site, at the average scan. All sites have the same colors.',
    scale: 'signed',
    empty: 'left as it was',
    nothing: 0,
  },
  {
    ending: /-factor$/,
    page: 'factor',
    title: 'Factor',
    lead: 'How many times wider each site was taken to be, which its scans were divided by. All sites have the same colors.',
    scale: 'ratio',
    empty: 'left as it was',
    nothing: 1,
  },
];

/** The names of the pages. */
export const pagesOfEffects: readonly string[] = kinds.map(({ page }) => `${page}.html`);

/** A map of effects: its values for each part. */
interface EffectMap {
  readonly name: string;
  readonly parts: readonly SurfaceMapPart[];
}

/** What was written of a run, and how its figures are drawn. */
export interface EffectsDrawing {
  /** The maps of effects. */
  readonly files: readonly string[];
  /** The names of the parts. */
  readonly parts: readonly string[];
  /** ComBat was fitted to logarithms. */
  readonly log: boolean;
  /** What was noticed in the run: how F of site counts persons with several scans is written in its page. */
  readonly issues: readonly Issue[];
  /** What sets persons apart was estimated. */
  readonly personEffects: boolean;
  /** The unit of the maps that were harmonized, where it is known. */
  readonly unit?: string;
  /** Replace figures that are there. */
  readonly overwrite: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Draws the maps of effects that a run wrote, beside them: a picture of each, and a page for each kind in which the surfaces can be
 * turned and the maps of a kind are chosen from. Of a kind that is nothing everywhere nothing is drawn.
 *
 * @returns the files
 * @throws ConcordError those of reading the maps and of writing; `different-grids` for surfaces that they are not of.
 */
export async function drawEffects(
  drawing: EffectsDrawing,
  surfaces: ReadonlyMap<string, Surface>,
): Promise<readonly string[]> {
  const { files, parts, log, overwrite, signal } = drawing;
  const maps = await effectMaps(files, parts, surfaces);
  const groups = kinds.map((kind) => ({ kind, own: maps.filter(({ name }) => kind.ending.test(name)) }));
  grayWhereNothingWasDone(groups);
  const shiftUnit = `${log ? 'in logarithms of ' : ''}${drawing.unit ?? 'units of the maps'}`;
  const folder = dirname(files[0]);
  const kept: KeptSights = new Map();
  const written: string[] = [];
  for (const { kind, own } of groups) {
    if (own.every((map) => isNothing(map, kind))) continue;
    const unit = kind.page === 'shift' ? shiftUnit : '';
    const colors = { ...sharedColors(own, kind), unit, empty: kind.empty };
    const lead = kind.page === 'site-f' ? `${kind.lead} ${personsInF(drawing)}`.trim() : kind.lead;
    const page = mapsPage({ title: `${kind.title}: what ComBat did`, lead });
    for (const { name, parts: drawn } of own) {
      await breathe(signal);
      const title = titleOf(name, kind);
      const path = join(folder, `${name}.png`);
      const width = drawn.length === 1 ? 600 : 1000;
      await writePicture(pictureOfMap(drawn, { ...colors, title, width }, kept), path, { overwrite });
      written.push(path);
      page.add(title, surfaceMapFigure(drawn, { ...colors, title }, listsByVertex));
    }
    const path = join(folder, `${kind.page}.html`);
    await writeFileSafely(path, page.made(readPackage('plotly.js-dist')), { overwrite });
    written.push(path);
  }
  return written;
}

/** How F of site counts persons with several scans, in a sentence; empty where there are none. */
function personsInF({ issues, personEffects: apart }: EffectsDrawing): string {
  const counted = issues.find(({ code }) => code === 'counted-by-person');
  if (counted !== undefined) return `${counted.message}.`;
  const persons = apart || issues.some(({ code }) => code === 'repeated-persons');
  return persons
    ? 'Persons were scanned several times, and these maps are of an earlier version, which took their scans for those of as many persons: compare before with after, and take the test from an audit, or harmonize again.'
    : '';
}

/** Reads all maps of effects: files of the same name for each part. */
async function effectMaps(
  files: readonly string[],
  parts: readonly string[],
  surfaces: ReadonlyMap<string, Surface>,
): Promise<readonly EffectMap[]> {
  const maps = new Map<string, SurfaceMapPart[]>();
  for (const file of files) {
    // The longest that fits: a part may be named as another begins.
    const own = parts.filter((name) => basename(file).startsWith(`${name}.`));
    const part = own.reduce((longest, name) => (name.length > longest.length ? name : longest), '');
    const surface = surfaces.get(part);
    if (surface === undefined) continue;
    const name = basename(file)
      .slice(part.length + 1)
      .replace(/\.(?:mg[hz]|gii|npy|parquet)(?:\.gz)?$/i, '');
    const drawn = { name: part, surface, values: await readMapFile(file) };
    maps.set(name, [...(maps.get(name) ?? []), drawn]);
  }
  return [...maps].map(([name, own]) => ({ name, parts: own }));
}

/** Vertices that no site's shift and factor touched have no value in these maps, rather than one of 0 or 1. */
function grayWhereNothingWasDone(
  groups: readonly { readonly kind: EffectKind; readonly own: readonly EffectMap[] }[],
): void {
  const done = groups.flatMap(({ kind, own }) =>
    own
      .map((map) => ({ nothing: kind.nothing, parts: map.parts }))
      .filter(({ nothing }) => nothing !== undefined),
  );
  const first = done[0]?.parts ?? [];
  first.forEach(({ values }, part) => {
    for (let vertex = 0; vertex < values.length; vertex++) {
      if (done.some(({ nothing, parts }) => parts[part].values[vertex] !== nothing)) continue;
      for (const { parts } of done) parts[part].values[vertex] = NaN;
    }
  });
}

/** Whether a map has one value, that of nothing done: factors where only means were taken off. */
function isNothing({ parts }: EffectMap, { nothing }: EffectKind): boolean {
  return parts.every(({ values }) => values.every((value) => Number.isNaN(value) || value === nothing));
}

/** The colors of all maps of a kind. F begins at 0. */
function sharedColors(
  maps: readonly EffectMap[],
  { scale }: EffectKind,
): Pick<SurfaceColorOptions, 'scale' | 'limits'> {
  const total = maps.reduce(
    (sum, { parts }) => sum + parts.reduce((own, { values }) => own + values.length, 0),
    0,
  );
  const all = new Float64Array(total);
  let at = 0;
  for (const { parts } of maps) {
    for (const { values } of parts) for (const value of values) if (!Number.isNaN(value)) all[at++] = value;
  }
  const limits = usualLimits(all.subarray(0, at).sort(), scale);
  return { scale, limits: scale === 'plain' ? [0, limits[1]] : limits };
}

function titleOf(name: string, { title, ending, page }: EffectKind): string {
  if (page === 'site-f')
    return `F of site ${name.replace('site-f-', '')} harmonization (same colors before and after)`;
  return `${name.replace(ending, '')}: ${title.toLowerCase()} (same colors for all sites)`;
}
