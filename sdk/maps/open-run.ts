import { join } from 'node:path';
import { curvePenalties } from '../combat/means/curve-penalties';
import { digestOf } from '../data/digest';
import { quoteName } from '../data/list-names';
import type { Issue } from '../data/issue';
import { makeIssue } from '../data/issue';
import type { JsonObject } from '../data/json';
import { personNames } from '../data/people/participants';
import { progressReporter } from '../data/run-options';
import { ConcordError } from '../errors';
import { isThere } from '../io/files/write-file';
import { makeDoubles, openDoubles } from '../io/maps/doubles-file';
import { openScratch } from '../io/maps/scratch-file';
import type { CortexFile } from '../io/maps/read-cortex';
import type { WorkFolder } from '../io/maps/work-folder';
import { openWorkFolder } from '../io/maps/work-folder';
import { imageError } from '../io/volumes/image-error';
import { advise, either, option } from '../remedy';
import { version } from '../version';
import { joinedCortex } from './parts/cortex-of-parts';
import type { Journal, Progressed, RunIdentity } from './journal';
import { addCounts, noteMarks, noteState, nothingMet, readJournal, requireSame } from './journal';
import type { MapLayout, MapPart } from './map-layout';
import { layoutFor, vertexNamer } from './map-layout';
import type { HarmonizeMapsOptions } from './maps-options';
import { modelShapes } from './maps-model';
import type { MapsRun } from './maps-run';
import { readScan } from './files/read-scans';
import { severalAtOnce } from './files/several-at-once';

/** What a run is begun with. */
export type RunParts = Pick<MapsRun, 'scans' | 'prepared' | 'scale' | 'persons'> & {
  readonly partNames: readonly string[];
  /** What is cortex, part after part. */
  readonly cortices: readonly CortexFile[] | undefined;
  readonly options: HarmonizeMapsOptions;
};

/** A run whose files are open. */
export interface OpenRun {
  readonly run: MapsRun;
  readonly work: WorkFolder;
  readonly issues: readonly Issue[];
  /** The path of the file of the model's arrays. */
  readonly arraysPath: string;
  /** Closes the files; the folder stays. */
  close(): Promise<void>;
}

/** Where the temporary files of a run are. */
export function workFolderOf({ out, work }: Pick<HarmonizeMapsOptions, 'out' | 'work'>): string {
  return work ?? `${out.replace(/[\\/]+$/, '')}.unfinished`;
}

/**
 * Whether a run was stopped whose files are there.
 *
 * @throws ConcordError `file-exists` where it is neither to be continued nor to be begun anew.
 */
export async function isStopped(
  options: Pick<HarmonizeMapsOptions, 'out' | 'work' | 'resume' | 'overwrite'>,
): Promise<boolean> {
  const folder = workFolderOf(options);
  if (!(await isThere(join(folder, 'journal.json')))) return false;
  if (options.resume === true) return true;
  if (options.overwrite === true) {
    // Another run that is at work there keeps its files.
    await (await openWorkFolder(folder)).remove();
    return false;
  }
  throw new ConcordError('file-exists', `file exists: ${folder} holds a run that was stopped`, {
    where: { file: folder },
    remedy: advise`${either(advise`continue it with ${option('resume', true)}`, advise`begin anew with ${option('overwrite', true)}`)}`,
  });
}

/** Opens a run: where one was stopped, where it was stopped. */
export async function openRun(parts: RunParts): Promise<OpenRun> {
  const { options } = parts;
  const work = await openWorkFolder(workFolderOf(options));
  try {
    const identity = identityOf(parts);
    const journal = await readJournal(work, identity);
    if (journal.state !== undefined) {
      requireVertices(journal.state.layout.parts, parts);
      await requireInputs(parts, journal);
    }
    const state = journal.state ?? (await newRun(parts, work, identity));
    const issues =
      journal.anew === undefined
        ? []
        : [makeIssue('begun-anew', `the run that was stopped could not be continued: ${journal.anew}`)];
    const files = await openFiles(parts, work, state.layout);
    const run = runOf(parts, { files, state, work, identity, journal });
    const arraysPath = work.path('model.safetensors');
    return { run, work, issues, arraysPath, close: files.close };
  } catch (error) {
    // Nothing is lost where nothing was read.
    if (await isThere(work.path('journal.json'))) await work.release();
    else await work.remove();
    throw error;
  }
}

/** By what a run is known again. */
function identityOf({
  prepared,
  scans,
  partNames,
  cortices,
  persons: apart,
  options,
}: RunParts): RunIdentity {
  const { settings, used, design, scaleDesign } = prepared;
  const { ids, sites, persons } = used.participants;
  const about: JsonObject = {
    'options of ComBat': digestOf(
      settings,
      design.terms,
      design.smooths,
      scaleDesign.terms,
      { smoothing: options.smoothing, penalties: options.penalties },
      [...(curvePenalties(options) ?? [])],
      apart?.settings,
    ),
    'scans, sites or persons': digestOf([...ids, ...sites, ...persons]),
    'values of covariates': digestOf([...design.values], [...scaleDesign.values]),
    files: digestOf(
      partNames,
      scans.map(({ from }) => from),
    ),
    'what is cortex': digestOf(
      (cortices ?? []).map(({ listed, values = [] }) => Array.from(listed ?? values)),
    ),
    'places of results': digestOf(scans.map(({ to }) => to)),
    'version of concord-mri': version,
  };
  return { about };
}

