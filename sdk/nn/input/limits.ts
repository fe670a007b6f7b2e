/** Beyond `doubt` a scan is taken with an issue, beyond `refuse` it is refused. */
export interface Limit {
  readonly doubt: number;
  readonly refuse: number;
}

/** What scans are judged by. */
export type SignName =
  | ('levels' | 'commonest' | 'crowded' | 'uneven' | 'rough' | 'smooth' | 'flicker')
  | ('outline' | 'content' | 'dip' | 'reversed' | 'turned' | 'shaded')
  | ('shape' | 'brighter' | 'darker' | 'skewed' | 'bent');

/**
 * Limits of the signs by which scans are judged, where the training scans themselves did not reach farther: drawn by
 * `npm run bench:guard -- limits` from good scans of one half of the persons and digital persons of ten scanners, by a rule
 * that was set before (`fixtures/guard.md`). No spoilt scan has a part in them; they are tried on the other half.
 */
export const limits: Readonly<Record<SignName, Limit>> = {
  /** In bits, below 0: 56 gray levels, and 24. */
  levels: { doubt: -5.82, refuse: -4.58 },
  /** By hand: 8 bits give up to 0.03, a part of the brain that is empty its share. */
  commonest: { doubt: 0.1, refuse: 0.15 },
  crowded: { doubt: 0.159, refuse: 0.19 },
  uneven: { doubt: -0.061, refuse: -0.003 },
  rough: { doubt: 0.319, refuse: 0.41 },
  smooth: { doubt: -0.047, refuse: -0.027 },
  flicker: { doubt: 0.025, refuse: 0.045 },
  outline: { doubt: -0.673, refuse: -0.646 },
  content: { doubt: -0.377, refuse: -0.235 },
  dip: { doubt: 0.02, refuse: 0.04 },
  reversed: { doubt: 0.056, refuse: 0.076 },
  turned: { doubt: 0, refuse: 0.081 },
  /** From real persons, and for them. It can be corrected, and is never refused. */
  shaded: { doubt: 0.199, refuse: Infinity },
  shape: { doubt: 0.294, refuse: 0.37 },
  brighter: { doubt: 0.076, refuse: 0.099 },
  darker: { doubt: 0.217, refuse: 0.281 },
  skewed: { doubt: 0.201, refuse: 0.357 },
  bent: { doubt: 0.505, refuse: 0.667 },
};
