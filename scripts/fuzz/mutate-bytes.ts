import type { Random } from '../../sdk/math/random';

/** Numbers that readers stumble over. */
const oddNumbers: readonly number[] = [
  ...[0, 1, -1, 2, 7, 8, 127, 128, 255, 256, 32767, 32768, 65535, 65536],
  ...[2 ** 24, 2 ** 30, 2 ** 31 - 1, -(2 ** 31), 1e9, -1e9, 0.5, NaN, Infinity, -Infinity, 1e38, 1e-45],
];

type Mutation = (bytes: Buffer, random: Random) => Buffer;

/** A place, mostly near the beginning, where formats have their headers. */
function place(bytes: Buffer, random: Random): number {
  const within = random.uniform() < 0.6 ? Math.min(bytes.length, 600) : bytes.length;
  return random.integer(Math.max(1, within));
}

function setNumber(bytes: Buffer, random: Random): Buffer {
  const changed = Buffer.from(bytes);
  const width = [1, 2, 4, 4, 8][random.integer(5)];
  if (changed.length < width) return changed;
  const aligned = random.uniform() < 0.8 ? width : 1;
  const at = Math.min(changed.length - width, Math.floor(place(changed, random) / aligned) * aligned);
  const value = oddNumbers[random.integer(oddNumbers.length)];
  const view = new DataView(changed.buffer, changed.byteOffset, changed.byteLength);
  const little = random.uniform() < 0.7;
  if (width === 1) view.setInt8(at, value);
  else if (width === 2) view.setInt16(at, value, little);
  else if (width === 8) view.setFloat64(at, value, little);
  else if (random.uniform() < 0.5) view.setInt32(at, value, little);
  else view.setFloat32(at, value, little);
  return changed;
}

function part(bytes: Buffer, random: Random): readonly [from: number, to: number] {
  const from = place(bytes, random);
  return [from, Math.min(bytes.length, from + 1 + random.integer(64))];
}

const mutations: readonly Mutation[] = [
  setNumber,
  setNumber,
  setNumber,
  (bytes, random) => {
    const changed = Buffer.from(bytes);
    if (changed.length > 0) changed[place(changed, random)] ^= 1 << random.integer(8);
    return changed;
  },
  (bytes, random) => bytes.subarray(0, random.integer(bytes.length + 1)),
  (bytes, random) => {
    const [from, to] = part(bytes, random);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  (bytes, random) => {
    const [from, to] = part(bytes, random);
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
  },
  (bytes, random) => {
    const changed = Buffer.from(bytes);
    const [from, to] = part(bytes, random);
    return changed.fill([0, 0xff, 0x20, 0x7f][random.integer(4)], from, to);
  },
  (bytes, random) => Buffer.concat([bytes, Buffer.alloc(random.integer(512), random.integer(256))]),
];

/** Alters some bytes: numbers that are odd, bits, parts cut out, doubled or blanked, the end. */
export function mutateBytes(bytes: Buffer, random: Random): Buffer {
  let changed = bytes;
  for (let left = 1 + random.integer(4); left > 0; left--) {
    changed = mutations[random.integer(mutations.length)](changed, random);
  }
  return changed;
}
