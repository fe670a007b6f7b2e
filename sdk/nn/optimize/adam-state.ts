import type { Tensor } from '@tensorflow/tfjs-core';
import { tensor, tidy } from '@tensorflow/tfjs-core';
import type { WeightArray, WeightTable } from '../../data/networks/weights';
import { ConcordError } from '../../errors';
import { toWeightTable } from '../parameters';
import type { AdamState } from './adam';

/** The parameters that a state belongs to, by path: what `flattenTree` gives of tensors or of arrays. */
export type ParameterShapes = ReadonlyMap<string, { readonly shape: readonly number[] }>;

/**
 * Reads what Adam remembers back from the backend, for a checkpoint: `<prefix>.step` and, for each parameter,
 * `<prefix>.first.<path>` and `<prefix>.second.<path>`. {@link adamStateFrom} restores it bit for bit. The state stays
 * as it is.
 *
 * @param params - the parameters in the order of the state
 * @param prefix - what the names begin with; a checkpoint may hold several states
 * @throws ConcordError `invalid-option` when there are more or fewer parameters than the state has.
 */
export async function adamStateArrays(
  state: AdamState,
  params: ParameterShapes,
  prefix: string,
): Promise<WeightTable> {
  if (params.size !== state.first.length) {
    throw new ConcordError(
      'invalid-option',
      `invalid parameters: ${params.size} paths for a state of ${state.first.length} parameters`,
    );
  }
  const named = (moment: 'first' | 'second'): [string, Tensor][] =>
    [...params.keys()].map((path, index) => [`${prefix}.${moment}.${path}`, state[moment][index]]);
  const moments = await toWeightTable(Object.fromEntries([...named('first'), ...named('second')]));
  // A float32 counts to 2²⁴ exactly; by then all that steps matter for, the bias correction, has long been 1.
  const step: WeightArray = { shape: [], data: Float32Array.of(state.step) };
  return new Map([[`${prefix}.step`, step], ...moments]);
}

/**
 * Restores what Adam remembers from a checkpoint's arrays, see {@link adamStateArrays}. The caller disposes its
 * tensors.
 *
 * @param params - the parameters in the order that the state is to have
 * @throws ConcordError `malformed-model` when an array is missing or has another shape than its parameter.
 */
export function adamStateFrom(table: WeightTable, params: ParameterShapes, prefix: string): AdamState {
  const read = (name: string, shape: readonly number[]): Float32Array => {
    const array = table.get(`${prefix}.${name}`);
    if (array !== undefined && array.shape.join() === shape.join()) return array.data;
    const found = array === undefined ? 'missing' : `of shape [${array.shape.join(', ')}]`;
    throw new ConcordError(
      'malformed-model',
      `optimizer state does not fit the network: ${prefix}.${name} is ${found} ([${shape.join(', ')}] is required)`,
    );
  };
  const restore = (moment: string): Tensor[] =>
    [...params].map(([path, { shape }]) => tensor(read(`${moment}.${path}`, shape), [...shape], 'float32'));
  return tidy(() => ({ step: read('step', [])[0], first: restore('first'), second: restore('second') }));
}
