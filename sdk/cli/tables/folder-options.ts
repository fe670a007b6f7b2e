import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { suggestName } from '../../data/nearest-names';
import type { FreeSurferMeasure } from '../../io/free-surfer/load-free-surfer-stats';
import { listOf, namedTextsOf, wrongUsage } from '../option-values';

/** The options of a folder of FreeSurfer or FastSurfer subjects. */
export interface FolderFlags {
  readonly measures?: readonly FreeSurferMeasure[];
  readonly parcellation?: string;
}

const allMeasures: readonly FreeSurferMeasure[] = ['thickness', 'area', 'volume', 'aseg'];

/**
 * Adds `--measures` and `--parcellation`.
 *
 * @param otherwise - what is taken where they are not given
 */
export function addFolderOptions(
  command: Command,
  otherwise: { measures: string; parcellation: string },
): Command {
  return command
    .option(
      '--measures <names>',
      `of a FreeSurfer folder: ${allMeasures.join(', ')}, separated by commas (default: ${otherwise.measures})`,
      measuresOf,
    )
    .option(
      '--parcellation <name>',
      `of a FreeSurfer folder: the middle of lh.NAME.stats (default: ${otherwise.parcellation})`,
    );
}

function measuresOf(text: string): readonly FreeSurferMeasure[] {
  return listOf(text).map((name) => {
    const measure = allMeasures.find((known) => known === name);
    if (measure === undefined)
      throw new InvalidArgumentError(suggestName(name, allMeasures, `${allMeasures.join(', ')} are allowed`));
    return measure;
  });
}

/** Refuses, as wrong usage, options of a folder where a table is given: nothing would come of them. */
export function requireFolder(command: Command, asFolder: boolean): void {
  if (asFolder) return;
  const stray = ['measures', 'parcellation'].find((name) => command.getOptionValueSource(name) === 'cli');
  if (stray !== undefined) wrongUsage(command, `option '--${stray}' is for a folder of FreeSurfer subjects`);
}

/** Parses `age=years,bmi=kg/m2`, and adds it to the values of earlier uses of the option. */
export function unitsOf(
  text: string,
  previous: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const units = namedTextsOf(text, 'NAME=UNIT is allowed, such as age=years');
  return { ...previous, ...Object.fromEntries(units) };
}
