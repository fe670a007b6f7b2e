import type { Float64Room } from '../../../math/wasm/float64-kernels';
import type { PendingKernels } from '../../../math/wasm/background-kernels';
import { startFloat64Kernels } from '../../../math/wasm/background-kernels';
import { putPanels, roundUp } from '../../../math/wasm/float64-kernels';
import type { SvmDecisions, SvmPlan, SvmTask } from './svm-task';
import { squaredLengths } from './svm-task';

/** Items are multiplied by fours. */
const four = 4;
/** How many test items are one unit of work. */
const sixteen = 16;

/** So many items move at once at most, as in the folder of kernels. */
const mostFree = 1000;

/** What there is to compute, with classes and test items filled up by items of zeros. */
interface Layout extends SvmTask {
  readonly plan: SvmPlan;
  /** The place of the first training item of each class. */
  readonly starts: readonly number[];
  /** How many items each class has. */
  readonly filled: readonly number[];
  /** How many training items there are in all. */
  readonly total: number;
  readonly tests: number;
  /** How many items the classes of each pair have. */
  readonly sizes: readonly number[];
}

/**
 * By kernels in WebAssembly, with all cores where it is worth it, on the others while the calling thread does something else;
 * the same bits with any number of threads.
 *
 * @returns nothing where there is no memory for WebAssembly
 */
export function startDeciding(task: SvmTask, plan: SvmPlan): PendingKernels<SvmDecisions> | undefined {
  const layout = layoutOf(task, plan);
  const { filled, total, tests, sizes, width } = layout;
  const largest = Math.max(0, ...sizes);
  const half = largest / 2 + four;
  const free = Math.min(largest, mostFree);
  const solving =
    largest * (largest + 8) +
    Math.max(half * (half + 7), free * (free + 3) + sixteen, insideOf(largest, width));
  const scratchBytes = 8 * Math.max(solving, sixteen * total);
  const products = total * (total / 2 + tests) * width;
  // Where classes do not differ, as in harmonized data, a machine takes some thousand multiplications for each two items.
  const steps = 1000 * sizes.reduce((sum, size) => sum + size ** 2, 0);
  const need = {
    bytes: bytesOf(
      layout,
      filled.reduce((sum, size) => sum + 2 * size ** 2, 0),
    ),
    scratchBytes,
    work: products + steps,
  };
  return startFloat64Kernels(need, (room) => compute(room, layout, scratchBytes));
}

/** How many values the interior-point method takes of its own, where it is used. */
function insideOf(items: number, width: number): number {
  const wide = roundUp(width + 1, four);
  return 2 * (width + 1) > items ? 0 : (15 + wide) * items + (4 + 2 * wide) * wide + sixteen;
}

function layoutOf(task: SvmTask, plan: SvmPlan): Layout {
  const filled = plan.members.map((items) => roundUp(items.length, four));
  const starts = filled.map((_, label) => filled.slice(0, label).reduce((sum, size) => sum + size, 0));
  const total = filled.reduce((sum, size) => sum + size, 0);
  const sizes = plan.pairs.map(({ first, second }) => filled[first] + filled[second]);
  return {
    ...task,
    plan,
    starts,
    filled,
    total,
    tests: roundUp(task.test.length / task.width, sixteen),
    sizes,
  };
}

/** How much memory is taken, with what is lost between one piece and the next. */
function bytesOf({ plan, sizes, total, tests, width }: Layout, blocks: number): number {
  const machines = sizes.reduce((sum, size) => sum + 2 * (size + 1), 0);
  const decisions = 2 * tests * plan.pairs.length;
  const values = (total + tests) * (width + 1) + blocks + machines + decisions + 2 * plan.pairs.length;
  const records = plan.members.length + plan.pairs.length;
  return 8 * values + (16 + 128) * records + 1024;
}

function compute(room: Float64Room, layout: Layout, scratchBytes: number): () => SvmDecisions {
  const { plan, width, train, test, gamma, starts, total, tests } = layout;
  const count = plan.pairs.length;
  const order = Int32Array.from({ length: total }, () => -1);
  plan.members.forEach((members, label) => order.set(members, starts[label]));
  const items = putPanels(room, { values: train, width, order });
  const testOrder = Int32Array.from({ length: tests }, (_, at) => (at * width < test.length ? at : -1));
  const testItems = putPanels(room, { values: test, width, order: testOrder });
  const norms = room.take(8 * total);
  const testNorms = room.take(8 * tests);
  room.doubles(testNorms, tests).set(squaredLengths(test, width));
  const classes = putClasses(room, layout);
  const pairs = putPairs(room, layout);
  const costs = room.take(16 * count);
  room.doubles(costs, 2 * count).set(plan.pairs.flatMap((pair) => pair.costs));
  const decisions = room.take(16 * tests * count);

  room.run('ownBlocks', [items, width, classes, norms, gamma], { units: plan.members.length });
  const trained = [items, width, classes, pairs, norms, costs, gamma];
  room.run('solvePairs', trained, { units: count, scratchBytes });
  const tested = [testItems, testNorms, tests, gamma, decisions];
  const known = [items, total, width, classes, pairs, count, norms];
  room.run('decidePairs', [...known, ...tested], { units: tests / sixteen, scratchBytes });
  const made = (test.length / width) * count;
  return () => ({
    linear: room.doubles(decisions, made).slice(),
    rbf: room.doubles(decisions + 8 * tests * count, made).slice(),
  });
}

/** The records of classes, as the folder of kernels says. */
function putClasses(room: Float64Room, { plan, starts, filled }: Layout): number {
  const address = room.take(16 * filled.length);
  const blocks = filled.map((size) => room.take(16 * size ** 2));
  const records = room.integers(address, 4 * filled.length);
  filled.forEach((size, label) =>
    records.set([starts[label], plan.members[label].length, size, blocks[label]], 4 * label),
  );
  return address;
}

/** The records of pairs. */
function putPairs(room: Float64Room, { plan, sizes }: Layout): number {
  const address = room.take(16 * sizes.length);
  const machines = sizes.map((size) => room.take(16 * (size + 1)));
  const records = room.integers(address, 4 * sizes.length);
  plan.pairs.forEach(({ first, second }, pair) => records.set([first, second, machines[pair], 0], 4 * pair));
  return address;
}
