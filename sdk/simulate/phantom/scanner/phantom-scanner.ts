import type { Triple } from '../../../data/images/affine';
import { requireWithin } from '../../../data/require-within';
import type { Scanner } from '../../../data/images/scan';
import type { Sequence } from './signal-equations';

/** A simulated scanner running one sequence: everything that makes its images differ from another's. */
export interface PhantomScanner {
  /** The site's name. */
  readonly site: string;
  readonly manufacturer?: string;
  readonly model?: string;
  /** In tesla. */
  readonly fieldStrength: number;
  readonly sequence: Sequence;
  /** What it measures, by BIDS suffix. @defaultValue `'T2w'` for a spin echo, else `'T1w'` */
  readonly suffix?: string;
  /** Size of the acquired voxels in mm along x, y, z. @defaultValue [1, 1, 1] */
  readonly resolution?: Triple;
  /** How sharply k-space ends: 0 with a Hann filter, no ringing; 1 cut off, full Gibbs ringing. @defaultValue 0.3 */
  readonly ringing?: number;
  /** Full width at half maximum in mm of the smoothing that the reconstruction adds. @defaultValue 0 */
  readonly smoothing?: number;
  /** Signal of white matter over the standard deviation of the noise. @defaultValue 30 */
  readonly whiteMatterSnr?: number;
  /** Intensity of white matter at the middle of the brain. @defaultValue 1000 */
  readonly gain?: number;
  /** Standard deviation over the brain of the logarithm of the sensitivity. @defaultValue 0.05 × field strength */
  readonly biasStrength?: number;
  /** Distortion of the gradients at 100 mm from the isocenter, in mm. @defaultValue 0.5 */
  readonly distortion?: number;
  /** Draws the forms of sensitivity and distortion, which stay the same for all scans of the machine. @defaultValue 1 */
  readonly seed?: number;
}

/** A scanner with every default filled in. */
export type CompleteScanner = Required<Omit<PhantomScanner, 'manufacturer' | 'model'>> &
  Pick<PhantomScanner, 'manufacturer' | 'model'>;

/**
 * Fills in the defaults of a scanner.
 *
 * @throws ConcordError `invalid-option` naming the setting, its value and what is allowed.
 */
export function completeScanner(scanner: PhantomScanner): CompleteScanner {
  const complete: CompleteScanner = {
    ...scanner,
    suffix: scanner.suffix ?? (scanner.sequence.kind === 'spin-echo' ? 'T2w' : 'T1w'),
    resolution: scanner.resolution ?? [1, 1, 1],
    ringing: scanner.ringing ?? 0.3,
    smoothing: scanner.smoothing ?? 0,
    whiteMatterSnr: scanner.whiteMatterSnr ?? 30,
    gain: scanner.gain ?? 1000,
    biasStrength: scanner.biasStrength ?? 0.05 * scanner.fieldStrength,
    distortion: scanner.distortion ?? 0.5,
    seed: scanner.seed ?? 1,
  };
  const { sequence } = complete;
  requireWithin('repetitionTime', sequence.repetitionTime, [1e-4, 100]);
  requireWithin('echoTime', sequence.echoTime, [0, sequence.repetitionTime]);
  if (sequence.kind !== 'spin-echo') requireWithin('flipAngle', sequence.flipAngle, [0.1, 180]);
  if (sequence.kind === 'mprage') checkTrain(sequence);
  complete.resolution.forEach((size) => requireWithin('resolution', size, [0.1, 20]));
  requireWithin('ringing', complete.ringing, [0, 1]);
  requireWithin('smoothing', complete.smoothing, [0, 20]);
  requireWithin('whiteMatterSnr', complete.whiteMatterSnr, [0.1, Infinity]);
  requireWithin('gain', complete.gain, [1e-12, 1e12]);
  requireWithin('biasStrength', complete.biasStrength, [0, 2]);
  requireWithin('distortion', complete.distortion, [0, 10]);
  return complete;
}

/** What the headers of a scan would say of the scanner. */
export function scannerRecord(scanner: PhantomScanner): Scanner {
  const { manufacturer, model, site, fieldStrength, sequence } = scanner;
  return {
    ...(manufacturer === undefined ? {} : { manufacturer }),
    ...(model === undefined ? {} : { model }),
    station: site,
    fieldStrength,
    repetitionTime: sequence.repetitionTime,
    echoTime: sequence.echoTime,
    ...(sequence.kind === 'mprage' ? { inversionTime: sequence.inversionTime } : {}),
    ...(sequence.kind === 'spin-echo' ? {} : { flipAngle: sequence.flipAngle }),
  };
}

function checkTrain(sequence: Extract<Sequence, { kind: 'mprage' }>): void {
  const { repetitionTime, inversionTime, echoSpacing = 0.007, echoes = 160 } = sequence;
  const half = 0.5 * echoes * echoSpacing;
  requireWithin('inversionTime', inversionTime, [half, repetitionTime - half]);
}
