// One method on one ground, judged beside raw scans, which are judged once.
import { join } from 'node:path';
import * as concord from 'concord-mri';
import type { RawExtras } from './extra-figures';
import { extraFigures, rawExtras } from './extra-figures';
import type { Ground } from './grounds';
import type { Harmonized } from './harmonized';
import { alreadyMade } from './harmonized';
import { kept } from './kept';
import type { StudyStep } from './study-types';

/** How scans are judged. */
export interface Judging {
  /** Of splits, weights of probes and bootstrap. */
  readonly seed: number;
  /** Of training of each probe. */
  readonly steps: number;
  /** Where what was found of raw scans is kept. */
  readonly folder: string;
}

interface RawFound {
  readonly raw: concord.audits.JudgedRaw;
  readonly extras: RawExtras;
}

/** The figures of a method. */
export async function judgedMethod(
  name: string,
  made: Harmonized,
  { ground, judging }: { readonly ground: Ground; readonly judging: Judging },
): Promise<Pick<StudyStep, 'comparison' | 'extra'>> {
  const { judged, truth, target } = ground;
  const { seed, steps } = judging;
  const options = { target, truth, seed, steps, mask: 'common', covariates: ['age', 'sex'] } as const;
  const found = await kept(
    join(judging.folder, `raw-${seed}-${steps}.v8.gz`),
    async (): Promise<RawFound> => {
      const raw = await concord.audits.judgeRaw(judged, options);
      return { raw, extras: await rawExtras(ground, seed) };
    },
  );
  const comparison = await concord.compareMethods(judged, [alreadyMade(name, made.images, target)], {
    ...options,
    raw: found.raw,
    heldOut: [name],
  });
  if (comparison.methods.length === 0) {
    throw new Error(comparison.issues.map(({ message }) => message).join('\n'));
  }
  const extra = await extraFigures(made.images, ground, {
    before: found.extras,
    seed,
  });
  const { rows, issues, evaluated, persons, notes, sites } = comparison;
  return { comparison: { rows, issues, evaluated, persons, notes, sites, target }, extra };
}
