import { drawNoise } from '../../diffusion/denoising-loss';
import type { Random } from '../../math/random';
import { meanLoss } from '../../nn/train/mean-loss';
import type { DdaeInputs, DdaeLossSetting, DdaeTensors } from './ddae-losses';
import { steeredLoss } from './ddae-losses';
import { knownCode, unknownCode } from '../network/ddae-network';

/** Samples held out, a few at a time. */
export interface JudgedBatch {
  readonly count: number;
  /** Puts them on the backend. */
  readonly inputs: () => DdaeInputs;
}

/**
 * Judges networks by the denoising loss on samples held out: of codes as they are, neither disguised nor withheld.
 *
 * @param random - draws times and noise: the same ones for the same seed
 */
export async function judgeDdae(
  { ddae }: DdaeTensors,
  batches: readonly JudgedBatch[],
  { random, ...setting }: DdaeLossSetting & { readonly random: Random },
): Promise<number> {
  const { layout, schedule } = setting;
  return meanLoss(batches, ({ inputs }) => {
    const { clean, variables } = inputs();
    const codes = { known: knownCode(ddae, variables, layout), unknown: unknownCode(ddae, clean, layout) };
    return steeredLoss(ddae, { clean, codes, draw: drawNoise(random, clean.shape, schedule) }, setting);
  });
}
