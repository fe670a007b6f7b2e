/**
 * Digital persons and the scanners that image them: what `simulateVolumeCohort` and `simulateSlices` are made of.
 *
 * @module
 */
export { makePhantom as make } from '../simulate/phantom/phantom';
export type { Phantom } from '../simulate/phantom/phantom';
export type { MakePhantomOptions } from '../simulate/phantom/phantom-options';
export {
  expectedTraits,
  phantomEffects as effects,
  phantomSpread as spread,
} from '../simulate/phantom/phantom-traits';
export type { PhantomSex, PhantomTraits } from '../simulate/phantom/phantom-traits';
export { rescan, scanPhantom as scan } from '../simulate/phantom/scan-phantom';
export type { ScanOptions } from '../simulate/phantom/scan-phantom';
export type { TissueFactors } from '../simulate/phantom/scanner/scan-tissues';
export { estimateTissueMaps } from '../simulate/phantom/estimate-tissue-maps';
export type { EstimateTissueMapsOptions } from '../simulate/phantom/estimate-tissue-maps';
export { makeTissueMaps, tissueNames } from '../simulate/phantom/tissues';
export type { PhantomTissue, TissueMaps } from '../simulate/phantom/tissues';
export { tissueProperties } from '../simulate/phantom/scanner/tissue-properties';
export type { TissueProperties } from '../simulate/phantom/scanner/tissue-properties';
export { sequenceSignal } from '../simulate/phantom/scanner/signal-equations';
export type {
  Mprage,
  Sequence,
  SpinEcho,
  SpoiledGradientEcho,
} from '../simulate/phantom/scanner/signal-equations';
export { scannerPreset } from '../simulate/phantom/scanner/scanner-presets';
export type { ScannerPreset } from '../simulate/phantom/scanner/scanner-presets';
export type { CompleteScanner, PhantomScanner } from '../simulate/phantom/scanner/phantom-scanner';
