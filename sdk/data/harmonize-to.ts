import { ConcordError } from '../errors';
import { listNames } from './list-names';
import { unknownTarget } from './people/unknown-site';
import { requireCall } from './calls/require-call';

/**
 * What to harmonize to: the target that was named, else `average`, else the only one there is.
 *
 * @throws ConcordError `unknown-site` for a target that is not there; `invalid-option` where one must be named.
 */
export function chosenTarget(targets: readonly string[], target?: string): string {
  if (target !== undefined) {
    if (targets.includes(target)) return target;
    throw unknownTarget(target, targets);
  }
  if (targets.includes('average')) return 'average';
  if (targets.length === 1) return targets[0];
  throw new ConcordError('invalid-option', `missing target: one of ${listNames(targets)} is required`);
}

/** A method with what it harmonized to, for tables and plots: `DDAE to siteA`; the average goes without saying. */
export function harmonizedTo(method: string, target?: string): string {
  requireCall('methods.harmonizedTo', { method, target });
  return target === undefined || target === 'average' ? method : `${method} to ${target}`;
}

/**
 * Refuses a target among the options that a harmonizer is made with, where it was until version 0.1: it would have no
 * effect.
 *
 * @throws ConcordError `invalid-option`.
 */
export function requireNoTarget(options: unknown, name = 'target'): void {
  if (typeof options !== 'object' || options === null || !Object.hasOwn(options, name)) return;
  const given = (options as Readonly<Record<string, unknown>>)[name];
  if (given === undefined) return;
  throw new ConcordError(
    'invalid-option',
    `invalid ${name}: ${JSON.stringify(given)} (the target is given when a harmonizer is applied: apply(model, cohort, { target }))`,
  );
}
