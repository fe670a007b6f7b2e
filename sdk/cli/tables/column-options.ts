import type { Command } from 'commander';
import { listOf } from '../option-values';
import { addFolderOptions, unitsOf } from './folder-options';

/** The options of {@link addColumnOptions} by their attributes. */
export const columnOptionNames: readonly string[] = [
  ...['categorical', 'continuous', 'unit', 'features', 'measures', 'parcellation'],
];

/** Adds the options that say which columns of a table, or files of a FreeSurfer folder, are covariates and features. */
export function addColumnOptions(command: Command): Command {
  command
    .option('--categorical <names>', 'covariates that are categorical whatever they look like', listOf, [])
    .option('--continuous <names>', 'covariates that are continuous whatever they look like', listOf, [])
    .option('--unit <units>', 'units of continuous covariates, for example age=years', unitsOf, {})
    .option(
      '--features <patterns>',
      "names or globs, for example '{lh,rh}_*_thickness', or, to leave some out, '!*_total' (default: the other columns of measures)",
    );
  return addFolderOptions(command, {
    measures: 'thickness',
    parcellation: 'aparc, or the only one there is',
  });
}
