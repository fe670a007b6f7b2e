// The ways in which a method can be used in the study, and what they are called in tables and folders.
import type { methods } from 'concord-mri';

/** How a method is used. */
export interface Way {
  /** Whether a training starts from the model that ships, at half the learning rate, and not from weights that are drawn. */
  readonly start?: 'shipped';
  /** Whether the detail that is lost where a slice is made again is given back. */
  readonly detail?: boolean;
  /** Within how many mm, full width at half maximum, what was made is guided by the scan. */
  readonly guided?: number;
  /** A quick method that comes after: it learns from what the method made of the scans that it learned from. */
  readonly then?: string;
  /** Over how many mm, full width at half maximum, ComBat by pixels spreads the effects of sites, where it takes part. */
  readonly effectFwhm?: number;
}

/** What a method is called that is used in a way. */
export function labelOf(method: string, { start, detail = false, guided, then, effectFwhm }: Way): string {
  return [
    method,
    ...(start === undefined ? [] : [start]),
    ...(detail ? ['detail'] : []),
    ...(guided === undefined ? [] : [`guided-${guided}mm`]),
    ...(then === undefined ? [] : ['then', then]),
    ...(effectFwhm === undefined ? [] : [`${effectFwhm}mm`]),
  ].join('-');
}

/** What it is called as far as it learns: detail is given back, scans guide, and other methods come, afterwards. */
export function learningLabel(method: string, { start, then, effectFwhm }: Way): string {
  return labelOf(method, { start, ...(then === undefined ? { effectFwhm } : {}) });
}

/** Whether a method can be used in a way. */
export function canBeUsed(
  { command }: methods.Method,
  { start, detail = false, guided, then, effectFwhm }: Way,
): boolean {
  const has = (option: string): boolean => Object.hasOwn(command?.scans?.options ?? {}, option);
  if (start !== undefined && command?.train?.starts !== true) return false;
  if (effectFwhm !== undefined && then === undefined && !has('effectFwhm')) return false;
  if (guided !== undefined && !has('guided')) return false;
  return !detail || has('detail');
}

/** Puts stored steps in the order of the tables: by method, then from the simplest way to use it. */
export function byWay(methods: readonly string[]): (one: WayOfMethod, other: WayOfMethod) => number {
  const rank = ({ method, start, detail, guided, then, effectFwhm }: WayOfMethod): readonly number[] => [
    methods.findIndex((name) => labelOf(name, { start, detail, guided, then, effectFwhm }) === method),
    Number(start !== undefined),
    Number(detail === true),
    guided ?? 0,
    Number(then !== undefined),
    effectFwhm ?? 0,
  ];
  return (one, other) => {
    const [a, b] = [rank(one), rank(other)];
    const place = a.findIndex((value, i) => value !== b[i]);
    return place < 0 ? 0 : a[place] - b[place];
  };
}

/** A way with the label of what is used so. */
type WayOfMethod = Way & { readonly method: string };
