import { deriveSeed, makeRandom, permutation } from '../../math/random';
import type { Random } from '../../math/random';
import { groupBy } from '../../data/group-by';

/** How images are drawn. */
export interface DrawOptions {
  readonly batchSize: number;
  readonly seed: number;
  /** One label per image: batches then hold as many images of each label. */
  readonly labels?: readonly string[];
  /** The scan of each image and how many scans to draw from at a time. */
  readonly window?: { readonly scanOf: readonly string[]; readonly scans: number };
}

/** An endless sequence of images, of which any place can be asked for. */
type Sequence = (place: number) => number;

/** What the seeds of the parts of a draw are derived with, so that they are independent. */
const rounds = -1;

/**
 * Makes the function that says which images are in a batch. Batches are cut from an endless sequence, without gaps, in
 * which every image is once per epoch, in an order of that epoch's own; so every batch is full, and one that holds
 * the end of an epoch also holds the beginning of the next. A batch larger than the number of images holds some twice.
 * With `labels`, each label has such a sequence of its own, and they take turns, in random order at each turn: images of
 * rare labels come more often. With `window`, an epoch takes so many scans at a time, in random order, and mixes the
 * images of these.
 *
 * @param count - the number of images
 * @returns from the number of batches drawn before to the positions of the images: the same whenever it is asked
 */
export function drawPositions(count: number, options: DrawOptions): (step: number) => Int32Array {
  const { batchSize, seed, labels, window } = options;
  const all = Int32Array.from({ length: count }, (_, position) => position);
  const shuffled = (members: Int32Array, streamSeed: number, share: number): Sequence => {
    const order =
      window === undefined ? shuffle : shuffleByScans(window.scanOf, Math.ceil(window.scans * share));
    return endless(members, streamSeed, order);
  };
  const sequence =
    labels === undefined
      ? shuffled(all, seed, 1)
      : takeTurns(
          byLabel(all, labels).map((members, label, { length }) =>
            shuffled(members, deriveSeed(seed, label), 1 / length),
          ),
          deriveSeed(seed, rounds),
        );
  return (step) => Int32Array.from({ length: batchSize }, (_, i) => sequence(step * batchSize + i));
}

/** All members in a new order at each epoch. The order of the epoch asked for last is kept. */
function endless(
  members: Int32Array,
  seed: number,
  reorder: (members: Int32Array, random: Random) => Int32Array,
): Sequence {
  const { length } = members;
  let epoch = -1;
  let order = members;
  return (place) => {
    const wanted = Math.floor(place / length);
    if (wanted !== epoch) {
      order = reorder(members, makeRandom(deriveSeed(seed, wanted)));
      epoch = wanted;
    }
    return order[place % length];
  };
}

function shuffle(members: Int32Array, random: Random): Int32Array {
  return permutation(members.length, random).map((place) => members[place]);
}

/** Shuffles scans, and then the images within so many of them at a time. */
function shuffleByScans(
  scanOf: readonly string[],
  scans: number,
): (members: Int32Array, random: Random) => Int32Array {
  return (members, random) => {
    const groups = [...groupBy(members, (member) => scanOf[member]).values()];
    const order = permutation(groups.length, random);
    const result = new Int32Array(members.length);
    let at = 0;
    for (let first = 0; first < order.length; first += scans) {
      const together = [...order.subarray(first, first + scans)].flatMap((group) => groups[group]);
      result.set(shuffle(Int32Array.from(together), random), at);
      at += together.length;
    }
    return result;
  };
}

/** The members of each label, by the labels in alphabetical order. */
function byLabel(members: Int32Array, labels: readonly string[]): Int32Array[] {
  const groups = groupBy(members, (member) => labels[member]);
  return [...groups.keys()].sort().map((label) => Int32Array.from(groups.get(label) ?? []));
}

/** The sequences in turns: each comes once per round, in an order of that round's own. */
function takeTurns(sequences: readonly Sequence[], seed: number): Sequence {
  const numbers = Int32Array.from(sequences.keys());
  const turns = endless(numbers, seed, shuffle);
  return (place) => sequences[turns(place)](Math.floor(place / sequences.length));
}
