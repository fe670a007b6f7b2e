/** The bytes of an image file as they are unpacked, read from the front to the back. */
export interface ImageBytes {
  /** The file, as the caller named it. */
  readonly path: string;
  /** The most bytes there can be: how many there are, or for a gzip file the most that its size allows. */
  readonly most: number;
  /** The first bytes, fewer than asked for where the file ends before. To be called before {@link ImageBytes.fill}. */
  head(length: number): Promise<Buffer>;
  /** Fills `target` with the bytes from `start` on, and returns how many there were. To be called once. */
  fill(target: Uint8Array, start: number): Promise<number>;
  /** Reads on to the end, where a gzip file holds its checksum; the header says that it is at byte `end`. */
  finish(end: number): Promise<void>;
  close(): Promise<void>;
}