async function requireInputs({ scans }: RunParts, { state, marks }: Journal): Promise<void> {
  await severalAtOnce(scans.slice(0, state?.read ?? 0), async ({ from, frames }, at) => {
    for (const [k, path] of from.entries()) await requireSame(path, marks[at][k], frames[k]);
  });
}

async function newRun(parts: RunParts, work: WorkFolder, identity: RunIdentity): Promise<Progressed> {
  const { scans, partNames, options } = parts;
  const { maps } = await readScan(scans[0]);
  const type = maps.some((map) => map instanceof Float64Array) ? 'float64' : 'float32';
  const own = maps.map((map, k) => ({ name: partNames[k], vertices: map.length }));
  requireVertices(own, parts);
  // Before any work.
  joinedCortex(parts.cortices, own);
  const layout = layoutFor(own, type, {
    scans: scans.length,
    memory: options.memory ?? 192,
    extra: parts.persons === undefined ? 0 : apartWidth,
  });
  const made = await openScratch(work.path('values.bin'), { ...layout, scans: scans.length }, true);
  await made.close();
  await makeDoubles(work.path('model.safetensors'), modelShapesOf(parts, layout), { concord: version });
  await makeDoubles(work.path('sums.safetensors'), sumShapesOf(parts, layout));
  const state = { layout, read: 0, fitted: 0, shrunk: false, written: 0, counts: nothingMet };
  await noteMarks(work, []);
  await noteState(work, identity, state);
  return state;
}

/** Refuses maps of another surface than the one that was named. */
function requireVertices(own: readonly MapPart[], { scans, options }: RunParts): void {
  own.forEach(({ name, vertices }, k) => {
    const expected = options.vertices?.[name];
    if (expected === undefined || expected === vertices) return;
    const file = scans[0].from[k];
    throw imageError(
      'different-grids',
      file,
      `different grids: ${file} has ${vertices} vertices, and the surface of ${quoteName(name)} ${expected} ` +
        '(give the geometry of the surface that the maps are on: 163842 vertices are those of fsaverage, 10242 those of fsaverage5)',
    );
  });
}

/** Bytes of a value more where persons are set apart: what is left of it, its person's part, and the effects. */
const apartWidth = 24;

function modelShapesOf(
  { prepared, persons: apart }: RunParts,
  { vertices }: MapLayout,
): ReadonlyMap<string, readonly number[]> {
  const { design, scaleDesign, sites, used } = prepared;
  const persons = apart && {
    count: personNames(used.participants).length,
    slopes: apart.time !== undefined,
  };
  const frame = { columns: design.columns, scaleColumns: scaleDesign.columns, smooths: design.smooths };
  return modelShapes(frame, { sites: sites.names.length, vertices, persons });
}

function sumShapesOf(
  { prepared, scale }: RunParts,
  { vertices }: MapLayout,
): ReadonlyMap<string, readonly number[]> {
  const sizes = [...prepared.mean.design.siteSizes];
  const values = scale.keepsValues
    ? sizes.map((size, site) => [`values.${site}`, [vertices, size]] as const)
    : [];
  return new Map([['squares', [sizes.length, vertices]], ['counts', [sizes.length, vertices]], ...values]);
}

type RunFiles = Pick<MapsRun, 'scratch' | 'arrays' | 'sums'> & { readonly close: () => Promise<void> };

async function openFiles(parts: RunParts, work: WorkFolder, layout: MapLayout): Promise<RunFiles> {
  const shape = { ...layout, scans: parts.scans.length };
  const scratch = await openScratch(work.path('values.bin'), shape, false);
  const arrays = await openDoubles(work.path('model.safetensors'), modelShapesOf(parts, layout), 'r+');
  const sums = await openDoubles(work.path('sums.safetensors'), sumShapesOf(parts, layout), 'r+');
  const close = async (): Promise<void> => {
    for (const file of [scratch, arrays, sums]) await file.close();
  };
  return { scratch, arrays, sums, close };
}

function runOf(
  { scans, prepared, scale, persons, cortices, options }: RunParts,
  {
    files,
    state: begun,
    work,
    identity,
    journal,
  }: {
    readonly files: RunFiles;
    readonly state: Progressed;
    readonly work: WorkFolder;
    readonly identity: RunIdentity;
    readonly journal: Journal;
  },
): MapsRun {
  const { layout } = begun;
  let state = begun;
  let { marks } = journal;
  const count = scans.length;
  const unfitted = Math.max(0, layout.vertices - begun.fitted * layout.block) / layout.vertices;
  const passes = unfitted + (options.effects === true ? 1 : 0);
  const left = count - begun.read + count * passes + (count - begun.written);
  const report = progressReporter('harmonizing maps', left, options);
  let done = 0;
  return {
    scans,
    prepared,
    scale,
    persons,
    layout,
    cortex: joinedCortex(cortices, layout.parts),
    nameOf: vertexNamer(layout.parts),
    scratch: files.scratch,
    arrays: files.arrays,
    sums: files.sums,
    run: options,
    state: () => state,
    async advance(step, met = {}) {
      state = { ...state, ...step, counts: addCounts(state.counts, met) };
      await noteState(work, identity, state);
    },
    marks: () => marks,
    remember(read) {
      marks = read;
    },
    worked: (amount) => report(Math.min(left, (done += amount))),
  };
}
