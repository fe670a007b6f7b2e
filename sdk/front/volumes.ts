/**
 * What is done to one volume at a time; `steps` has the same by the same names, for whole cohorts.
 *
 * @module
 */
export { readVolumeHeader as readHeader } from '../io/volumes/read-volume';
export type { VolumeFileHeader } from '../io/volumes/read-volume';
export { writeMask } from '../io/volumes/write-volume';
export { readMask } from '../io/volumes/read-mask';
export { scanFile } from '../io/volumes/scan-file';
export type { ScanFileOptions } from '../io/volumes/scan-file';
export { preprocessVolume as preprocess } from '../preprocess/preprocess';
export { withMask } from '../preprocess/with-mask';
export { nonZeroMask } from '../math/images/non-zero-mask';
export { reorient } from '../preprocess/reorient';
export type { ReorientOptions } from '../preprocess/reorient';
export { resample } from '../preprocess/resample';
export type { ResampleOptions } from '../preprocess/resample';
export type { Interpolation } from '../math/images/interpolation';
export { cropPad, cropToMask } from '../preprocess/crop-pad';
export type { CropPadOptions, CropToMaskOptions } from '../preprocess/crop-pad';
export { robustFieldOfView } from '../preprocess/field-of-view';
export type { FieldOfViewOptions } from '../preprocess/field-of-view';
export { register } from '../preprocess/registration/register';
export type { RegisterOptions } from '../preprocess/registration/register';
export { toSlices } from '../preprocess/slices/to-slices';
export type { ToSlicesOptions } from '../preprocess/slices/to-slices';
export { fromSlices } from '../preprocess/slices/from-slices';
export { brainMask } from '../preprocess/brain-mask';
export type { BrainMaskOptions } from '../preprocess/brain-mask';
export { applyMask } from '../preprocess/apply-mask';
export type { ApplyMaskOptions } from '../preprocess/apply-mask';
export { correctBias } from '../preprocess/correct-bias';
export { biasField } from '../preprocess/bias-field/bias-field';
export type { BiasField, MaskSource } from '../preprocess/bias-field/bias-field';
export type { BiasFieldOptions } from '../preprocess/bias-field/bias-field-options';
export type { BiasFieldLevel } from '../preprocess/bias-field/estimate-log-field';
