import type { JsonObject } from '../../data/json';
import { objectToJson } from '../rows/audit-json';
import type { MethodComparison } from './method-comparison';
import { requireCall } from '../../data/calls/require-call';

/**
 * A comparison as plain JSON, with the same names: numbers that do not exist (`NaN`) become `null`, and fields without a
 * value are left out.
 */
export function comparisonToJson(comparison: MethodComparison): JsonObject {
  requireCall('audits.comparisonToJson', { comparison });
  return objectToJson(comparison);
}
