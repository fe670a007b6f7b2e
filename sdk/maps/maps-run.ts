import type { PreparedCombat } from '../combat/fit-combat';
import type { RunOptions } from '../data/run-options';
import type { DoublesFile } from '../io/maps/doubles-file';
import type { FileMark } from '../io/maps/file-marks';
import type { ScratchFile } from '../io/maps/scratch-file';
import type { ScaleModel } from '../combat/scales/scale-model';
import type { MapCounts, Progressed } from './journal';
import type { MapLayout } from './map-layout';
import type { RunPersons } from './persons/persons-apart';

/** The files of one scan, and where their harmonized forms go. */
export interface ScanFiles {
  readonly id: string;
  readonly from: readonly string[];
  /** Of a file that is a stack of all scans, which of its maps, from 0; of others nothing. */
  readonly frames: readonly (number | undefined)[];
  readonly to: readonly string[];
}

/** A run as its passes know it. */
export interface MapsRun {
  readonly scans: readonly ScanFiles[];
  readonly prepared: PreparedCombat;
  readonly scale: ScaleModel;
  /** Where what sets persons apart is found and kept. */
  readonly persons?: RunPersons;
  readonly layout: MapLayout;
  /** 1 for each vertex that is cortex, where that was said. */
  readonly cortex?: Uint8Array;
  readonly nameOf: (vertex: number) => string;
  readonly scratch: ScratchFile;
  /** What the model has of each vertex. */
  readonly arrays: DoublesFile;
  /** What is needed of each vertex until site effects are shrunk. */
  readonly sums: DoublesFile;
  readonly run: RunOptions;
  /** Where the run is, and how it is noted. */
  state(): Progressed;
  advance(step: Partial<Omit<Progressed, 'counts'>>, met?: Partial<MapCounts>): Promise<void>;
  /** The marks of the files that are read, scan after scan. */
  marks(): readonly (readonly FileMark[])[];
  remember(marks: readonly (readonly FileMark[])[]): void;
  /** Says that work is done: of so many scans read, or as many as that takes. */
  worked(scans: number): void;
}
