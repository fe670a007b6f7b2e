import { measureIn } from '../columns/features/feature-families';

/** What the name of a measure says about where it is. */
export interface MeasureName {
  /** Of which hemisphere; empty where the name says none. */
  readonly side: 'l' | 'r' | '';
  /** The name in lower case without its hemisphere and its signs: `thalamus` of `Left-Thalamus`. */
  readonly stem: string;
  /** What is measured, where the name says it: `thickness`. */
  readonly kind: string;
}

/** How hemispheres are written: `lh_…`, `Left-…`, `…_R`, `lhCortexVol`, `LThickness` (ENIGMA), `smri_thick_cdk_meanlh` (ABCD). */
const sides: readonly RegExp[] = [
  /(?<![a-z])(lh|rh|left|right|l|r)(?![a-z])/i,
  /^(lh|rh|l|r)(?=[A-Z][a-z])/i,
  /(?<=[a-z])(lh|rh)$/,
];

/** Reads hemisphere, stem and kind from the name of a feature. */
export function measureName(name: string): MeasureName {
  const found = sides.map((side) => side.exec(name)).find((one) => one !== null);
  const rest =
    found === undefined || found === null
      ? name
      : `${name.slice(0, found.index)} ${name.slice(found.index + found[0].length)}`;
  return {
    side: (found?.[0][0].toLowerCase() ?? '') as MeasureName['side'],
    stem: rest.toLowerCase().replaceAll(/[^a-z0-9]/g, ''),
    kind: measureIn(name) ?? '',
  };
}
