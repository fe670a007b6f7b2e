import type { PendingKernels } from '../../../math/wasm/background-kernels';
import { startDeciding } from './decide-by-kernels';
import { decidePlainly } from './decide-plainly';
import type { SvmDecisions, SvmKernel, SvmPlan, SvmTask } from './svm-task';
import { planSvm } from './svm-task';

/**
 * Trains class-weighted support vector classifiers (C-SVC; several classes by one-against-one voting, a tie going to the
 * lower class, as in LIBSVM: Chang & Lin 2011, ACM TIST 2:27), with a linear and with a Gaussian kernel, and names the
 * class of every test item by each.
 *
 * The solver is our own: the builds of LIBSVM on npm install handlers for unhandled rejections on the host process
 * (one ends it without a word), print while loading, or do not load in current Node without being handed their file.
 */
export function nameBySvm(task: SvmTask): NamedBySvm {
  return startNaming(task).finish();
}

/** The class of every test item, by either kernel. */
export type NamedBySvm = Readonly<Record<SvmKernel, Int32Array>>;

/** {@link nameBySvm} on the other threads, where there are some, while the calling one does something else. */
export function startNaming(task: SvmTask): PendingKernels<NamedBySvm> {
  const plan = planSvm(task);
  const tests = task.test.length / task.width;
  const name = (decisions: Float64Array): Int32Array =>
    Int32Array.from({ length: tests }, (_, test) =>
      mostVotes(plan, decisions.subarray(test * plan.pairs.length)),
    );
  const pending = startDeciding(task, plan);
  return {
    finish: () => {
      const { linear, rbf } = pending?.finish() ?? decidePlainly(task, plan);
      return { linear: name(linear), rbf: name(rbf) };
    },
    drop: () => pending?.drop(),
  };
}

/** What the machines decide: in WebAssembly on all cores, or the same to the bit in plain JavaScript. */
export function svmDecisions(task: SvmTask, plan: SvmPlan = planSvm(task)): SvmDecisions {
  return startDeciding(task, plan)?.finish() ?? decidePlainly(task, plan);
}

/** The class with most votes among those that had training items. */
function mostVotes({ members, pairs }: SvmPlan, decisions: Float64Array): number {
  const votes = new Int32Array(members.length);
  pairs.forEach(({ first, second }, pair) => votes[decisions[pair] > 0 ? first : second]++);
  let best = members.findIndex((items) => items.length > 0);
  votes.forEach((count, label) => {
    if (count > votes[best]) best = label;
  });
  return best;
}
