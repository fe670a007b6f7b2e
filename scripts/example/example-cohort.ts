import type { FeatureCohort, SimulatedSite } from 'concord-mri';
import * as concord from 'concord-mri';

/** Four sites that never were. Their ages differ and overlap, as those of real studies do; the last is small. */
const sites: readonly SimulatedSite[] = [
  { name: 'Northfield', subjects: 96, ageMean: 42, ageSd: 18, femaleShare: 0.5 },
  { name: 'Eastbrook', subjects: 72, ageMean: 48, ageSd: 17, femaleShare: 0.58 },
  { name: 'Westhaven', subjects: 48, ageMean: 56, ageSd: 15, femaleShare: 0.46 },
  { name: 'Southmoor', subjects: 24, ageMean: 51, ageSd: 14, femaleShare: 0.54 },
];

/**
 * The regions of the Desikan–Killiany atlas, from where the cortex of adults is thin to where it is thick. The simulator
 * draws means that know no anatomy; given out in this order they look like a brain's.
 */
const fromThinToThick = (
  'pericalcarine cuneus lingual postcentral superiorparietal lateraloccipital paracentral transversetemporal precuneus ' +
  'rostralmiddlefrontal inferiorparietal isthmuscingulate medialorbitofrontal parstriangularis posteriorcingulate ' +
  'caudalmiddlefrontal precentral supramarginal caudalanteriorcingulate bankssts parsopercularis lateralorbitofrontal ' +
  'parsorbitalis frontalpole superiorfrontal parahippocampal superiortemporal fusiform inferiortemporal middletemporal ' +
  'rostralanteriorcingulate insula entorhinal temporalpole'
).split(' ');

const options = {
  seed: 14,
  sites,
  meanRange: [1.6, 3.6],
  ageRange: [18, 85],
  ageSlope: { mean: -0.006, sd: 0.002 },
  siteEffects: { locationSd: 0.7, featureLocationSd: 0.6 },
  missing: 0.003,
} as const;

/**
 * Simulates the example table that comes with Concord: thicknesses of 68 regions in millimeters, to a thousandth as
 * FreeSurfer's tables have them, with FreeSurfer's names in FreeSurfer's order.
 */
export function exampleCohort(): FeatureCohort {
  const drawn = concord.simulateFeatureCohort(options);
  const columns = drawn.cohort.features.features;
  const left = columns.slice(0, columns.length / 2);
  const byMean = left.map((_, at) => at).sort((a, b) => drawn.truth.mean[a] - drawn.truth.mean[b]);
  const regionOf = new Map(byMean.map((column, rank) => [left[column].slice(3), fromThinToThick[rank]]));
  const renamed = columns.map((name) => `${name.slice(0, 3)}${regionOf.get(name.slice(3))}_thickness`);
  const { participants, features, provenance } = drawn.cohort;
  const ids = participants.ids.map((id) => id.replace('sub-', 'sub-sim'));
  const thickness = features.values.map((value) => Number(value.toFixed(3)));
  const cohort = concord.makeFeatureCohort(
    concord.makeParticipants(ids, participants.sites, participants.covariates),
    concord.makeFeatureMatrix(thickness, ids, renamed),
    { provenance },
  );
  return concord.selectFeatures(cohort, columns);
}
