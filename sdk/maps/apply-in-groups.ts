import { dirname } from 'node:path';
import type { CombatModel } from '../combat/combat-model';
import type { UnseenPersonPolicy } from '../combat/longitudinal/longitudinal-options';
import type { FeatureCohort } from '../data/cohort';
import type { Issue } from '../data/issue';
import type { RunOptions } from '../data/run-options';
import { breathe, progressReporter } from '../data/run-options';
import { makeFolder } from '../io/files/make-folder';
import type { DoublesFile } from '../io/maps/doubles-file';
import type { MapValues } from '../io/maps/map-format';
import { correctorBesidePersons } from './correct-beside-persons';
import type { CorrectedCounts, CorrectedScans } from './correct-rows';
import { mixedFiles } from './file-words';
import { knownParts } from './known-parts';
import { joinParts, layoutFor, vertexNamer } from './map-layout';
import type { BlockCorrection, MapsModel } from './maps-model';
import { blockCorrection } from './maps-model';
import type { ScanFiles } from './maps-run';
import { partPatterns } from './part-patterns';
import type { PersonParts } from './person-parts';
import { partOfRow, personParts } from './person-parts';
import { readScan } from './read-scans';
import { severalAtOnce } from './several-at-once';
import { inNewStacks } from './stack-writers';
import { modelScale } from './unlike-model';
import { writeParts } from './write-maps';

/** What a model is applied to. */
export interface AppliedScans {
  readonly scans: readonly ScanFiles[];
  /** The same scans; its one feature is a place holder. */
  readonly cohort: FeatureCohort;
  readonly coded: CorrectedScans;
  readonly policy: UnseenPersonPolicy;
  readonly options: RunOptions & { readonly memory?: number };
}

/** Applies a model to maps: a few scans at a time are read, corrected block after block, and written. */
export async function applyInGroups(
  { parts, frame, persons }: MapsModel,
  arrays: DoublesFile,
  { scans, cohort, coded, policy, options }: AppliedScans,
): Promise<{ readonly counts: CorrectedCounts; readonly issues: readonly Issue[] }> {
  const layout = layoutFor(parts, 'float64', { scans: scans.length, memory: options.memory ?? 192 });
  const { vertices } = layout;
  const correct = groupCorrector(await blocksOf(frame, arrays, vertices), {
    coded,
    nameOf: vertexNamer(parts),
    partsOf: persons && personParts({ model: persons, arrays, vertices, cohort, policy }),
  });
  const known = await knownParts(parts, arrays);
  const scale = modelScale(known, coded.log);
  const patterns = partPatterns(known, coded.log);
  const report = progressReporter('harmonizing maps', scans.length, options);
  const counts = { negative: 0, unmodelled: 0 };
  const example = parts.map(({ name }) => `the model's ${name}`);
  // What sets a person apart may be seen in all scans of the person together.
  const together = persons && cohort.participants.persons;
  let done = 0;
  await inNewStacks(scans, async (stacks) => {
    for (const rows of groupsOfScans(scans.length, { size: layout.group, together })) {
      await breathe(options.signal);
      const some = rows.map((row) => scans[row]);
      for (const folder of new Set(some.flatMap(({ to }) => to.map((path) => dirname(path)))))
        await makeFolder(folder);
      const values = await severalAtOnce(some, async (scan) => {
        const { maps } = await readScan(scan);
        const type = maps.some((map) => map instanceof Float64Array) ? 'float64' : 'float32';
        return joinParts(maps, scan.from, { layout: { ...layout, type }, example });
      });
      some.forEach(({ id }, at) => {
        scale.note(id, values[at]);
        patterns.note(rows[at], 0, values[at]);
      });
      await correct(rows, values, counts);
      await severalAtOnce(some, async (scan, at) => {
        await writeParts(scan, values[at], { parts, stacks });
        report(++done);
      });
    }
  });
  const names = parts.map(({ name }) => name);
  return {
    counts,
    issues: [...mixedFiles(scans, names), ...scale.issues(), ...patterns.issues(scans.map(({ id }) => id))],
  };
}

/** Makes the function that corrects the maps of some scans in place. */
function groupCorrector(
  blocks: readonly BlockCorrection[],
  {
    coded,
    nameOf,
    partsOf,
  }: {
    readonly coded: CorrectedScans;
    readonly nameOf: (vertex: number) => string;
    readonly partsOf?: PersonParts;
  },
): (rows: readonly number[], values: readonly MapValues[], counts: CorrectedCounts) => Promise<void> {
  const correct = correctorBesidePersons(coded, nameOf);
  return async (rows, values, counts) => {
    for (const block of blocks) {
      const { first, width } = block;
      const own = values.map((all) => all.subarray(first, first + width));
      const part = partsOf && (await partsOf(rows, block, joined(own, width)));
      own.forEach((from, at) => {
        correct(block, rows[at], { from, to: from, part: partOfRow(part, at, width) }, counts);
      });
    }
  };
}

function joined(rows: readonly MapValues[], width: number): Float64Array {
  const all = new Float64Array(rows.length * width);
  rows.forEach((row, at) => all.set(row, at * width));
  return all;
}

/**
 * The rows of scans in groups of about so many.
 *
 * @param of.together - the person of each scan, where all scans of a person are to be in one group: then a group may be larger
 */
function groupsOfScans(
  count: number,
  { size, together }: { readonly size: number; readonly together?: readonly string[] },
): readonly (readonly number[])[] {
  const apart = Array.from({ length: count }, (_, row) => [row]);
  const groups: number[][] = [];
  for (const rows of together === undefined ? apart : rowsOfPersons(together)) {
    const last = groups.at(-1);
    if (last === undefined || last.length + rows.length > size) groups.push([...rows]);
    else last.push(...rows);
  }
  return groups;
}

function rowsOfPersons(persons: readonly string[]): readonly (readonly number[])[] {
  const rows = new Map<string, number[]>();
  persons.forEach((person, row) => {
    const own = rows.get(person);
    if (own === undefined) rows.set(person, [row]);
    else own.push(row);
  });
  return [...rows.values()];
}

async function blocksOf(
  frame: CombatModel,
  arrays: DoublesFile,
  vertices: number,
): Promise<readonly BlockCorrection[]> {
  const width = Math.min(vertices, 4096);
  const blocks: BlockCorrection[] = [];
  for (let first = 0; first < vertices; first += width) {
    const range = { first, width: Math.min(width, vertices - first), vertices };
    blocks.push(await blockCorrection(frame, arrays, range));
  }
  return blocks;
}
