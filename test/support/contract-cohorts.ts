import type { FeatureCohort, ImageCohort, VolumeCohort } from '../../sdk/data/cohort';
import { makeFeatureCohort, makeImageCohort, makeVolumeCohort } from '../../sdk/data/cohort';
import { makeAffine } from '../../sdk/data/images/affine';
import { categorical, continuous } from '../../sdk/data/people/covariate';
import { makeImageSet } from '../../sdk/data/images/image-set';
import type { Participants } from '../../sdk/data/people/participants';
import { makeParticipants, withPersons } from '../../sdk/data/people/participants';
import { smallCohort } from './small-cohort';
import { tissueValues, tissueVolume } from './tissue-values';

/** How many scans of each site. */
export type SiteSizes = Readonly<Record<string, number>>;

/** The first scan of every site is of the same person. */
function withTraveler(participants: Participants): Participants {
  const { ids, sites } = participants;
  const persons = ids.map((id, row) => (sites.indexOf(sites[row]) === row ? 'traveler' : id));
  return withPersons(participants, persons);
}

function people(sizes: SiteSizes): Participants {
  const sites = Object.entries(sizes).flatMap(([site, size]) => Array.from({ length: size }, () => site));
  const ids = sites.map((site, row) => `${site}-${row}`);
  const age = continuous(
    'age',
    sites.map((_, row) => 20 + 7 * (row % 6)),
    'years',
  );
  const sex = categorical(
    'sex',
    sites.map((_, row) => (row % 2 === 0 ? 'F' : 'M')),
  );
  return withTraveler(makeParticipants(ids, sites, [age, sex]));
}

/** A few features, every site with a shift and a scale of its own. */
export function contractFeatures(sizes: SiteSizes): FeatureCohort {
  const { participants, features } = smallCohort({ sizes, features: 8 });
  return makeFeatureCohort(withTraveler(participants), features);
}

/** The same features, of persons with up to four scans at a site; the first scan of every site is of the same person. */
export function contractVisits(sizes: SiteSizes): FeatureCohort {
  const { participants, features } = smallCohort({ sizes, features: 8 });
  const { ids, sites } = participants;
  const persons = ids.map(
    (_, row) => `${sites[row]}-person${Math.floor((row - sites.indexOf(sites[row])) / 4)}`,
  );
  const { persons: own } = withTraveler(participants);
  const withVisits = own.map((person, row) => (person === 'traveler' ? person : persons[row]));
  return makeFeatureCohort(withPersons(participants, withVisits), features);
}

/** One brain after another as seen with the gain and offset of its site. */
function seenAt(participants: Participants, voxels: number): readonly Float64Array[] {
  const sites = [...new Set(participants.sites)].sort();
  return participants.sites.map((site, row) => {
    const at = sites.indexOf(site);
    const inBrain = tissueValues(voxels + 10 * row).subarray(10 * row);
    return inBrain.map((value) => (1 + 3 * at) * (value + 5) + 20 * at);
  });
}

/** Volumes whose middle is a brain of 600 voxels, and black around it. */
export function contractVolumes(sizes: SiteSizes): VolumeCohort {
  const participants = people(sizes);
  const volumes = seenAt(participants, 600).map((values) => tissueVolume(values));
  const scans = volumes.map((volume, row) => ({
    id: participants.ids[row],
    subject: participants.persons[row],
    suffix: 'T1w',
    open: () => Promise.resolve(volume),
  }));
  return makeVolumeCohort(participants, scans);
}

/** Two images of 16 × 16 a scan, black but for the 14 × 14 in the mask. */
export function contractImages(sizes: SiteSizes): ImageCohort {
  const size = 16;
  const inner = 14;
  const perScan = 2;
  const participants = people(sizes);
  const count = perScan * participants.ids.length;
  const data = new Float32Array(count * size * size);
  const mask = new Uint8Array(data.length);
  seenAt(participants, perScan * inner * inner).forEach((values, scan) => {
    values.forEach((value, i) => {
      const image = scan * perScan + Math.floor(i / inner ** 2);
      const at = (image * size + 1 + (Math.floor(i / inner) % inner)) * size + 1 + (i % inner);
      data[at] = value;
      mask[at] = 1;
    });
  });
  const slices = Array.from({ length: count }, (_, image) => ({
    scan: participants.ids[Math.floor(image / perScan)],
    plane: 'axial' as const,
    index: image % perScan,
    position: image % perScan,
    offset: [0, 0] as const,
    grid: { shape: [size, size, perScan] as const, affine: makeAffine([1, 1, 1]) },
  }));
  const images = makeImageSet(data, [count, size, size, 1], { slices, mask });
  return makeImageCohort(participants, images, { suffixes: participants.ids.map(() => 'T1w') });
}
