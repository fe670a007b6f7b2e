import { join } from 'node:path';
import { combatHarmonizer } from '../combat/combat-harmonizer';
import type { CombatModel } from '../combat/combat-model';
import type { CombatOptions } from '../combat/combat-options';
import { combatModelFromJson, combatModelToJson } from '../combat/combat-model-json';
import { prepareCombat } from '../combat/fit-combat';
import { isNotOfRepeatedPersons } from '../combat/longitudinal/fit-longitudinal';
import { longitudinalHarmonizer } from '../combat/longitudinal/longitudinal-harmonizer';
import type { LongitudinalModel } from '../combat/longitudinal/longitudinal-model';
import type { LongitudinalOptions, LongitudinalSteps } from '../combat/longitudinal/longitudinal-options';
import { longitudinalSteps } from '../combat/longitudinal/longitudinal-options';
import {
  besideCombat,
  longitudinalWithoutFeatures,
} from '../combat/longitudinal/longitudinal-without-features';
import { modelWithoutFeatures } from '../combat/model-without-features';
import { fitScaleModel } from '../combat/scales/fit-scale-model';
import { requireCall } from '../data/calls/require-call';
import { digestOf } from '../data/digest';
import type { Harmonizer } from '../data/harmonizer';
import { requireCount } from '../data/require-count';
import type { Issue } from '../data/issue';
import { distinctIssues } from '../data/issue';
import { provenanceStep } from '../data/provenance';
import { throwIfAborted } from '../data/run-options';
import type { TableAudit } from '../evaluate/audit';
import { makeFolder } from '../io/files/make-folder';
import { auditShare } from './audit-share';
import type { CorrectedScans } from './correct-rows';
import { correctedBlocks } from './corrected-block';
import { mixedFiles } from './doubts/file-words';
import { fitBlocks } from './fit-blocks';
import type { MapCounts } from './journal';
import { mapCohort, namedCovariates } from './files/map-cohort';
import { readCortices } from './parts/cortex-of-parts';
import { writeEffects } from './map-effects';
import { doubtfulMaps } from './doubts/doubtful-maps';
import { knownParts } from './parts/known-parts';
import { mapIssues, wallIssues } from './doubts/map-issues';
import type { MapPart } from './map-layout';
import { saidMaps, sharedWords } from './doubts/map-words';
import type { HarmonizeMapsOptions, MapsEntry } from './maps-options';
import { requirePersonEffects, requirePerVertex } from './maps-options';
import type { BlockCorrection } from './maps-model';
import { blockCorrection } from './maps-model';
import { mapsModelFile, saveMapsModel } from './files/maps-model-file';
import type { MapsRun } from './maps-run';
import type { OpenRun } from './open-run';
import { isStopped, openRun } from './open-run';
import { partPatterns } from './parts/part-patterns';
import type { PersonParts } from './persons/person-parts';
import { personParts } from './persons/person-parts';
import { personsOfRun } from './persons/persons-apart';
import { readScans } from './files/read-scans';
import { requireFree, scanFiles, writtenFiles } from './files/scan-files';
import { shrinkRows } from './shrink-rows';
import { siteF } from './site-f';
import { siteLikeness } from './doubts/site-likeness';
import { writeMaps } from './files/write-maps';

/** What came of harmonizing maps. */
export interface HarmonizedMaps {
  /** What is the same for all vertices: settings, sites with their priors, covariates. Its features are in the model's file. */
  readonly model: CombatModel;
  /** With `personEffects`: the same with its persons. What sets each apart at each vertex is in the model's file. */
  readonly persons?: LongitudinalModel;
  readonly parts: readonly MapPart[];
  /** The scans that were harmonized, in order. */
  readonly ids: readonly string[];
  readonly counts: MapCounts;
  /** The files that were written: with stacks of all scans fewer than maps. */
  readonly files: readonly string[];
  /** The maps of what was done, where they were asked for. */
  readonly effects: readonly string[];
  /** The audit of some vertices, where it was asked for. */
  readonly audit?: TableAudit;
  readonly issues: readonly Issue[];
}

