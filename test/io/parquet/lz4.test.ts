import assert from 'node:assert/strict';
import { unpackFramedLz4, unpackLz4 } from '../../../sdk/io/parquet/lz4';

// lz4 4.4.5 of Python: lz4.block.compress(b'harmonize ' * 20, store_size=False).
const packed = Buffer.from('r2hhcm1vbml6ZSAKAKZQbml6ZSA=', 'base64');

describe('unpackLz4', () => {
  // By hand from the format: 4 letters, then 8 more that repeat them, then 5 literals.
  const block = Uint8Array.from([0x44, 97, 98, 99, 100, 4, 0, 0x50, 101, 102, 103, 104, 105]);
  const text = 'abcdabcdabcdefghi';

  it('gives back what the LZ4 library packed', () => {
    assert.equal(Buffer.from(unpackLz4(packed, 200)).toString(), 'harmonize '.repeat(20));
  });

  it('copies what it has just made', () => {
    assert.equal(Buffer.from(unpackLz4(block, text.length)).toString(), text);
  });

  it('refuses a block that ends early, is too long or refers to nothing', () => {
    for (let end = 0; end < block.length; end++) {
      assert.throws(() => unpackLz4(block.subarray(0, end), text.length), /LZ4 block/, `${end} bytes`);
    }
    assert.throws(() => unpackLz4(block, text.length - 1), /more than 16 bytes/);
    assert.throws(() => unpackLz4(Uint8Array.from([0x14, 97, 2, 0]), 9), /before its start/);
  });

  it('reads blocks with the sizes that Hadoop puts before them, and bare ones', () => {
    const framed = Buffer.concat([
      Uint8Array.from([0, 0, 0, text.length, 0, 0, 0, block.length]),
      block,
      Uint8Array.from([0, 0, 0, text.length, 0, 0, 0, block.length]),
      block,
    ]);
    assert.equal(Buffer.from(unpackFramedLz4(framed, 2 * text.length)).toString(), text + text);
    assert.equal(Buffer.from(unpackFramedLz4(block, text.length)).toString(), text);
  });
});
