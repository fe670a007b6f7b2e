/**
 * What the papers compare their networks with, function by function. The harmonizers of these methods are at the front door.
 *
 * @module
 */
export { fitPixelCombat } from '../baselines/pixel-combat/fit-pixel-combat';
export type { PixelCombatOptions } from '../baselines/pixel-combat/fit-pixel-combat';
export { applyPixelCombat } from '../baselines/pixel-combat/apply-pixel-combat';
export type { ApplyPixelCombatOptions } from '../baselines/pixel-combat/apply-pixel-combat';
export { fitCvae } from '../cvae/fit-cvae';
export type { FitCvaeOptions } from '../cvae/fit-cvae';
export { applyCvae } from '../cvae/apply-cvae';
export type { ApplyCvaeOptions } from '../cvae/apply-cvae';
export { fitCyclegan } from '../cyclegan/fit-cyclegan';
export type { FitCycleganOptions } from '../cyclegan/fit-cyclegan';
export { applyCyclegan } from '../cyclegan/apply-cyclegan';
export type { ApplyCycleganOptions } from '../cyclegan/apply-cyclegan';
export { cycleganSizes } from '../cyclegan/network/cyclegan-sizes';
export type { CycleganSize } from '../cyclegan/network/cyclegan-sizes';
export type { CycleganArchitecture } from '../cyclegan/cyclegan-model';
export type { CycleganLossWeights } from '../cyclegan/training/loss-weights';
export { cvaeSizes } from '../cvae/network/cvae-sizes';
export type { CvaeSize } from '../cvae/network/cvae-sizes';
export type { CodeProbe, CvaeArchitecture } from '../cvae/cvae-model';
export type { CvaeLossWeights } from '../cvae/training/loss-weights';
export { fitStargan } from '../stargan/fit-stargan';
export type { FitStarganOptions } from '../stargan/fit-stargan';
export { applyStargan } from '../stargan/apply-stargan';
export type { ApplyStarganOptions, StarganRunOptions } from '../stargan/apply-stargan';
export { starganSizes } from '../stargan/network/stargan-sizes';
export type { StarganArchitecture, StarganSize } from '../stargan/network/stargan-sizes';
export type { SiteMeanStyle } from '../stargan/stargan-model';
export type { StarganDomains, StarganLossWeights } from '../stargan/training/loss-weights';
export { pixelCombatHarmonizer } from '../baselines/pixel-combat/pixel-combat-harmonizer';
export type { PixelCombatHarmonizerOptions } from '../baselines/pixel-combat/pixel-combat-harmonizer';
export type { PixelCombatModel } from '../baselines/pixel-combat/pixel-combat-model';
export { cvaeHarmonizer } from '../cvae/cvae-harmonizer';
export type { CvaeHarmonizerOptions } from '../cvae/cvae-harmonizer';
export type { CvaeModel } from '../cvae/cvae-model';
export { cycleganHarmonizer } from '../cyclegan/cyclegan-harmonizer';
export type { CycleganHarmonizerOptions } from '../cyclegan/cyclegan-harmonizer';
export type { CycleganModel } from '../cyclegan/cyclegan-model';
export { starganHarmonizer } from '../stargan/stargan-harmonizer';
export type { StarganHarmonizerOptions } from '../stargan/stargan-harmonizer';
export type { StarganModel } from '../stargan/stargan-model';
