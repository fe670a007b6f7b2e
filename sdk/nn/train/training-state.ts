import type { Tensor } from '@tensorflow/tfjs-core';
import { dispose } from '@tensorflow/tfjs-core';
import type { Tree, WeightArray, WeightTable } from '../../data/networks/weights';
import type { AdamState } from '../optimize/adam';
import { initAdam } from '../optimize/adam';
import { adamStateArrays, adamStateFrom } from '../optimize/adam-state';
import type { TensorsOf } from '../parameters';
import { disposeTree, toTensors, toWeightTable } from '../parameters';
import { flattenTree, mapTree, treeFromTable, underPrefix } from '../weight-trees';
import type { TrainingPlan } from './training-plan';

/** The networks of a run by name, on the backend. */
type Live = Record<string, Tree<Tensor>>;

/** Everything of a training run that lives on the backend. Its members are replaced during training. */
export interface TrainingState {
  networks: Live;
  /** Running averages of the weights, where the run keeps them. */
  averages?: Live;
  /** What the optimizer of each update remembers. */
  readonly optimizers: Map<string, AdamState>;
}

/** The weights of a run as it begins. */
export function newTrainingState<Networks extends Tree<WeightArray>, Batch>(
  plan: TrainingPlan<Networks, Batch>,
  withAverages: boolean,
): TrainingState {
  const networks = toTensors(plan.networks) as Live;
  const optimizers = new Map(
    plan.updates.map(({ name, trains }) => [name, initAdam(trainedLeaves(networks, trains))]),
  );
  return { networks, optimizers, ...(withAverages ? { averages: toTensors(plan.networks) as Live } : {}) };
}

/** The trained weights of some networks, in the order in which their gradients come. */
export function trainedLeaves(networks: Live, trains: readonly string[]): Tensor[] {
  return [...flattenTree(trainedTree(networks, trains)).values()];
}

/** The networks that an update trains. */
export function trainedTree(networks: Live, trains: readonly string[]): Live {
  return Object.fromEntries(trains.map((name) => [name, networks[name]]));
}

/** The networks with the trained ones replaced by new tensors, in the order of {@link trainedLeaves}. */
export function replaceTrained(networks: Live, trains: readonly string[], leaves: readonly Tensor[]): Live {
  let next = 0;
  const replaced = mapTree<Tensor, Tensor>(trainedTree(networks, trains), () => leaves[next++]);
  return { ...networks, ...(replaced as Live) };
}

/** Disposes all tensors of the run. */
export function disposeTrainingState({ networks, averages, optimizers }: TrainingState): void {
  disposeTree(networks);
  if (averages !== undefined) disposeTree(averages);
  for (const { first, second } of optimizers.values()) dispose([...first, ...second]);
}

/** The weights to judge and to return: the averages where there are any. */
export function judgedWeights<Networks>(state: TrainingState): TensorsOf<Networks> {
  return (state.averages ?? state.networks) as TensorsOf<Networks>;
}

/** Reads all of the state back, as the arrays of a checkpoint. */
export async function stateArrays<Networks extends Tree<WeightArray>, Batch>(
  plan: TrainingPlan<Networks, Batch>,
  state: TrainingState,
): Promise<Map<string, WeightArray>> {
  const arrays = new Map<string, WeightArray>();
  const put = (prefix: string, table: WeightTable): void => {
    for (const [path, leaf] of table) arrays.set(`${prefix}.${path}`, leaf);
  };
  put('networks', await toWeightTable(state.networks));
  if (state.averages !== undefined) put('averages', await toWeightTable(state.averages));
  for (const { name, trains } of plan.updates) {
    const adam = state.optimizers.get(name) as AdamState;
    const trained = flattenTree(trainedTree(state.networks, trains));
    put('optimizers', await adamStateArrays(adam, trained, name));
  }
  return arrays;
}

/** The state that {@link stateArrays} read, on the backend again: the same bits. */
export function stateFromArrays<Networks extends Tree<WeightArray>, Batch>(
  plan: TrainingPlan<Networks, Batch>,
  arrays: WeightTable,
  withAverages: boolean,
): TrainingState {
  const read = (prefix: string): Networks => treeFromTable(plan.networks, underPrefix(arrays, prefix));
  const networks = read('networks');
  const averages = withAverages ? read('averages') : undefined;
  const live = toTensors(networks) as Live;
  const remembered = underPrefix(arrays, 'optimizers');
  const optimizers = new Map(
    plan.updates.map(({ name, trains }) => [
      name,
      adamStateFrom(remembered, flattenTree(trainedTree(live, trains)), name),
    ]),
  );
  return {
    networks: live,
    optimizers,
    ...(averages === undefined ? {} : { averages: toTensors(averages) as Live }),
  };
}
