import { correctorBesidePersons } from './persons/correct-beside-persons';
import type { CorrectedScans } from './correct-rows';
import type { BlockCorrection } from './maps-model';
import type { MapsRun } from './maps-run';
import type { PersonParts } from './persons/person-parts';
import { partOfRow } from './persons/person-parts';

/** A block of vertices before and after: scans × vertices, row-major; after as it is written. */
export interface BeforeAndAfter {
  readonly before: Float64Array;
  readonly after: Float64Array;
}

/** Makes the function that reads a block and corrects it for all scans. What it gives is used again by the next call. */
export function correctedBlocks(
  { scratch, scans, layout, nameOf }: MapsRun,
  { corrected, parts }: { readonly corrected: CorrectedScans; readonly parts?: PersonParts },
): (at: number, block: BlockCorrection) => Promise<BeforeAndAfter> {
  const correct = correctorBesidePersons(corrected, nameOf);
  const length = scans.length * layout.block;
  const whole = { before: new Float64Array(length), after: new Float64Array(length) };
  const rows = scans.map((_, scan) => scan);
  const row = layout.type === 'float32' ? new Float32Array(layout.block) : new Float64Array(layout.block);
  return async (at, block) => {
    const table = await scratch.readBlock(at, { first: 0, count: scans.length });
    const { width } = block;
    const cells = scans.length * width;
    const before = whole.before.subarray(0, cells);
    const after = whole.after.subarray(0, cells);
    before.set(table);
    const part = await parts?.(rows, block, before);
    const counts = { negative: 0, unmodelled: 0 };
    for (let scan = 0; scan < scans.length; scan++) {
      const to = row.subarray(0, width);
      const from = table.subarray(scan * width, (scan + 1) * width);
      correct(block, scan, { from, to, part: partOfRow(part, scan, width) }, counts);
      after.set(to, scan * width);
    }
    return { before, after };
  };
}
