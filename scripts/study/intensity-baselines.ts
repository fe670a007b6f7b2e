// What methods are compared with: the scans as they are, and intensity normalization.
import type { ImageCohort } from 'concord-mri';
import * as concord from 'concord-mri';

/** Makes the images of a cohort as of a target site. */
export type Method = (cohort: ImageCohort, target: string) => Promise<ImageCohort>;

export type Methods = Readonly<Record<string, Method>>;

/** The raw images; z-score, histogram matching and Nyúl, fitted on the training cohort. */
export function baselines(training: ImageCohort): Methods {
  const intensity =
    (name: 'z-score' | 'histogram-matching' | 'nyul'): Method =>
    async (cohort, target) => {
      const method = concord.intensityHarmonizer(name, { kind: 'images' });
      return method.apply(await method.fit(training), cohort, { target });
    };
  return {
    raw: (cohort) => Promise.resolve(cohort),
    'z-score': intensity('z-score'),
    'histogram matching': intensity('histogram-matching'),
    Nyúl: intensity('nyul'),
  };
}
