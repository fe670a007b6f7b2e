// The scans that are judged, each harmonized by a model that has not seen its person.
import { join } from 'node:path';
import type { AnyModel, ImageCohort } from 'concord-mri';
import * as concord from 'concord-mri';
import { rowsWhere } from '../cohorts';
import type { Ground } from './grounds';
import { kept } from './kept';
import { learned } from './learned';
import type { Learned, Learning } from './study-types';
import type { Way } from './way';
import { labelOf } from './way';

/** The judged scans through one method, and what it took. */
export interface Harmonized {
  readonly images: ImageCohort;
  readonly first: Learned;
  readonly trainings: number;
  readonly learningSeconds: number;
  readonly secondsPerSlice: number;
}

/** Learns from each part of the ground, and harmonizes the scans that the part holds out. */
export async function harmonized(
  method: concord.methods.Method,
  { parts, judged, target }: Ground,
  learning: Pick<Learning, 'folder' | 'seed' | 'budget' | 'way'>,
): Promise<Harmonized> {
  const models: Learned[] = [];
  for (const [fold, { training }] of parts.entries()) {
    const folder = parts.length === 1 ? learning.folder : join(learning.folder, `fold-${fold + 1}`);
    models.push(await learned(method, { ...learning, folder, training, target, plan: models[0]?.plan }));
  }
  const [{ plan: planned }] = models;
  const { way } = learning;
  const made = labelOf('harmonized', { ...way, start: undefined });
  const name = planned === undefined ? `${made}.v8` : `${made}-${planned.steps}.v8`;
  const { images, seconds: taken } = await kept(join(learning.folder, name), async () => {
    const began = performance.now();
    const ofParts: ImageCohort[] = [];
    for (const [fold, part] of parts.entries()) {
      const own = rowsWhere(judged, (row) => part.judged.has(judged.participants.ids[row]));
      const { model, harmonizer } = models[fold];
      const first = await harmonizer.apply(model, own, { target });
      const learnedFrom =
        way.then === undefined ? undefined : await harmonizer.apply(model, part.training, { target });
      ofParts.push(
        learnedFrom === undefined ? first : await afterwards(first, { ...way, learnedFrom, target }),
      );
    }
    return { images: inOrder(judged, ofParts), seconds: (performance.now() - began) / 1000 };
  });
  return {
    images,
    first: models[0],
    trainings: models.length,
    learningSeconds: models.reduce((sum, { seconds, plan }) => {
      return sum + (plan === undefined ? (seconds ?? 0) : plan.steps * plan.secondsPerStep);
    }, 0),
    secondsPerSlice: taken / judged.images.shape[0],
  };
}

/** What a second, quick method makes of what the first has made: it learns from what the first made of its own scans. */
async function afterwards(
  first: ImageCohort,
  {
    then,
    effectFwhm,
    learnedFrom,
    target,
  }: Pick<Way, 'then' | 'effectFwhm'> & { readonly learnedFrom: ImageCohort; readonly target: string },
): Promise<ImageCohort> {
  const second = concord.methods.all().find(({ name }) => name === then);
  const harmonizer = second?.harmonizers.images?.({
    fit: { reference: target, ...(effectFwhm === undefined ? {} : { effectFwhm }) },
  });
  if (harmonizer === undefined) throw new Error(`unknown method: ${then}`);
  return harmonizer.apply(await harmonizer.fit(learnedFrom), first, { target });
}

/** The scans of several cohorts, in the order of one that has them all. */
function inOrder(all: ImageCohort, parts: readonly ImageCohort[]): ImageCohort {
  if (parts.length === 1) return concord.takeSubjects(parts[0], rowsIn(parts[0], all.participants.ids));
  const { shape, slices, mask } = all.images;
  const data = new Float32Array(all.images.data.length);
  const perScan = data.length / all.participants.ids.length;
  const rowOf = new Map(all.participants.ids.map((id, row) => [id, row]));
  for (const { participants, images } of parts) {
    participants.ids.forEach((id, row) => {
      data.set(images.data.subarray(row * perScan, (row + 1) * perScan), (rowOf.get(id) ?? -1) * perScan);
    });
  }
  const issues = parts.flatMap((part) => part.issues);
  return concord.makeImageCohort(all.participants, concord.makeImageSet(data, shape, { slices, mask }), {
    subjects: all.subjects,
    suffixes: all.suffixes,
    issues,
  });
}

function rowsIn({ participants }: ImageCohort, ids: readonly string[]): number[] {
  return ids.map((id) => participants.ids.indexOf(id));
}

/** A harmonizer that returns what was harmonized before, for comparisons. */
export function alreadyMade(
  name: string,
  images: ImageCohort,
  target: string,
): concord.Harmonizer<AnyModel | undefined, 'images'> {
  return {
    name,
    kind: 'images',
    fit: () => Promise.resolve(undefined),
    apply: (_, cohort) =>
      Promise.resolve(concord.takeSubjects(images, rowsIn(images, cohort.participants.ids))),
    targets: () => [target],
  };
}
