import { oneOf } from '../../../data/one-of';
import type { PhantomScanner } from './phantom-scanner';
import { requireCall } from '../../../data/calls/require-call';

/** The names of the sets of scanners that come with Concord. */
export type ScannerPreset = 'abcd-like' | 'seven-site';

/**
 * The scanners of a preset, by site; a site with two sequences is there twice.
 *
 * - `abcd-like`: three vendors at 3 T with T1w and T2w, their times as in the protocol of the ABCD study (Casey et al.
 *   2018, Dev. Cogn. Neurosci. 32:43); for T2w with variable flip angles the echo time that gives such contrast.
 * - `seven-site`: seven T1w sites at 1.5 and 3 T, in number as in the study of DDAE (arXiv 2408.15890), which pools
 *   public cohorts; the machines are ours, spread as those of such cohorts are.
 *
 * @throws ConcordError `invalid-option` for an unknown preset.
 */
export function scannerPreset(name: ScannerPreset): readonly PhantomScanner[] {
  requireCall('phantoms.scannerPreset', { name });
  oneOf('preset', name, ['abcd-like', 'seven-site']);
  return name === 'abcd-like' ? abcdLike : sevenSite;
}

const abcdLike: readonly PhantomScanner[] = [
  {
    site: 'GE',
    manufacturer: 'GE',
    model: 'Discovery MR750',
    fieldStrength: 3,
    seed: 11,
    gain: 4200,
    whiteMatterSnr: 24,
    biasStrength: 0.16,
    ringing: 0.5,
    distortion: 1.2,
    smoothing: 0.6,
    sequence: mprage(2.5, 0.002, 1.06, 8),
  },
  {
    site: 'GE',
    manufacturer: 'GE',
    model: 'Discovery MR750',
    fieldStrength: 3,
    seed: 11,
    gain: 3100,
    whiteMatterSnr: 20,
    biasStrength: 0.16,
    ringing: 0.5,
    distortion: 1.2,
    smoothing: 0.6,
    sequence: { kind: 'spin-echo', repetitionTime: 3.2, echoTime: 0.06 },
  },
  {
    site: 'Philips',
    manufacturer: 'Philips',
    model: 'Achieva dStream',
    fieldStrength: 3,
    seed: 12,
    gain: 900,
    whiteMatterSnr: 28,
    biasStrength: 0.12,
    ringing: 0.2,
    distortion: 0.5,
    smoothing: 1.1,
    sequence: { kind: 'spoiled-gradient-echo', repetitionTime: 0.0083, echoTime: 0.0029, flipAngle: 10 },
  },
  {
    site: 'Philips',
    manufacturer: 'Philips',
    model: 'Achieva dStream',
    fieldStrength: 3,
    seed: 12,
    gain: 640,
    whiteMatterSnr: 22,
    biasStrength: 0.12,
    ringing: 0.2,
    distortion: 0.5,
    smoothing: 1.1,
    sequence: { kind: 'spin-echo', repetitionTime: 2.5, echoTime: 0.11 },
  },
  {
    site: 'Siemens',
    manufacturer: 'Siemens',
    model: 'Prisma',
    fieldStrength: 3,
    seed: 13,
    gain: 420,
    whiteMatterSnr: 32,
    biasStrength: 0.16,
    ringing: 0.3,
    distortion: 0.7,
    sequence: mprage(2.5, 0.00288, 1.06, 8),
  },
  {
    site: 'Siemens',
    manufacturer: 'Siemens',
    model: 'Prisma',
    fieldStrength: 3,
    seed: 13,
    gain: 350,
    whiteMatterSnr: 25,
    biasStrength: 0.16,
    ringing: 0.3,
    distortion: 0.7,
    sequence: { kind: 'spin-echo', repetitionTime: 3.2, echoTime: 0.085 },
  },
];

const sevenSite: readonly PhantomScanner[] = [
  {
    site: 'siteA',
    manufacturer: 'Siemens',
    model: 'Trio',
    fieldStrength: 3,
    seed: 21,
    gain: 500,
    whiteMatterSnr: 30,
    biasStrength: 0.12,
    ringing: 0.3,
    sequence: mprage(2.3, 0.003, 0.9, 9),
  },
  {
    site: 'siteB',
    manufacturer: 'Siemens',
    model: 'Avanto',
    fieldStrength: 1.5,
    seed: 22,
    gain: 330,
    whiteMatterSnr: 20,
    biasStrength: 0.06,
    ringing: 0.4,
    resolution: [1.2, 1.2, 1.2],
    sequence: mprage(2.4, 0.0036, 1, 8),
  },
  {
    site: 'siteC',
    manufacturer: 'Philips',
    model: 'Intera',
    fieldStrength: 3,
    seed: 23,
    gain: 1400,
    whiteMatterSnr: 26,
    biasStrength: 0.14,
    ringing: 0.2,
    smoothing: 1.4,
    sequence: { kind: 'spoiled-gradient-echo', repetitionTime: 0.0096, echoTime: 0.0046, flipAngle: 8 },
  },
  {
    site: 'siteD',
    manufacturer: 'Philips',
    model: 'Gyroscan Intera',
    fieldStrength: 1.5,
    seed: 24,
    gain: 820,
    whiteMatterSnr: 18,
    biasStrength: 0.07,
    ringing: 0.3,
    resolution: [1.1, 1.1, 1.3],
    sequence: { kind: 'spoiled-gradient-echo', repetitionTime: 0.0098, echoTime: 0.0046, flipAngle: 12 },
  },
  {
    site: 'siteE',
    manufacturer: 'GE',
    model: 'Signa HDxt',
    fieldStrength: 1.5,
    seed: 25,
    gain: 6200,
    whiteMatterSnr: 19,
    biasStrength: 0.09,
    ringing: 0.7,
    resolution: [1.2, 1.2, 1.5],
    distortion: 1.4,
    sequence: { kind: 'spoiled-gradient-echo', repetitionTime: 0.022, echoTime: 0.005, flipAngle: 25 },
  },
  {
    site: 'siteF',
    manufacturer: 'GE',
    model: 'Discovery MR750',
    fieldStrength: 3,
    seed: 26,
    gain: 3900,
    whiteMatterSnr: 24,
    biasStrength: 0.15,
    ringing: 0.5,
    smoothing: 0.6,
    distortion: 1.1,
    sequence: mprage(2.2, 0.003, 0.65, 11),
  },
  {
    site: 'siteG',
    manufacturer: 'Siemens',
    model: 'Verio',
    fieldStrength: 3,
    seed: 27,
    gain: 260,
    whiteMatterSnr: 22,
    biasStrength: 0.17,
    ringing: 0.2,
    smoothing: 0.9,
    sequence: mprage(1.9, 0.0025, 0.9, 9),
  },
];

function mprage(
  repetitionTime: number,
  echoTime: number,
  inversionTime: number,
  flipAngle: number,
): PhantomScanner['sequence'] {
  return { kind: 'mprage', repetitionTime, echoTime, inversionTime, flipAngle };
}
