import type { Command } from 'commander';
import type { CombatEb } from '../combat/combat-model';
import type { UnseenSitePolicy } from '../combat/unseen-site';

/** What the options of `concord harmonize` hold once parsed. */
export interface HarmonizeFlags {
  readonly out: string;
  readonly site: string;
  readonly id?: string;
  readonly preserve: readonly string[];
  readonly categorical: readonly string[];
  readonly continuous: readonly string[];
  readonly features?: string;
  readonly participants?: string;
  readonly missing?: readonly string[];
  readonly dropMissing: boolean;
  readonly eb: CombatEb;
  readonly meanOnly: boolean;
  readonly reference?: string;
  readonly transform: 'none' | 'log';
  readonly unseen: UnseenSitePolicy;
  readonly audit: boolean;
  readonly seed: number;
  readonly seeds: number;
  readonly overwrite: boolean;
  readonly json: boolean;
}

/** Refuses, as wrong usage, a kind stated for what is no covariate, or two kinds for one: both would say nothing. */
export function requireKindsOfCovariates(flags: HarmonizeFlags, command: Command): void {
  const { preserve, categorical, continuous } = flags;
  const allowed = preserve.length === 0 ? 'none: --preserve is not given' : preserve.join(', ');
  for (const [option, names] of [
    ['--categorical', categorical],
    ['--continuous', continuous],
  ] as const) {
    const stray = names.find((name) => !preserve.includes(name));
    if (stray !== undefined) {
      wrongUsage(
        command,
        `option '${option}' names "${stray}", which --preserve does not (allowed: ${allowed})`,
      );
    }
  }
  const both = categorical.find((name) => continuous.includes(name));
  if (both === undefined) return;
  wrongUsage(
    command,
    `options '--categorical' and '--continuous' both name "${both}" (allowed: one of them)`,
  );
}

function wrongUsage(command: Command, problem: string): never {
  return command.error(`error: ${problem}`, { exitCode: 2, code: 'concord.wrongUsage' });
}
