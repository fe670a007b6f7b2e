/**
 * Registrations, which align one volume with another: found, applied, inverted, stored.
 *
 * @module
 */
export { registerAffine } from '../preprocess/registration/register-affine';
export type { RegisterAffineOptions } from '../preprocess/registration/register-affine';
export {
  applyRegistration as apply,
  invertRegistration as invert,
} from '../preprocess/registration/apply-registration';
export type { ApplyRegistrationOptions } from '../preprocess/registration/apply-registration';
export {
  registrationFromJson as fromJson,
  registrationToJson as toJson,
} from '../data/images/affine-registration';
export type {
  AffineRegistration,
  RegistrationMetric,
  RegistrationSpaces,
} from '../data/images/affine-registration';
export { loadRegistration as load, saveRegistration as save } from '../io/files/registration-file';
