import type { TissueProperties } from './tissue-properties';
import { requireCall } from '../../../data/calls/require-call';

/** A gradient echo sequence spoiled after each excitation: FLASH, SPGR, T1-FFE. Times in seconds, angles in degrees. */
export interface SpoiledGradientEcho {
  readonly kind: 'spoiled-gradient-echo';
  readonly repetitionTime: number;
  readonly echoTime: number;
  readonly flipAngle: number;
}

/** A train of gradient echoes after an inversion: MPRAGE, IR-SPGR, TFE. Times in seconds, angles in degrees. */
export interface Mprage {
  readonly kind: 'mprage';
  /** From inversion to inversion. */
  readonly repetitionTime: number;
  readonly echoTime: number;
  /** From the inversion to the middle of the train. */
  readonly inversionTime: number;
  readonly flipAngle: number;
  /** From echo to echo within the train. @defaultValue 0.007 */
  readonly echoSpacing?: number;
  /** Excitations of one train. @defaultValue 160 */
  readonly echoes?: number;
  /** The share of the magnetization that the inversion turns over. @defaultValue 0.96 */
  readonly inversionEfficiency?: number;
}

/** A spin echo with a refocusing pulse of 180°; a fast spin echo by its effective echo time. Times in seconds. */
export interface SpinEcho {
  readonly kind: 'spin-echo';
  readonly repetitionTime: number;
  readonly echoTime: number;
}

/** How a scanner makes contrast. */
export type Sequence = SpoiledGradientEcho | Mprage | SpinEcho;

/** The signal of a tissue, with proton density 1 of fully recovered magnetization as 1. Never negative: magnitude. */
export function sequenceSignal(sequence: Sequence, tissue: TissueProperties): number {
  requireCall('phantoms.sequenceSignal', { sequence, tissue });
  switch (sequence.kind) {
    case 'spoiled-gradient-echo':
      return spoiledGradientEchoSignal(sequence, tissue);
    case 'mprage':
      return mprageSignal(sequence, tissue);
    case 'spin-echo':
      return spinEchoSignal(sequence, tissue);
  }
}

/**
 * PD · sin α · (1 − E₁) / (1 − cos α · E₁) · e^(−TE/T2*), E₁ = e^(−TR/T1): the steady state of Ernst & Anderson 1966
 * (Rev. Sci. Instrum. 37:93).
 */
export function spoiledGradientEchoSignal(sequence: SpoiledGradientEcho, tissue: TissueProperties): number {
  const { repetitionTime, echoTime, flipAngle } = sequence;
  const angle = (flipAngle * Math.PI) / 180;
  const recovery = decay(repetitionTime, tissue.t1);
  const longitudinal = (1 - recovery) / (1 - Math.cos(angle) * recovery);
  return tissue.protonDensity * Math.sin(angle) * longitudinal * decay(echoTime, tissue.t2Star);
}

/**
 * The signal of the middle echo of the train in the steady state of inversion, recovery, train of small excitations
 * and recovery (Mugler & Brookeman 1990, Magn. Reson. Med. 15:152; the closed form as in Marques et al. 2010,
 * NeuroImage 49:1271, equations A1–A3, with one train). Between two excitations magnetization M becomes
 * M · cos α · E + 1 − E; over n of them M · cⁿ + (1 − E)(1 − cⁿ)/(1 − c), c = cos α · E.
 */
export function mprageSignal(sequence: Mprage, tissue: TissueProperties): number {
  const { repetitionTime, echoTime, inversionTime, flipAngle } = sequence;
  const { echoSpacing = 0.007, echoes = 160, inversionEfficiency = 0.96 } = sequence;
  const angle = (flipAngle * Math.PI) / 180;
  const before = inversionTime - 0.5 * echoes * echoSpacing;
  const after = repetitionTime - before - echoes * echoSpacing;
  const recoveryBefore = decay(before, tissue.t1);
  const recoveryAfter = decay(after, tissue.t1);
  const between = decay(echoSpacing, tissue.t1);
  const kept = Math.cos(angle) * between;
  const throughTrain = kept ** echoes;
  const gained = ((1 - between) * (1 - throughTrain)) / (1 - kept);
  const steady =
    (((1 - recoveryBefore) * throughTrain + gained) * recoveryAfter + 1 - recoveryAfter) /
    (1 + inversionEfficiency * recoveryBefore * throughTrain * recoveryAfter);
  const atTrain = 1 - recoveryBefore - inversionEfficiency * steady * recoveryBefore;
  const toMiddle = kept ** (0.5 * echoes);
  const atMiddle = atTrain * toMiddle + ((1 - between) * (1 - toMiddle)) / (1 - kept);
  return tissue.protonDensity * Math.sin(angle) * Math.abs(atMiddle) * decay(echoTime, tissue.t2Star);
}

/** PD · (1 − e^(−TR/T1)) · e^(−TE/T2): Hahn's echo (1950, Phys. Rev. 80:580) for an echo time short beside TR. */
export function spinEchoSignal({ repetitionTime, echoTime }: SpinEcho, tissue: TissueProperties): number {
  return tissue.protonDensity * (1 - decay(repetitionTime, tissue.t1)) * decay(echoTime, tissue.t2);
}

/** e^(−t/T) of a time in seconds and a relaxation time in milliseconds. */
function decay(seconds: number, milliseconds: number): number {
  return Math.exp((-1000 * seconds) / milliseconds);
}
