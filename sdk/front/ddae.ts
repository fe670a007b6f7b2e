/**
 * Inside the disentangled diffusion autoencoder: codes, sizes, noise schedules. `fitDdae` and `harmonizeDdae` use it.
 *
 * @module
 */
export { encode } from '../ddae/encode';
export type { EncodeOptions } from '../ddae/encode-options';
export { decode } from '../ddae/decode';
export type { DecodeOptions } from '../ddae/decode-options';
export type { DdaeCodes } from '../ddae/ddae-codes';
export type { DdaeCohort } from '../ddae/samples/given-samples';
export type { Independence, UnseenSite } from '../ddae/ddae-model';
export type { DdaeArchitecture, DdaeDiffusion, ImageScale, VertexScale } from '../ddae/ddae-model';
export type { DdaeSize } from '../ddae/network/ddae-sizes';
export type { KnownVariable } from '../ddae/samples/known-variables';
export { makeNoiseSchedule } from '../diffusion/noise-schedule';
export type { NoiseSchedule, NoiseScheduleKind, NoiseScheduleOptions } from '../diffusion/noise-schedule';
export type { Prediction } from '../diffusion/noise-schedule';