/**
 * Harmonizes maps of one value per vertex by ComBat, out of core: maps of each scan are files (MGH, MGZ, GIFTI, FreeSurfer's
 * curvature format, NumPy's, Parquet), a few at a time are in memory, and harmonized maps are written in the same formats. Numbers
 * are those of `fitCombat` and `applyCombat` on a table of all vertices, whatever the memory allowed; where maps are 32-bit floats
 * they are rounded to such at the end.
 *
 * With `personEffects` they are those of `combat.fitLongitudinal` and `combat.applyLongitudinal`, for persons with several scans.
 *
 * Where all scans name one file for a part, it is a stack with a map of each, in their order (the frames of an MGH file, or a
 * `.npy` of scans × vertices), and one stack like it is written.
 *
 * Maps are read once into a temporary file block by block of vertices; each block is fitted; site effects are shrunk over all
 * vertices; and each scan is corrected and written. A run that was stopped, at any moment, continues with `resume`. Vertices that
 * are 0 or missing in every scan, as those of the medial wall, are left as they are, and counted. The model is kept beside the
 * maps, in `model.json` and a file of safetensors, for {@link applyToMaps}.
 *
 * @param entries - the scans, or a table that lists them
 * @throws ConcordError `too-little-data`, `confounded`, `missing-value` … as `fitCombat`; of files `unreadable-file`,
 * `malformed-image`, `unsupported-format`, `invalid-voxels`, `different-grids` for another number of vertices, or a stack of another
 * number of maps than scans; `file-exists`, `unwritable-file`, `in-use`; `invalid-option`, also for a run that was stopped and had other options or inputs; `aborted`.
 *
 * @example
 * ```ts
 * const done = await surfaces.harmonizeMaps('scans.csv', {
 *   files: ['lh', 'rh'], out: 'harmonized', preserve: ['age', 'sex'], resume: true,
 * });
 * ```
 */
export async function harmonizeMaps(
  entries: readonly MapsEntry[] | string,
  options: HarmonizeMapsOptions,
): Promise<HarmonizedMaps> {
  requireCall('surfaces.harmonizeMaps', { entries, options });
  requirePerVertex(options);
  requirePersonEffects(options);
  requireCount('auditVertices', options.auditVertices ?? 0, 0);
  const given = givenOptions(options);
  const steps = options.personEffects === true ? longitudinalSteps(given) : undefined;
  const combat = steps?.combat ?? given;
  const own =
    typeof entries === 'string'
      ? namedCovariates(combat, options.covariates ?? [])
      : (options.covariates ?? []);
  const listed = await mapCohort(entries, options, own);
  const all = await prepareCombat(listed.cohort, combat);
  const persons = steps && (await personsOfRun(all, steps.settings, options));
  const prepared = steps === undefined ? all : { ...all, issues: all.issues.filter(isNotOfRepeatedPersons) };
  const { mean, scaleDesign: design, sites, settings, reference } = prepared;
  const { scale, issues } = fitScaleModel({ mean, design }, sites, { settings, reference });
  const scans = scanFiles(listed, prepared.used.participants.ids, options);
  const cortices = await readCortices(options.cortex, listed.parts);
  const stopped = await isStopped(options);
  if (!stopped && options.overwrite !== true) await requireFree(scans, [join(options.out, mapsModelFile)]);
  const unmake = await makeFolder(options.out);
  let opened: OpenRun | undefined;
  try {
    opened = await openRun({
      ...{ scans, prepared, scale, persons, cortices, options },
      partNames: listed.parts,
    });
    const noticed = [...listed.cohort.issues, ...prepared.issues, ...issues, ...opened.issues];
    const done = await work(opened, {
      combat,
      settings: steps?.settings,
      harmonizer: harmonizerOf(given, steps),
      options,
      noticed,
    });
    await opened.close();
    await opened.work.remove();
    return done;
  } catch (error) {
    await opened?.close();
    // Where nothing was read there is nothing to continue.
    if (opened?.run.state().read === 0) await opened.work.remove();
    else await opened?.work.release();
    await unmake();
    throw error;
  }
}

interface WorkOptions {
  readonly combat: CombatOptions;
  readonly settings: LongitudinalSteps['settings'] | undefined;
  readonly harmonizer: Harmonizer;
  readonly options: HarmonizeMapsOptions;
  readonly noticed: readonly Issue[];
}

