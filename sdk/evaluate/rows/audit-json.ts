import type { JsonObject, JsonValue } from '../../data/json';
import type { Audit } from '../images-audit/image-audit';
import { findingsOfRows } from '../findings/audit-findings';
import { auditRows } from './audit-rows';
import { requireCall } from '../../data/calls/require-call';

/**
 * The audit as plain JSON, with the same names: numbers that do not exist (`NaN`) become `null`, typed arrays become
 * lists, and fields without a value are left out. Beside the details it has `rows`, every figure as it is shown, each
 * with an id that is the same in every audit, and `findings`, the answers that they give.
 */
export function auditToJson(audit: Audit): JsonObject {
  requireCall('audits.toJson', { audit });
  const rows = auditRows(audit);
  return objectToJson({ ...audit, rows, findings: findingsOfRows(rows) });
}

/** A plain record as JSON: `null` for numbers that do not exist, lists for typed arrays, no fields without a value. */
export function objectToJson(value: object): JsonObject {
  const entries: [string, JsonValue][] = [];
  for (const [key, item] of Object.entries(value) as [string, unknown][]) {
    if (item !== undefined) entries.push([key, toJson(item)]);
  }
  return Object.fromEntries(entries);
}

function toJson(value: unknown): JsonValue {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(toJson);
  if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array, toJson);
  return typeof value === 'object' && value !== null ? objectToJson(value) : null;
}
