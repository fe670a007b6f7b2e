import { tensor2d } from '@tensorflow/tfjs-core';
import type { Issue } from '../data/issue';
import { oneOf } from '../data/one-of';
import type { RunOptions } from '../data/run-options';
import { invertDdim } from '../diffusion/ddim';
import { requireTime } from '../diffusion/noise-schedule';
import { ConcordError } from '../errors';
import { numbersOf } from '../nn/images/numbers-of';
import type { DdaeModel } from './ddae-model';
import { knownCode, unknownCode } from './ddae-network';
import type { DdaeCohort, GivenSamples } from './given-samples';
import { givenSamples } from './given-samples';
import { encodeKnown } from './known-variables';
import type { OpenDdae } from './open-ddae';
import { denoiserWith, samplesTensor } from './open-ddae';
import { sourceSites } from './source-sites';

import type { EncodeOptions } from './encode-options';
/** {@link EncodeOptions} with defaults filled in. */
export type EncodeSettings = Required<Omit<EncodeOptions, keyof RunOptions>> & Pick<RunOptions, 'signal'>;

/** Fills in the defaults and checks them. */
export function encodeSettings({ diffusion }: DdaeModel, options: EncodeOptions): EncodeSettings {
  const {
    steps = 20,
    stochastic = true,
    until = diffusion.times,
    unseen = 'error',
    batchSize = 32,
  } = options;
  oneOf('unseen', unseen, ['error', 'average', 'nearest']);
  for (const [name, value] of Object.entries({ steps, batchSize })) {
    if (Number.isInteger(value) && value > 0) continue;
    throw new ConcordError('invalid-option', `invalid ${name}: ${value} (a whole number above 0)`);
  }
  requireTime(diffusion.times, until, 1);
  return { steps, stochastic, until, unseen, batchSize, signal: options.signal };
}

/** A cohort ready to be encoded. */
export interface Prepared {
  readonly given: GivenSamples;
  readonly count: number;
  /** c of each participant. */
  readonly variables: Float32Array;
  readonly issues: readonly Issue[];
}

/** Scales a cohort and finds out what is known of everyone. */
export async function prepare(
  open: OpenDdae,
  cohort: DdaeCohort,
  { unseen, signal }: Pick<EncodeSettings, 'unseen' | 'signal'>,
): Promise<Prepared> {
  const { model } = open;
  const given = await givenSamples(model, cohort, { signal });
  const { participants } = cohort;
  const { shares, issues } = await sourceSites(open, { participants, given }, { unseen, signal });
  const variables = encodeKnown(participants, shares, model.known);
  return { given, count: given.rows.length, variables, issues };
}

/** The codes of a few images. */
export async function encodeBatch(
  open: OpenDdae,
  { prepared, positions }: { readonly prepared: Prepared; readonly positions: readonly number[] },
  settings: EncodeSettings,
): Promise<{
  readonly known: Float32Array;
  readonly unknown: Float32Array;
  readonly noise?: Float32Array;
}> {
  const { given, variables } = prepared;
  const samples = samplesTensor(open, await given.source.read(positions));
  const known = knownOf(open, takeRows(variables, given.rows, positions), positions.length);
  const unknown = unknownCode(open.weights, samples, open.layout);
  try {
    const noise = settings.stochastic
      ? await invertDdim(denoiserWith(open, { known, unknown }), samples, {
          schedule: open.schedule,
          prediction: open.model.diffusion.prediction,
          ...settings,
        })
      : undefined;
    try {
      return {
        known: await numbersOf(known),
        unknown: await numbersOf(unknown),
        ...(noise === undefined ? {} : { noise: await numbersOf(noise) }),
      };
    } finally {
      noise?.dispose();
    }
  } finally {
    known.dispose();
    unknown.dispose();
    samples.dispose();
  }
}

/** The means of z_κ. */
export function knownOf(
  { weights, layout }: OpenDdae,
  variables: Float32Array,
  count: number,
): ReturnType<typeof knownCode> {
  const input = tensor2d(variables, [count, variables.length / count]);
  try {
    return knownCode(weights, input, layout);
  } finally {
    input.dispose();
  }
}

/** The known variables of the participants that images belong to, one row each. */
export function takeRows(
  variables: Float32Array,
  rows: Int32Array,
  positions: readonly number[],
): Float32Array {
  const width = variables.length / (Math.max(...rows) + 1);
  const taken = new Float32Array(positions.length * width);
  positions.forEach((position, i) => {
    taken.set(variables.subarray(rows[position] * width, (rows[position] + 1) * width), i * width);
  });
  return taken;
}
