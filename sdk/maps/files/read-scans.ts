import { breathe } from '../../data/run-options';
import type { FileMark } from '../../io/maps/file-marks';
import { fileTime, summaryOf, valuesDigest } from '../../io/maps/file-marks';
import type { MapValues } from '../../io/maps/map-format';
import { readNotedMap } from '../../io/maps/map-file';
import type { WorkFolder } from '../../io/maps/work-folder';
import { noteMarks } from '../journal';
import { joinParts } from '../map-layout';
import type { MapsRun, ScanFiles } from '../maps-run';
import { severalAtOnce } from './several-at-once';

/** The files of one scan as they were read. */
export interface ReadScan {
  readonly maps: readonly MapValues[];
  readonly marks: readonly FileMark[];
}

/** Reads the files of one scan. */
export async function readScan({ from, frames }: Pick<ScanFiles, 'from' | 'frames'>): Promise<ReadScan> {
  const maps: MapValues[] = [];
  const marks: FileMark[] = [];
  for (const [k, path] of from.entries()) {
    // The time from before: what is written while it is read is noticed later.
    const time = await fileTime(path);
    const { values, notes } = await readNotedMap(path, frames[k]);
    maps.push(values);
    marks.push({ ...time, digest: valuesDigest(values), ...summaryOf(values), notes });
  }
  return { maps, marks };
}

/**
 * The first pass: reads every map once and writes the temporary file, block after block of vertices. Groups of scans that are
 * there already are not read again.
 */
export async function readScans(run: MapsRun, work: WorkFolder): Promise<void> {
  const { scans, layout, scratch } = run;
  const marks = [...run.marks()];
  for (let first = run.state().read; first < scans.length; first += layout.group) {
    await breathe(run.run.signal);
    const some = scans.slice(first, first + layout.group);
    const read = await severalAtOnce(some, async (scan) => {
      const { maps, marks: own } = await readScan(scan);
      const joined = joinParts(maps, scan.from, { layout, example: scans[0].from });
      run.worked(1);
      return { joined, own };
    });
    await scratch.writeScans(
      first,
      read.map(({ joined }) => joined),
    );
    marks.splice(first, marks.length - first, ...read.map(({ own }) => own));
    run.remember(marks);
    await noteMarks(work, marks);
    await run.advance({ read: first + some.length });
  }
}
