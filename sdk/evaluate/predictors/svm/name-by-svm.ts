import { decideByKernels } from './decide-by-kernels';
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
export function nameBySvm(task: SvmTask): Readonly<Record<SvmKernel, Int32Array>> {
  const plan = planSvm(task);
  const { linear, rbf } = svmDecisions(task, plan);
  const tests = task.test.length / task.width;
  const name = (decisions: Float64Array): Int32Array =>
    Int32Array.from({ length: tests }, (_, test) =>
      mostVotes(plan, decisions.subarray(test * plan.pairs.length)),
    );
  return { linear: name(linear), rbf: name(rbf) };
}

/** What the machines decide: in WebAssembly on all cores, or the same to the bit in plain JavaScript. */
export function svmDecisions(task: SvmTask, plan: SvmPlan = planSvm(task)): SvmDecisions {
  return decideByKernels(task, plan) ?? decidePlainly(task, plan);
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
