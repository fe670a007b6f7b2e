import type { Command } from 'commander';
import { counted } from '../../data/counted';
import type { MapsPlace } from '../../maps/maps-options';
import { familyFlag } from '../tables/table-flags';
import { listOf, missingMarks, positiveOf } from '../option-values';

/** The flags that say where maps are and where they go. */
export interface MapFlags {
  readonly files: readonly string[];
  readonly out: string;
  readonly root?: string;
  readonly id?: string;
  readonly site: string;
  readonly person?: string;
  readonly family?: readonly string[];
  readonly missing?: readonly string[];
  readonly memMb?: number;
  readonly overwrite: boolean;
  readonly json: boolean;
}

/** Adds the flags of {@link MapFlags}. */
export function addMapFlags(command: Command): Command {
  return command
    .requiredOption(
      '--files <columns>',
      'the columns of files, which name the parts: lh,rh; relative files begin at the folder of the table; a file that all rows name is a stack with a map of each row, in their order (.mgh, or .npy of scans × vertices)',
      listOf,
    )
    .requiredOption(
      '--out <folder>',
      'where to write; maps keep their names, formats and places below --root',
    )
    .option('--root <folder>', 'the folder that all maps are in (default: the deepest that all are in)')
    .option('--id <column>', 'the column of ids (default: id, participant_id, subject or subject_id)')
    .option('--site <column>', 'the column of sites', 'site')
    .option(
      '--person <column>',
      'the column that says who was scanned, where persons were scanned several times',
    )
    .option(...familyFlag)
    .option(
      '--missing <marks>',
      'more texts that mark a missing value, for example -999 or, in one column, sex=9; may be repeated',
      (text: string, before: readonly string[] = []) => [...before, ...missingMarks(text)],
    )
    .option('--mem-mb <megabytes>', 'values held at a time (default: 192); results are the same', positiveOf)
    .option('--overwrite', 'replace files of an earlier run, and begin anew where one was stopped', false)
    .option('--json', 'print the result as JSON', false);
}

/** How many maps were written, and in how many files where stacks are among them. */
export function mapsWritten(scans: number, parts: number, files: readonly string[]): string {
  const maps = counted(scans * parts, 'map');
  return files.length === scans * parts ? maps : `${maps} in ${counted(files.length, 'file')}`;
}

/** The flags as options. */
export function mapsPlaceOf(flags: MapFlags): MapsPlace {
  const { files, out, root, id, site, person, family, missing, memMb, overwrite } = flags;
  return { files, out, root, id, site, person, family, missing, memory: memMb, overwrite };
}
