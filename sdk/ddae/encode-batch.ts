import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { Issue } from '../data/issue';
import { invertDdim } from '../diffusion/ddim';
import type { Features } from '../nn/blocks/convolution';
import { rowsTensor } from '../nn/images/image-model';
import { disposeTree } from '../nn/parameters';
import { knownCode, unknownCode } from './network/ddae-network';
import type { EncodeSettings } from './encode-options';
import type { DdaeCohort, GivenSamples } from './samples/given-samples';
import { givenSamples } from './samples/given-samples';
import { encodeKnown, takeVariables } from './samples/known-variables';
import type { OpenDdae } from './open-ddae';
import { denoiserWith, samplesTensor } from './open-ddae';
import { sourceSites } from './samples/source-sites';

/** A cohort ready to be encoded. */
export interface Prepared {
  readonly given: GivenSamples;
  /** c of each participant, and how many there are. */
  readonly variables: Float32Array;
  readonly people: number;
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
  return { given, variables, people: participants.ids.length, issues: [...given.issues, ...issues] };
}

/** The codes of a few images on the backend: the caller disposes them. */
export type CodesOfBatch = {
  readonly known: Tensor2D;
  readonly unknown: Tensor2D;
  readonly noise?: Features;
};

/** Encodes a few images. */
export async function encodeBatch(
  open: OpenDdae,
  { prepared, positions }: { readonly prepared: Prepared; readonly positions: readonly number[] },
  settings: EncodeSettings,
): Promise<CodesOfBatch> {
  const { given, variables, people } = prepared;
  const rows = positions.map((position) => given.rows[position]);
  const samples = samplesTensor(open, await given.source.read(positions));
  const known = knownOf(open, takeVariables(variables, rows, people), positions.length);
  const unknown = unknownCode(open.weights, samples, open.layout);
  try {
    if (!settings.stochastic) return { known, unknown };
    const noise = await invertDdim(denoiserWith(open, { known, unknown }), samples, {
      schedule: open.schedule,
      prediction: open.model.diffusion.prediction,
      ...settings,
    });
    return { known, unknown, noise };
  } catch (error) {
    disposeTree({ known, unknown });
    throw error;
  } finally {
    samples.dispose();
  }
}

/** The means of z_κ. */
export function knownOf(
  { weights, layout }: OpenDdae,
  variables: Float32Array,
  count: number,
): ReturnType<typeof knownCode> {
  const input = rowsTensor<Tensor2D>(variables, [variables.length / count]);
  try {
    return knownCode(weights, input, layout);
  } finally {
    input.dispose();
  }
}
