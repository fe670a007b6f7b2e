/** The backends that networks can run on, fastest first: native TensorFlow, a graphics card, wasm, plain JavaScript. */
export type BackendName = 'tensorflow' | 'webgpu' | 'wasm' | 'cpu';

/** A backend that has started. */
export interface StartedBackend {
  /** What the numbers are computed on, in words: a processor, a graphics card. */
  readonly device: string;
  /** The npm package that runs it, and its version. */
  readonly package: string;
  /** The threads it computes with, where that is known. */
  readonly threads?: number;
  /** Whether it computes several numbers with one instruction, where that is known. */
  readonly simd?: boolean;
  /** The most memory that its tensors can take, in bytes, where that is known. */
  readonly memoryLimit?: number;
  /** What else is worth knowing: a version underneath, a fallback taken and why. */
  readonly notes: readonly string[];
}

/** A backend that was tried and could not start. */
export interface FailedBackend {
  readonly backend: BackendName;
  /** Why it could not start, and the remedy. */
  readonly reason: string;
}

/** Which backend networks run on, and why. */
export interface BackendReport extends StartedBackend {
  readonly backend: BackendName;
  /** What was asked for. */
  readonly requested: BackendName | 'auto';
  /** The backends that were tried first and could not start. */
  readonly failed: readonly FailedBackend[];
  /** The memory that live tensors take now, in bytes. */
  readonly memoryInUse: number;
  /** The number of live tensors. */
  readonly tensors: number;
}
