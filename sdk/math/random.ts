/** A seeded source of random numbers. The same seed gives the same sequence on every machine. */
export interface Random {
  /** The next number, uniform in [0, 1), with 53 random bits. */
  uniform(): number;
  /** The next standard normal number. */
  normal(): number;
  /** The next whole number, uniform in 0 … `bound` − 1. */
  integer(bound: number): number;
}

/**
 * Makes a seeded random source: xoshiro128** (Blackman & Vigna 2021, "Scrambled linear pseudorandom number
 * generators", ACM TOMS 47:36), its state filled from the seed by SplitMix32.
 *
 * @param seed - any integer; its low 32 bits count
 */
export function makeRandom(seed: number): Random {
  return randomFromState(splitMix32(seed, 4));
}

/** The random source that continues from a given state of four 32-bit words, not all zero. */
function randomFromState(state: Uint32Array): Random {
  const next = xoshiro128(state);
  const uniform = (): number => ((next() >>> 5) * 67108864 + (next() >>> 6)) / 9007199254740992;
  let spare: number | undefined;
  const normal = (): number => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    // Polar method (Marsaglia & Bray 1964): exact, and its two draws are independent.
    for (;;) {
      const u = 2 * uniform() - 1;
      const v = 2 * uniform() - 1;
      const s = u * u + v * v;
      if (s > 0 && s < 1) {
        const scale = Math.sqrt((-2 * Math.log(s)) / s);
        spare = v * scale;
        return u * scale;
      }
    }
  };
  return { uniform, normal, integer: (bound) => Math.floor(uniform() * bound) };
}

/** So many outputs are made at a time: enough to be no slower than one by one, and little for a source of which few are drawn. */
const wordsAtOnce = 16;

/** Makes the function that returns the raw 32-bit outputs of xoshiro128**, from a state that is not changed. */
export function xoshiro128(state: Uint32Array): () => number {
  const own = new Int32Array(state);
  const words = new Uint32Array(wordsAtOnce);
  let at = wordsAtOnce;
  return () => {
    if (at === wordsAtOnce) {
      fillWords(words, own);
      at = 0;
    }
    return words[at++];
  };
}

/**
 * Makes the function that fills a list with the numbers that `integer(bound)` of a source of this seed returns, one after the
 * other: in a fraction of the time, where many are drawn.
 */
export function integersOf(seed: number, bound: number): (into: Int32Array) => void {
  const state = new Int32Array(splitMix32(seed, 4));
  let words = new Uint32Array(0);
  return (into) => {
    if (words.length !== 2 * into.length) words = new Uint32Array(2 * into.length);
    fillWords(words, state);
    for (let i = 0, at = 0; i < into.length; i++, at += 2) {
      into[i] = Math.floor(
        (((words[at] >>> 5) * 67108864 + (words[at + 1] >>> 6)) / 9007199254740992) * bound,
      );
    }
  };
}

/** The next outputs of xoshiro128**, from a state that moves on. */
function fillWords(words: Uint32Array, state: Int32Array): void {
  // As signed numbers, which engines keep without a box: bits are all that counts.
  let [a, b, c, d] = state;
  for (let i = 0; i < words.length; i++) {
    const scrambled = Math.imul(b, 5);
    words[i] = Math.imul((scrambled << 7) | (scrambled >>> 25), 9);
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
  }
  state[0] = a;
  state[1] = b;
  state[2] = c;
  state[3] = d;
}

/** `count` 32-bit words spread from one seed (Steele, Lea & Flood 2014, with the 32-bit MurmurHash3 finalizer). */
function splitMix32(seed: number, count: number): Uint32Array {
  const words = new Uint32Array(count);
  let state = seed | 0;
  for (let i = 0; i < count; i++) {
    state = (state + 0x9e3779b9) | 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    words[i] = z ^ (z >>> 16);
  }
  return words;
}

/** The numbers 0 … `length` − 1 in random order (Fisher–Yates). */
export function permutation(length: number, random: Random): Int32Array {
  const order = Int32Array.from({ length }, (_, index) => index);
  for (let i = length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    const swapped = order[i];
    order[i] = order[j];
    order[j] = swapped;
  }
  return order;
}

/** A seed derived from another and a position, so that parallel or nested work gets independent streams. */
export function deriveSeed(seed: number, position: number): number {
  return splitMix32((seed ^ Math.imul(position + 1, 0x9e3779b1)) | 0, 1)[0];
}
