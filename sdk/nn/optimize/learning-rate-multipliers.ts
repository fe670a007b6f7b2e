import { suggestName } from '../../data/nearest-names';
import { ConcordError } from '../../errors';

/**
 * Gives each parameter its factor on the learning rate: that of the deepest group that it is in, 1 outside all
 * groups. A group is a branch of the network by its path: `{ styleGenerator: 0.01 }` slows every parameter whose path
 * is `styleGenerator` or begins with `styleGenerator.`.
 *
 * @param paths - the parameters by dotted path, in their order
 * @throws ConcordError `invalid-option` for a group that no parameter is in, or a factor below 0.
 */
export function learningRateMultipliers(
  paths: Iterable<string>,
  groups: Readonly<Record<string, number>>,
): number[] {
  const names = Object.keys(groups).sort((a, b) => b.length - a.length);
  const all = [...paths];
  const standsIn = (path: string, group: string): boolean => path === group || path.startsWith(`${group}.`);
  for (const group of names) {
    if (!(groups[group] >= 0) || groups[group] === Infinity) {
      throw new ConcordError(
        'invalid-option',
        `invalid learning-rate multiplier of ${JSON.stringify(group)}: ${groups[group]} (a finite number, 0 or more)`,
      );
    }
    if (!all.some((path) => standsIn(path, group))) {
      const branches = [...new Set(all.map((path) => path.split('.')[0]))];
      throw new ConcordError(
        'invalid-option',
        `unknown group of parameters: ${JSON.stringify(group)} (${suggestName(group, branches, `branches are ${branches.join(', ')}`)})`,
      );
    }
  }
  return all.map((path) => {
    const group = names.find((name) => standsIn(path, name));
    return group === undefined ? 1 : groups[group];
  });
}