/** All passes, from where the run is. */
async function work(
  { run, work: folder, arraysPath }: OpenRun,
  { combat, settings, harmonizer, options, noticed }: WorkOptions,
): Promise<HarmonizedMaps> {
  await readScans(run, folder);
  await fitBlocks(run);
  if (!run.state().shrunk) {
    const frame = await shrunkenFrame(run, { ...combat, ...settings }, noticed);
    await folder.note('frame.json', combatModelToJson(frame));
    await run.advance({ shrunk: true });
  }
  const frame = combatModelFromJson((await folder.read('frame.json')) ?? {});
  const { layout, scratch, prepared } = run;
  const blocks: BlockCorrection[] = [];
  for (let at = 0; at < scratch.blocks; at++)
    blocks.push(
      await blockCorrection(frame, run.arrays, { ...scratch.range(at), vertices: layout.vertices }),
    );
  const scans: CorrectedScans = {
    ids: prepared.used.participants.ids,
    codes: prepared.sites.codes,
    design: prepared.design.values,
    scale: prepared.scaleDesign.values,
    log: prepared.settings.transform === 'log',
  };
  const longitudinal =
    run.persons && longitudinalWithoutFeatures(frame, prepared.used.participants, run.persons);
  const parts = longitudinal && partsOfRun(run, longitudinal);
  const known = await knownParts(layout.parts, run.arrays);
  const patterns = partPatterns(known, scans.log);
  await writeMaps(run, blocks, { corrected: scans, parts, patterns });
  const { out, effects = false, auditVertices = 0, seed = 1 } = options;
  const corrected = correctedBlocks(run, { corrected: scans, parts });
  const ofSite = effects ? siteF(prepared) : undefined;
  const written =
    ofSite === undefined ? [] : await writeEffects(run, { blocks, frame, corrected, f: ofSite.f, out });
  const audited =
    auditVertices > 0
      ? await auditShare(run, {
          blocks,
          corrected,
          share: { vertices: auditVertices, seed, harmonizer },
        })
      : undefined;
  const { counts } = run.state();
  const marks = run.marks();
  const said = layout.parts.map((_, part) => saidMaps(run.scans, part, (scan) => marks[scan][part].notes));
  const model = {
    ...frame,
    issues: distinctIssues([
      ...frame.issues,
      ...doubtfulMaps(marks, {
        ids: run.scans.map(({ id }) => id),
        parts: layout.parts.map(({ name }) => name),
      }),
      ...layout.parts.flatMap(({ name }, part) => mixedFiles(name, said[part])),
      ...(await siteLikeness(run, known)),
      ...patterns.issues(run.scans.map(({ id }) => id)),
      ...mapIssues(counts, layout.vertices),
      ...(run.cortex === undefined ? wallIssues(counts.empty, layout) : []),
      ...(ofSite?.issues ?? []),
    ]),
  };
  await run.arrays.sync();
  throwIfAborted(options.signal);
  const persons = longitudinal && { ...besideCombat(longitudinal, model), issues: model.issues };
  const kept = { frame: model, persons, parts: layout.parts, words: said.map(sharedWords) };
  await saveMapsModel(kept, join(out, mapsModelFile), { arrays: arraysPath, overwrite: true });
  return {
    model,
    persons,
    parts: layout.parts,
    ids: run.scans.map(({ id }) => id),
    counts: run.state().counts,
    files: writtenFiles(run.scans),
    effects: written,
    audit: audited?.audit,
    issues: distinctIssues([...model.issues, ...(audited === undefined ? [] : [audited.issue])]),
  };
}

/** What sets the persons of a run apart: all of them are in its model. */
function partsOfRun({ arrays, layout, prepared }: MapsRun, model: LongitudinalModel): PersonParts {
  const { vertices } = layout;
  return personParts({ model, arrays, vertices, cohort: prepared.used, policy: 'own-visits' });
}

/** Shrinks site effects, and puts together what is the same for all vertices. */
async function shrunkenFrame(
  run: MapsRun,
  combat: CombatOptions & Partial<LongitudinalSteps['settings']>,
  noticed: readonly Issue[],
): Promise<CombatModel> {
  const { prepared } = run;
  const shrunken = await shrinkRows(run);
  const { settings, cohort } = prepared;
  const step = provenanceStep('harmonizeMaps', {
    ...settings,
    preserve: combat.preserve ?? [],
    smooth: combat.smooth ?? [],
    scaleCovariates: combat.scaleCovariates ?? [],
    missingCovariates: combat.missingCovariates ?? 'error',
    ...(combat.residualVariance === undefined
      ? {}
      : { randomSlope: combat.randomSlope ?? null, residualVariance: combat.residualVariance }),
    scans: run.scans.length,
    vertices: run.layout.vertices,
    inputs: digestOf(run.marks().flatMap((marks) => marks.map(({ digest }) => digest))),
  });
  return {
    ...modelWithoutFeatures(prepared),
    sites: shrunken.sites,
    pooledPrior: shrunken.pooledPrior,
    issues: [...noticed, ...shrunken.issues],
    provenance: [...cohort.provenance, step],
  };
}

/** The same on vertices in memory. */
function harmonizerOf(given: LongitudinalOptions, steps: LongitudinalSteps | undefined): Harmonizer {
  const own = { ...given, unseen: 'estimate' } as const;
  return steps === undefined ? combatHarmonizer(own) : longitudinalHarmonizer(own);
}

/** The options of ComBat, and of effects of persons, among those of a run. */
function givenOptions(options: HarmonizeMapsOptions): LongitudinalOptions {
  const {
    out: _out,
    root: _root,
    overwrite: _overwrite,
    memory: _memory,
    id: _id,
    site: _site,
    missing: _missing,
    person: _person,
    family: _family,
    files: _files,
    covariates: _covariates,
    resume: _resume,
    work: _work,
    effects: _effects,
    vertices: _expected,
    cortex: _cortex,
    auditVertices: _vertices,
    seed: _seed,
    personEffects: _apart,
    signal,
    onProgress: _progress,
    ...combat
  } = options;
  return { ...combat, signal };
}
