import { dirname } from 'node:path';
import type { CombatModel } from '../combat/combat-model';
import type { UnseenPersonPolicy } from '../combat/longitudinal/longitudinal-options';
import type { NewSiteEstimate } from '../combat/new-site-policy';
import type { FeatureCohort } from '../data/cohort';
import type { Issue } from '../data/issue';
import type { RunOptions } from '../data/run-options';
import { breathe, progressReporter } from '../data/run-options';
import { rowsBy } from '../data/group-by';
import { makeFolder } from '../io/files/make-folder';
import type { DoublesFile } from '../io/maps/doubles-file';
import type { MapValues } from '../io/maps/map-format';
import { correctorBesidePersons } from './persons/correct-beside-persons';
import type { CorrectedCounts, CorrectedScans } from './correct-rows';
import type { MapNotes } from '../io/volumes/surfaces/surface-map';
import { mixedFiles, otherThanModel } from './doubts/file-words';
import { knownParts } from './parts/known-parts';
import { joinParts, layoutFor, vertexNamer } from './map-layout';
import { saidMaps } from './doubts/map-words';
import type { BlockCorrection, MapsModel } from './maps-model';
import { blockCorrection } from './maps-model';
import type { ScanFiles } from './maps-run';
import { partPatterns } from './parts/part-patterns';
import type { NewSiteScans } from './new-sites';
import { estimateNewSites } from './new-sites';
import type { PersonParts } from './persons/person-parts';
import { partOfRow, personParts } from './persons/person-parts';
import type { ReadScan } from './files/read-scans';
import { readScan } from './files/read-scans';
import { severalAtOnce } from './files/several-at-once';
import { inNewStacks } from './files/stack-writers';
import { modelScale } from './doubts/unlike-model';
import { writeParts } from './files/write-maps';

/** What a model is applied to. */
export interface AppliedScans {
  readonly scans: readonly ScanFiles[];
  /** The same scans; its one feature is a place holder. */
  readonly cohort: FeatureCohort;
  readonly coded: CorrectedScans;
  readonly policy: UnseenPersonPolicy;
  /** How the effects of sites that the model does not know are estimated; where they are not, their values stay. */
  readonly newSites?: NewSiteEstimate;
  readonly options: RunOptions & { readonly memory?: number };
}

/** Applies a model to maps: a few scans at a time are read, corrected block after block, and written. */
export async function applyInGroups(
  { parts, frame, persons, words = [] }: MapsModel,
  arrays: DoublesFile,
  { scans, cohort, coded: known, policy, newSites, options }: AppliedScans,
): Promise<{ readonly counts: CorrectedCounts; readonly issues: readonly Issue[] }> {
  const layout = layoutFor(parts, 'float64', { scans: scans.length, memory: options.memory ?? 192 });
  const { vertices } = layout;
  const example = parts.map(({ name }) => `the model's ${name}`);
  const joinMaps = (scan: ScanFiles, { maps }: ReadScan): MapValues => {
    const type = maps.some((map) => map instanceof Float64Array) ? 'float64' : 'float32';
    return joinParts(maps, scan.from, { layout: { ...layout, type }, example });
  };
  const { blocks, coded, issues } = await withNewSites(await blocksOf(frame, arrays, vertices), {
    frame,
    arrays,
    coded: known,
    sites: cohort.participants.sites,
    persons: cohort.participants.persons,
    how: newSites,
    read: async (row) => joinMaps(scans[row], await readScan(scans[row])),
    run: options,
  });
  const correct = groupCorrector(blocks, {
    coded,
    nameOf: vertexNamer(parts),
    partsOf: persons && personParts({ model: persons, arrays, vertices, cohort, policy }),
  });
  const ofParts = await knownParts(parts, arrays);
  const scale = modelScale(ofParts, coded.log);
  const patterns = partPatterns(ofParts, coded.log);
  const report = progressReporter('harmonizing maps', scans.length, options);
  const counts = { negative: 0, unmodelled: 0 };
  // What sets a person apart may be seen in all scans of the person together.
  const together = persons && cohort.participants.persons;
  const notes = new Map<string, readonly (MapNotes | undefined)[]>();
  let done = 0;
  await inNewStacks(scans, async (stacks) => {
    for (const rows of groupsOfScans(scans.length, { size: layout.group, together })) {
      await breathe(options.signal);
      const some = rows.map((row) => scans[row]);
      for (const folder of new Set(some.flatMap(({ to }) => to.map((path) => dirname(path)))))
        await makeFolder(folder);
      const values = await severalAtOnce(some, async (scan) => {
        const read = await readScan(scan);
        notes.set(
          scan.id,
          read.marks.map((mark) => mark.notes),
        );
        return joinMaps(scan, read);
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
  const said = parts.flatMap(({ name }, part) => {
    const maps = saidMaps(scans, part, (scan) => notes.get(scans[scan].id)?.[part]);
    return [...mixedFiles(name, maps), ...otherThanModel(name, maps, words.at(part) ?? {})];
  });
  return {
    counts,
    issues: [...issues, ...said, ...scale.issues(), ...patterns.issues(scans.map(({ id }) => id))],
  };
}

/** Adds what is estimated of sites that the model does not know to the corrections of its own. */
async function withNewSites(
  blocks: readonly BlockCorrection[],
  {
    sites,
    how,
    ...of
  }: Omit<NewSiteScans, 'blocks' | 'sites' | 'how'> & {
    /** Of every scan. */
    readonly sites: readonly string[];
    readonly how: NewSiteEstimate | undefined;
  },
): Promise<{
  readonly blocks: readonly BlockCorrection[];
  readonly coded: CorrectedScans;
  readonly issues: readonly Issue[];
}> {
  const { coded, frame } = of;
  const rows = rowsBy(sites.map((site, row) => (coded.codes[row] === -1 ? site : undefined)));
  if (how === undefined || rows.size === 0) return { blocks, coded, issues: [] };
  const { corrections, issues } = await estimateNewSites({ ...of, blocks, sites: rows, how });
  const names = [...corrections.keys()];
  return {
    blocks: blocks.map((block) => {
      const own = (numbers: Float64Array): Float64Array =>
        numbers.subarray(block.first, block.first + block.width);
      const added = [...corrections.values()].map(({ shift, factor }) => ({
        shift: own(shift),
        factor: own(factor),
      }));
      return { ...block, sites: [...block.sites, ...added] };
    }),
    coded: {
      ...coded,
      codes: coded.codes.map((code, row) =>
        code === -1 ? frame.sites.length + names.indexOf(sites[row]) : code,
      ),
    },
    issues,
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
  for (const rows of together === undefined ? apart : rowsBy(together).values()) {
    const last = groups.at(-1);
    if (last === undefined || last.length + rows.length > size) groups.push([...rows]);
    else last.push(...rows);
  }
  return groups;
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
