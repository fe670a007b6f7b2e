/**
 * What the papers compare their networks with, function by function. The harmonizers of these methods are at the front door.
 *
 * @module
 */
export { fitPixelCombat } from '../baselines/pixel-combat/fit-pixel-combat';
export type { PixelCombatOptions } from '../baselines/pixel-combat/fit-pixel-combat';
export { applyPixelCombat } from '../baselines/pixel-combat/apply-pixel-combat';
export type { ApplyPixelCombatOptions } from '../baselines/pixel-combat/apply-pixel-combat';
