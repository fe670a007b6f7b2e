import type { Command } from 'commander';
import { covariatesOf } from '../../combat/design/formula';
import { suggestName } from '../../data/nearest-names';
import type { FiguresFlags } from '../report-figures';
import type { ReadingFlags } from './load-for-harmonize';
import { wrongUsage } from '../option-values';

/** What the options of `concord harmonize` hold once parsed, those of methods apart. */
export interface HarmonizeFlags extends ReadingFlags, FiguresFlags {
  readonly method: string;
  readonly out: string;
  readonly audit: boolean;
  readonly seed: number;
  readonly seeds: number;
  readonly maxSubjects: number;
  readonly overwrite: boolean;
  readonly json: boolean;
}

/** Refuses, as wrong usage, a kind stated for what is no covariate, which would have no effect, or two kinds for one. */
export function requireKindsOfCovariates(
  flags: Pick<HarmonizeFlags, 'preserve' | 'categorical' | 'continuous' | 'unit'>,
  command: Command,
): void {
  const { categorical, continuous, unit } = flags;
  const preserve = covariatesOf(flags.preserve, 'preserve');
  const allowed = preserve.length === 0 ? 'none: --preserve is not given' : preserve.join(', ');
  for (const [option, names] of [
    ['--categorical', categorical],
    ['--continuous', continuous],
    ['--unit', Object.keys(unit)],
  ] as const) {
    const stray = names.find((name) => !preserve.includes(name));
    if (stray !== undefined) {
      wrongUsage(
        command,
        `option '${option}' names "${stray}", which --preserve does not (${suggestName(stray, preserve, `allowed: ${allowed}`)})`,
      );
    }
  }
  const measured = categorical.find((name) => unit[name] !== undefined);
  if (measured !== undefined) {
    wrongUsage(command, `option '--unit' names "${measured}", which '--categorical' says has no unit`);
  }
  const both = categorical.find((name) => continuous.includes(name));
  if (both === undefined) return;
  wrongUsage(
    command,
    `options '--categorical' and '--continuous' both name "${both}" (allowed: one of them)`,
  );
}
