import * as zlib from 'node:zlib';
import type { CompressionCodec } from 'hyparquet';
import { unpackFramedLz4, unpackLz4 } from './lz4';
import { hyparquet } from './hyparquet';

/** Unpacks the bytes of a page. */
export type UnpackPage = (packed: Uint8Array, codec: CompressionCodec, size: number) => Uint8Array;

/** How many times its packed bytes a page can be at most, by its method, or a round number above. */
const largestRatio: Partial<Record<CompressionCodec, number>> = {
  UNCOMPRESSED: 1,
  SNAPPY: 25,
  GZIP: 1100,
  LZ4: 260,
  LZ4_RAW: 260,
  // Runs of one byte are packed without bound by these; the tables we know stay far below.
  BROTLI: 100_000,
  ZSTD: 100_000,
};

/** A page of up to this many bytes is believed whatever its ratio. */
const smallPage = 65_536;

/**
 * Makes the function that unpacks pages. What comes out has the size promised; room is made only for sizes that the
 * method can give. Node has gzip, Brotli and, from 22.15, Zstandard; hyparquet has Snappy; fzstd has Zstandard for
 * Node 20. (hyparquet-compressors, which has all of them, returns zeros where a page ends early.)
 */
export function pageUnpacker(): UnpackPage {
  const { snappyUncompress } = hyparquet();
  const unzstd = 'zstdDecompressSync' in zlib ? nativeZstd : portableZstd();
  const unpack = (packed: Uint8Array, codec: CompressionCodec, size: number): Uint8Array => {
    switch (codec) {
      case 'UNCOMPRESSED':
        return packed;
      case 'SNAPPY': {
        const page = new Uint8Array(size);
        snappyUncompress(packed, page);
        return page;
      }
      case 'GZIP':
        return zlib.gunzipSync(packed, atMost(size));
      case 'BROTLI':
        return zlib.brotliDecompressSync(packed, atMost(size));
      case 'ZSTD':
        return unzstd(packed, size);
      case 'LZ4':
        return unpackFramedLz4(packed, size);
      case 'LZ4_RAW':
        return unpackLz4(packed, size);
      case 'LZO':
      default:
        throw new Error(`unsupported compression: ${codec}`);
    }
  };
  return (packed, codec, size) => {
    const most = Math.max(smallPage, packed.length * (largestRatio[codec] ?? 1));
    if (!(size >= 0 && size <= most)) {
      throw new Error(`a page of ${packed.length} bytes is said to unpack to ${size}`);
    }
    // A page of missing values only may have no bytes at all, which is no stream of any method.
    const page = packed.length === 0 && size === 0 ? packed : unpack(packed, codec, size);
    if (page.length !== size) throw new Error(`a page unpacks to ${page.length} bytes, not to ${size}`);
    return page;
  };
}

/** Node makes no room for nothing. */
function atMost(size: number): { readonly maxOutputLength: number } {
  return { maxOutputLength: Math.max(1, size) };
}

function nativeZstd(packed: Uint8Array, size: number): Uint8Array {
  // Node 20, whose types these are, does not have it.
  const { zstdDecompressSync } = zlib as unknown as { readonly zstdDecompressSync: typeof zlib.gunzipSync };
  return zstdDecompressSync(packed, atMost(size));
}

function portableZstd(): (packed: Uint8Array, size: number) => Uint8Array {
  const { Decompress } = hyparquet();
  return (packed, size) => {
    const page = new Uint8Array(size);
    let made = 0;
    // Its simpler function returns as much as a damaged frame claims, zeros included.
    const stream = new Decompress((piece) => {
      if (made + piece.length > size) throw new Error(`a page unpacks to more than ${size} bytes`);
      page.set(piece, made);
      made += piece.length;
    });
    stream.push(packed, true);
    return page.subarray(0, made);
  };
}
