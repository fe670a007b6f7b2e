import type { JsonObject, JsonValue } from '../../data/json';

/**
 * What must be changed in one value of JSON to have another: figures of two features differ in their numbers and titles only,
 * so that a page carries one whole figure and the changes for each other feature. Objects (and lists of them) with the same keys
 * become objects of what changed by key; whatever differs otherwise is given whole, in a list of one.
 *
 * JSON Patch (RFC 6902) was declined: its libraries give every changed number of a list an operation with a path, which is longer
 * than the list, and what applies them would have to be carried into the page.
 *
 * @returns `undefined` where they are equal
 */
export function changesTo(from: JsonValue | undefined, to: JsonValue): JsonValue | undefined {
  if (from !== undefined && isParts(from) && isParts(to) && sameKeys(from, to)) {
    const changed = Object.entries(to).flatMap(([key, value]) => {
      const change = changesTo(from[key], value);
      return change === undefined ? [] : [[key, change] as const];
    });
    return changed.length === 0 ? undefined : Object.fromEntries(changed);
  }
  return JSON.stringify(from) === JSON.stringify(to) ? undefined : [to];
}

/** The text of the function `(value, changes) → value` that makes the changes in the page. */
export const changedScript: string = `(value, changes) => {
  const changed = (from, change) => {
    if (change === undefined) return from;
    if (Array.isArray(change)) return change[0];
    const made = Array.isArray(from) ? [...from] : { ...from };
    for (const key of Object.keys(change)) made[key] = changed(from[key], change[key]);
    return made;
  };
  return changed(value, changes);
}`;

/** Whether a value has parts that can be compared one by one: an object, or a list of objects, whose keys are its places. */
function isParts(value: JsonValue): value is JsonObject {
  if (typeof value !== 'object' || value === null) return false;
  return !Array.isArray(value) || (value.length > 0 && value.every((one: JsonValue) => isObject(one)));
}

function isObject(value: JsonValue): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sameKeys(a: JsonObject, b: JsonObject): boolean {
  return Array.isArray(a) === Array.isArray(b) && Object.keys(a).join() === Object.keys(b).join();
}
