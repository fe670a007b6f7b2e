/**
 * Unpacks LZ4 as Parquet has it under `LZ4`: blocks that Hadoop framed, before each its size unpacked and packed, or, as
 * some writers put it, one bare block.
 *
 * @throws Error when it is damaged or does not have the size.
 */
export function unpackFramedLz4(packed: Uint8Array, size: number): Uint8Array {
  const blocks = hadoopBlocks(packed, size);
  if (blocks === undefined) return unpackLz4(packed, size);
  const page = new Uint8Array(size);
  let at = 0;
  for (const block of blocks) {
    page.set(unpackLz4(block.bytes, block.size), at);
    at += block.size;
  }
  return page;
}

/** The blocks that sizes announce; `undefined` where these do not fit the bytes. */
function hadoopBlocks(
  packed: Uint8Array,
  size: number,
): readonly { readonly bytes: Uint8Array; readonly size: number }[] | undefined {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const blocks: { bytes: Uint8Array; size: number }[] = [];
  let at = 0;
  let sum = 0;
  while (at + 8 <= packed.length) {
    const end = at + 8 + view.getUint32(at + 4);
    if (end > packed.length) return undefined;
    blocks.push({ bytes: packed.subarray(at + 8, end), size: view.getUint32(at) });
    sum += view.getUint32(at);
    at = end;
  }
  return at === packed.length && sum === size ? blocks : undefined;
}

/**
 * Unpacks one block of LZ4 (lz4_Block_format.md of github.com/lz4/lz4). hyparquet-compressors has this, but where a block
 * ends early it leaves zeros and says nothing.
 *
 * @throws Error when it is damaged or does not have the size.
 */
export function unpackLz4(block: Uint8Array, size: number): Uint8Array {
  const page = new Uint8Array(size);
  let at = 0;
  let made = 0;
  const byte = (): number => {
    if (at >= block.length) throw new Error('an LZ4 block ends early');
    return block[at++];
  };
  const length = (start: number): number => {
    let sum = start;
    if (start === 15) {
      let more;
      do sum += more = byte();
      while (more === 255);
    }
    return sum;
  };
  const requireRoom = (count: number): void => {
    if (made + count > size) throw new Error(`an LZ4 block unpacks to more than ${size} bytes`);
  };
  while (at < block.length) {
    const token = byte();
    const literals = length(token >> 4);
    if (at + literals > block.length) throw new Error('an LZ4 block ends early');
    requireRoom(literals);
    page.set(block.subarray(at, at + literals), made);
    at += literals;
    made += literals;
    // The last sequence has literals only.
    if (at === block.length) break;
    const back = byte() + 256 * byte();
    if (back === 0 || back > made) throw new Error('an LZ4 block refers to before its start');
    const copied = length(token & 15) + 4;
    requireRoom(copied);
    // Byte by byte: what is copied may be what is being made.
    for (const end = made + copied; made < end; made++) page[made] = page[made - back];
  }
  if (made !== size) throw new Error(`an LZ4 block unpacks to ${made} bytes, not to ${size}`);
  return page;
}
