import type { FeatureCohort } from '../../data/cohort';
import type { CombatModel } from '../combat-model';
import type { BatchStep, TriedOrder } from './nested-combat-model';

/** What the search of an order does with data. */
export interface OrderWork<Variable> {
  /** Fits ComBat by one variable, and applies it. */
  harmonize(
    cohort: FeatureCohort,
    variable: Variable,
  ): Promise<{ readonly combat: CombatModel; readonly after: FeatureCohort }>;
  /** How many pairs of feature and variable differ. */
  count(cohort: FeatureCohort): Promise<number>;
}

/** Variables so far, what they did, and what they left. */
export interface OrderSoFar {
  readonly steps: readonly BatchStep[];
  readonly after: FeatureCohort;
}

/** Of so many variables every order is tried. */
export const mostTriedWhole = 4;

/** How many times ComBat is fitted to find the order of so many variables. */
export function fitsOf(variables: number, order: 'searched' | 'given'): number {
  if (order === 'given') return variables;
  if (variables > mostTriedWhole) return (variables * (variables + 1)) / 2;
  // Orders that begin alike share their beginning.
  let fits = 0;
  for (let left = variables, orders = 1; left > 0; left--) {
    orders *= left;
    fits += orders;
  }
  return fits;
}

/** One variable more. */
export async function oneVariableMore<Variable extends { readonly name: string }>(
  { steps, after }: OrderSoFar,
  variable: Variable,
  work: OrderWork<Variable>,
): Promise<OrderSoFar> {
  const done = await work.harmonize(after, variable);
  return { steps: [...steps, { batch: variable.name, combat: done.combat }], after: done.after };
}

/**
 * Finds the order of variables after which the fewest pairs differ: the first of the best, in the order in which they are
 * tried, which is that of the list (Horng et al. 2022, "Improved generalized ComBat methods", Scientific Reports 12:19009).
 */
export async function searchOrder<Variable extends { readonly name: string }>(
  start: OrderSoFar,
  variables: readonly Variable[],
  work: OrderWork<Variable>,
): Promise<OrderSoFar & { readonly tried: readonly TriedOrder[] }> {
  const tried: TriedOrder[] = [];
  const scored = async (found: OrderSoFar): Promise<Scored> => {
    const differing = await work.count(found.after);
    tried.push({ order: found.steps.map(({ batch }) => batch), differing });
    return { found, differing };
  };
  const everyOrder = async (from: OrderSoFar, left: readonly Variable[]): Promise<Scored> => {
    if (left.length === 0) return scored(from);
    return bestOf(left, async (variable) =>
      everyOrder(
        await oneVariableMore(from, variable, work),
        left.filter((other) => other !== variable),
      ),
    );
  };
  if (variables.length <= mostTriedWhole) return { ...(await everyOrder(start, variables)).found, tried };
  let chosen = start;
  let left = variables;
  while (left.length > 0) {
    const best = await bestOf(left, async (variable) =>
      scored(await oneVariableMore(chosen, variable, work)),
    );
    chosen = best.found;
    const taken = chosen.steps[chosen.steps.length - 1].batch;
    left = left.filter(({ name }) => name !== taken);
  }
  return { ...chosen, tried };
}

interface Scored {
  readonly found: OrderSoFar;
  readonly differing: number;
}

/** The first of those with the fewest differing pairs; one is in memory at a time besides the best. */
async function bestOf<Variable>(
  variables: readonly Variable[],
  score: (variable: Variable) => Promise<Scored>,
): Promise<Scored> {
  let best = await score(variables[0]);
  for (const variable of variables.slice(1)) {
    const other = await score(variable);
    if (other.differing < best.differing) best = other;
  }
  return best;
}
