import type { MapNotes } from '../volumes/surfaces/surface-map';

/** The values of a map: those of most formats are 32-bit floats. */
export type MapValues = Float32Array | Float64Array;

/** A map as it was read, and what its file says of it. */
export interface NotedMap {
  readonly values: MapValues;
  readonly notes?: MapNotes;
}

/** A format of files that hold one value per vertex. */
export interface MapFormat {
  /** What messages call it. */
  readonly name: string;
  /** Whether a file is of it, by its name. */
  is(path: string): boolean;
  /** Reads a file that holds one map. */
  read(path: string): Promise<NotedMap>;
  /**
   * Writes other values into a new file that is like another: of its layout, with what its header says.
   *
   * @param like - a file of the format, with as many values
   */
  write(values: MapValues, path: string, like: string): Promise<void>;
  /** Of formats whose files may hold several maps, each to be read and written where it is. */
  readonly stacks?: StackFormat;
}

/** How a file that holds several maps is read, one map at a time. */
export interface StackFormat {
  /**
   * What a file holds, and what is around its maps.
   *
   * @throws ConcordError `unsupported-format` also where a map is not in one piece.
   */
  open(path: string): Promise<StackLayout>;
  /** Reads one of its maps, from 0. */
  read(path: string, frame: number): Promise<MapValues>;
}

/** A file of several maps, and how one like it is written: maps one after the other, as floats. */
export interface StackLayout {
  readonly frames: number;
  readonly vertices: number;
  /** What is before the maps of a file that is written like it. */
  readonly before: Uint8Array;
  readonly after: Uint8Array;
  /** Bytes of a value that is written. */
  readonly width: 4 | 8;
  readonly littleEndian: boolean;
}
