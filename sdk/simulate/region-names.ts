/**
 * The 34 cortical regions of one hemisphere in the atlas of Desikan et al. 2006 (NeuroImage 31:968), as FreeSurfer
 * spells them.
 */
const regions = (
  'bankssts caudalanteriorcingulate caudalmiddlefrontal cuneus entorhinal fusiform inferiorparietal ' +
  'inferiortemporal isthmuscingulate lateraloccipital lateralorbitofrontal lingual medialorbitofrontal ' +
  'middletemporal parahippocampal paracentral parsopercularis parsorbitalis parstriangularis pericalcarine ' +
  'postcentral posteriorcingulate precentral precuneus rostralanteriorcingulate rostralmiddlefrontal ' +
  'superiorfrontal superiorparietal superiortemporal supramarginal frontalpole temporalpole ' +
  'transversetemporal insula'
).split(' ');

/** The 68 thickness columns of a FreeSurfer `aparc` table: `lh_bankssts_thickness` … `rh_insula_thickness`. */
const desikanKillianyThickness: readonly string[] = ['lh', 'rh'].flatMap((hemisphere) =>
  regions.map((region) => `${hemisphere}_${region}_thickness`),
);

/**
 * Names for `count` features: the Desikan–Killiany thicknesses where there are 68, else numbered ones, the first
 * half `lh_`, the second `rh_`.
 */
export function numberedFeatures(count: number): readonly string[] {
  if (count === desikanKillianyThickness.length) return desikanKillianyThickness;
  const left = Math.ceil(count / 2);
  const digits = String(left).length;
  return Array.from({ length: count }, (_, feature) =>
    feature < left
      ? `lh_${String(feature + 1).padStart(digits, '0')}`
      : `rh_${String(feature - left + 1).padStart(digits, '0')}`,
  );
}

/**
 * For each feature the number of its left–right pair, features of one pair sharing it; −1 where the other
 * hemisphere's feature is not there. Features pair up by name: `lh_x` with `rh_x`.
 */
export function hemispherePairs(features: readonly string[]): Int32Array {
  const columnOf = new Map(features.map((feature, column) => [feature, column]));
  const pairs = new Int32Array(features.length).fill(-1);
  let count = 0;
  features.forEach((feature, column) => {
    if (!feature.startsWith('lh_')) return;
    const mirror = columnOf.get(`rh_${feature.slice(3)}`);
    if (mirror === undefined) return;
    pairs[column] = count;
    pairs[mirror] = count;
    count++;
  });
  return pairs;
}
