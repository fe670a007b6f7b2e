import type { Issue } from '../../data/issue';
import { makeIssue } from '../../data/issue';
import { provenanceStep } from '../../data/provenance';
import type { RunOptions } from '../../data/run-options';
import type { Volume } from '../../data/images/volume';
import { makeVolume } from '../../data/images/volume';
import type { ApplyRegistrationOptions } from './apply-registration';
import { applyRegistration } from './apply-registration';
import type { RegisterAffineOptions } from './register-affine';
import { registerAffine } from './register-affine';
import { requireCall } from '../../data/calls/require-call';

/** Options of {@link register}. */
export interface RegisterOptions extends RegisterAffineOptions, Omit<ApplyRegistrationOptions, 'inverse'> {
  /** The volume to align with, for example a template; the result has its grid. */
  readonly to: Volume;
}

/**
 * Lays a volume over a template and samples it on the template's grid: `registrations.registerAffine` and
 * `registrations.apply` in one step. The transform found and how well it fits are recorded in the provenance.
 *
 * @throws ConcordError `invalid-option`; `failed-step` when a volume is empty, or no transform was found that makes
 * them alike; `missing-package` when elastix is not installed; `aborted` when canceled.
 */
export async function register(
  volume: Volume,
  options: RegisterOptions,
  run: RunOptions = {},
): Promise<Volume> {
  requireCall('volumes.register', { volume, options, run });
  const { to, interpolation = 'linear', fill, ...search } = options;
  const registration = await registerAffine(volume, to, search, run);
  const moved = applyRegistration(registration, volume, { interpolation, fill });
  const [found] = registration.provenance;
  const { matrix, metric } = registration;
  const step = provenanceStep(
    'register',
    { to: { shape: to.shape, affine: to.affine }, ...found.options, interpolation, fill, matrix, metric },
    found.seed,
  );
  const issues = metric.after > metric.before ? volume.issues : [...volume.issues, notImproved(metric.after)];
  const { mask, header } = moved;
  return makeVolume(moved.data, moved, {
    mask,
    header,
    issues,
    provenance: [...volume.provenance, step],
  });
}

function notImproved(metric: number): Issue {
  return makeIssue(
    'doubtful-registration',
    'the search found nothing better than placing the centers over each other ' +
      `(normalized mutual information ${metric.toFixed(3)})`,
  );
}
