/**
 * Makes the function that puts 0 … n − 1 into the order in which `numpy.random.shuffle` does after `numpy.random.seed(seed)`, and
 * then on from there, so that what Python programs dealt can be dealt again. It is the Mersenne Twister MT19937 (Matsumoto &
 * Nishimura 1998, ACM Trans. Model. Comput. Simul. 8:3) and Fisher–Yates with rejected draws; for everything else there is
 * `makeRandom`. (The packages `mersenne-twister` and `random-js` have the generator, but not NumPy's draws from it.)
 *
 * @param seed - from 0 to 2³² − 1
 */
export function numpyShuffle(seed: number): (size: number) => Int32Array {
  const next = mersenneTwister(seed);
  return (size) => {
    const order = Int32Array.from({ length: size }, (_, at) => at);
    for (let at = size - 1; at > 0; at--) {
      const other = upTo(at, next);
      [order[at], order[other]] = [order[other], order[at]];
    }
    return order;
  };
}

/** A whole number from 0 to `most`: the lowest bits that can hold it are drawn until they do not exceed it. */
function upTo(most: number, next: () => number): number {
  const bits = 32 - Math.clz32(most);
  for (;;) {
    const value = next() & (2 ** bits - 1);
    if (value <= most) return value;
  }
}

const words = 624;
const middle = 397;

/** Draws 32 bits, as a whole number from 0. */
function mersenneTwister(seed: number): () => number {
  const state = new Uint32Array(words);
  state[0] = seed;
  for (let i = 1; i < words; i++) {
    const before = state[i - 1] ^ (state[i - 1] >>> 30);
    state[i] = Math.imul(1812433253, before) + i;
  }
  let at = words;
  return () => {
    if (at === words) {
      twist(state);
      at = 0;
    }
    let y = state[at++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  };
}

function twist(state: Uint32Array): void {
  for (let i = 0; i < words; i++) {
    const y = (state[i] & 0x80000000) | (state[(i + 1) % words] & 0x7fffffff);
    state[i] = state[(i + middle) % words] ^ (y >>> 1) ^ ((y & 1) * 0x9908b0df);
  }
}
