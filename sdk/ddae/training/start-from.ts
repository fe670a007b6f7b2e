import type { WeightArray } from '../../data/networks/weights';
import { ConcordError } from '../../errors';
import { differingSizes } from '../../nn/train/start-from';
import type { DdaeModel } from '../ddae-model';
import type { DdaeWeights } from '../network/ddae-network';
import type { KnownVariable } from '../samples/known-variables';

/** What a training is for that starts from a model. */
export type DdaeStart = Pick<DdaeModel, 'architecture' | 'diffusion' | 'sites' | 'known'>;

/**
 * Checks that a training can start from a model.
 *
 * @throws ConcordError `invalid-option` naming what differs.
 */
export function requireFittingDdae(model: DdaeModel, wanted: DdaeStart): void {
  const differing = [
    ...differingSizes(model.architecture, wanted.architecture),
    ...differingSizes(model.diffusion, wanted.diffusion),
  ];
  if (differing.length === 0) return;
  throw new ConcordError(
    'invalid-option',
    `invalid startFrom: it has ${differing.join('; ')} (give the same size, architecture and diffusion, and images of the same shape)`,
  );
}

/**
 * The weights that a training starts from: those of a model, but of sites and of levels that it does not know, which begin
 * as drawn.
 */
export function startingWeights(
  model: DdaeModel,
  wanted: DdaeStart,
  drawn: DdaeWeights<WeightArray>,
): DdaeWeights<WeightArray> {
  const { semantic, denoiser, known } = model.weights as DdaeWeights<WeightArray>;
  const [before, names] = [variableNames(model), variableNames(wanted)];
  const kernel = drawn.known.kernel;
  const width = kernel.data.length / names.length;
  const data = kernel.data.slice();
  names.forEach((name, row) => {
    const from = before.indexOf(name);
    if (from === -1) return;
    data.set(known.kernel.data.subarray(from * width, (from + 1) * width), row * width);
  });
  return { semantic, denoiser, known: { ...known, kernel: { ...kernel, data } } };
}

/** What each number of the known variables says, in their order. */
function variableNames({ sites, known }: Pick<DdaeModel, 'sites' | 'known'>): readonly string[] {
  return [
    ...sites.map((site) => JSON.stringify(['site', site])),
    ...known.flatMap((variable: KnownVariable) =>
      variable.kind === 'continuous'
        ? [JSON.stringify([variable.name])]
        : variable.levels.map((level) => JSON.stringify([variable.name, level])),
    ),
  ];
}
