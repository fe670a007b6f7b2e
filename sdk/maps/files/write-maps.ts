import { dirname } from 'node:path';
import { breathe } from '../../data/run-options';
import { makeFolder } from '../../io/files/make-folder';
import type { MapValues } from '../../io/maps/map-format';
import { writeMapLike } from '../../io/maps/map-file';
import { correctorBesidePersons } from '../persons/correct-beside-persons';
import type { CorrectedScans } from '../correct-rows';
import { requireSame } from '../journal';
import { takeApart } from '../map-layout';
import type { BlockCorrection } from '../maps-model';
import type { MapsRun, ScanFiles } from '../maps-run';
import type { MapPart } from '../map-layout';
import type { PartPatterns } from '../parts/part-patterns';
import type { PersonParts } from '../persons/person-parts';
import { partOfRow } from '../persons/person-parts';
import { severalAtOnce } from './several-at-once';
import type { StackWriters } from './stack-writers';
import { nameStacks, openStacks } from './stack-writers';

/** All persons of a run are in its model. */
const noValues = new Float64Array(0);

/**
 * The last pass: corrects the values of a few scans at a time, block after block, and writes their maps. Scans that are written
 * already are not written again.
 */
export async function writeMaps(
  run: MapsRun,
  blocks: readonly BlockCorrection[],
  of: { readonly corrected: CorrectedScans; readonly parts?: PersonParts; readonly patterns: PartPatterns },
): Promise<void> {
  await noteWritten(run, of.patterns);
  const stacks = await stacksOfRun(run);
  try {
    await writeScans(run, blocks, { ...of, stacks });
  } finally {
    await stacks.close();
  }
  await nameStacks(run.scans, unfinishedStack);
}

/** Looks at the values of scans that were written before the run was stopped. */
async function noteWritten(run: MapsRun, patterns: PartPatterns): Promise<void> {
  const { scratch, layout } = run;
  const { written } = run.state();
  for (let first = 0; first < written; first += layout.group) {
    await breathe(run.run.signal);
    const count = Math.min(layout.group, written - first);
    for (let at = 0; at < scratch.blocks; at++) {
      const table = await scratch.readBlock(at, { first, count });
      const { first: from, width } = scratch.range(at);
      for (let row = 0; row < count; row++)
        patterns.note(first + row, from, table.subarray(row * width, (row + 1) * width));
    }
  }
}

async function writeScans(
  run: MapsRun,
  blocks: readonly BlockCorrection[],
  {
    corrected,
    parts,
    patterns,
    stacks,
  }: {
    readonly corrected: CorrectedScans;
    readonly parts?: PersonParts;
    readonly patterns: PartPatterns;
    readonly stacks: StackWriters;
  },
): Promise<void> {
  const { scans, layout, scratch } = run;
  const { vertices, type, group } = layout;
  const correct = correctorBesidePersons(corrected, run.nameOf);
  const out = Array.from({ length: group }, (): MapValues =>
    type === 'float32' ? new Float32Array(vertices) : new Float64Array(vertices),
  );
  const made = new Set<string>();
  for (let first = run.state().written; first < scans.length; first += group) {
    await breathe(run.run.signal);
    const some = scans.slice(first, first + group);
    const counts = { negative: 0, unmodelled: 0 };
    const rows = some.map((_, row) => first + row);
    for (const [at, block] of blocks.entries()) {
      const table = await scratch.readBlock(at, { first, count: some.length });
      const { first: from, width } = block;
      const part = await parts?.(rows, block, noValues);
      some.forEach((_, row) => {
        const values = {
          from: table.subarray(row * width, (row + 1) * width),
          to: out[row].subarray(from, from + width),
          part: partOfRow(part, row, width),
        };
        patterns.note(first + row, from, values.from);
        correct(block, first + row, values, counts);
      });
    }
    for (const folder of some.flatMap(({ to }) => to.map((path) => dirname(path)))) {
      if (!made.has(folder)) await makeFolder(folder);
      made.add(folder);
    }
    await severalAtOnce(some, async (scan, row) => {
      const marks = run.marks()[first + row];
      for (const [k, path] of scan.from.entries()) await requireSame(path, marks[k], scan.frames[k]);
      await writeParts(scan, out[row], { parts: layout.parts, stacks });
      run.worked(1);
    });
    await run.advance({ written: first + some.length }, counts);
  }
}

/** Where a stack is until all of its maps are written: beside its place, since that may be on another disk than temporary files. */
function unfinishedStack(path: string): string {
  return `${path}.unfinished`;
}

async function stacksOfRun(run: MapsRun): Promise<StackWriters> {
  const { scans } = run;
  const { written } = run.state();
  // All are written, and may have their names.
  if (written === scans.length) return openStacks([], { unfinished: unfinishedStack });
  return openStacks(scans, { unfinished: unfinishedStack, continues: written > 0 });
}

/** Writes the maps of one scan in the formats of the files that they were read from, or into the stacks of all scans. */
export async function writeParts(
  { from, to, frames }: ScanFiles,
  values: MapValues,
  { parts, stacks }: { readonly parts: readonly MapPart[]; readonly stacks: StackWriters },
): Promise<void> {
  for (const [k, part] of takeApart(values, parts).entries()) {
    const frame = frames[k];
    if (frame === undefined) await writeMapLike(part, to[k], { like: from[k], overwrite: true });
    else await stacks.write(to[k], frame, part);
  }
}
