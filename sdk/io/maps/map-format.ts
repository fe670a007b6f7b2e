/** The values of a map: those of most formats are 32-bit floats. */
export type MapValues = Float32Array | Float64Array;

/** A format of files that hold one value per vertex. */
export interface MapFormat {
  /** What messages call it. */
  readonly name: string;
  /** Whether a file is of it, by its name. */
  is(path: string): boolean;
  /** Reads the values of a file that holds one map. */
  read(path: string): Promise<MapValues>;
  /**
   * Writes other values into a new file that is like another: of its layout, with what its header says.
   *
   * @param like - a file of the format, with as many values
   */
  write(values: MapValues, path: string, like: string): Promise<void>;
}
