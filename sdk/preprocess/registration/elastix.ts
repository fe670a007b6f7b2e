import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { requireThread } from '../../address-space';
import type { Triple } from '../../data/images/affine';
import { ConcordError } from '../../errors';
import { partPath } from '../../parts';
import { advise } from '../../remedy';

/** An elastix parameter file: lists of words by name. */
export type ElastixParameters = Readonly<Record<string, readonly string[]>>;

/** An image as elastix sees it. Axes run along those of its space. */
export interface ElastixImage {
  readonly data: Float32Array;
  readonly shape: Triple;
  readonly spacing: Triple;
  /** Where voxel (0, 0, 0) is, in mm. */
  readonly origin: Triple;
}

/**
 * What the thread runs. Elastix is one synchronous call that takes seconds: in a thread of its own it can be stopped,
 * and its memory goes with it. The program is a text because a thread cannot load TypeScript, and the tests do.
 */
const program = `
const { parentPort, workerData } = require('node:worker_threads');
const image = ({ data, shape, spacing, origin }) => ({
  imageType: { dimension: 3, componentType: 'float32', pixelType: 'Scalar', components: 1 },
  name: 'image', origin, spacing, size: shape, data, metadata: new Map(),
  direction: new Float64Array([1, 0, 0, 0, 1, 0, 0, 0, 1]),
});
import(workerData.elastix)
  .then(({ elastixNode }) =>
    elastixNode(workerData.stages, { fixed: image(workerData.fixed), moving: image(workerData.moving) }))
  .then(
    (result) => parentPort.postMessage({ transforms: result.transformParameterObject }),
    (error) => parentPort.postMessage({ error: String(error && error.message || error) }),
  );
`;

interface Answer {
  readonly transforms?: readonly ElastixParameters[];
  readonly error?: string;
}

/**
 * Runs elastix (Klein et al. 2010, IEEE Transactions on Medical Imaging 29:196) as WebAssembly in a thread of its own.
 *
 * @param fixed - left as it is, like `moving`
 * @param options - `stages`: one parameter file for each stage, the result of each the start of the next; `signal`
 * stops it
 * @returns the transform of each stage
 * @throws ConcordError `failed-step` with what elastix said; `aborted`; `missing-package`; `out-of-memory` where there is no room for a
 * thread.
 */
export async function runElastix(
  fixed: ElastixImage,
  moving: ElastixImage,
  options: { readonly stages: readonly ElastixParameters[]; readonly signal?: AbortSignal | undefined },
): Promise<readonly ElastixParameters[]> {
  const { stages, signal } = options;
  // Whole copies: elastix takes the buffer behind an array, however small a part of it the array is.
  const own = (image: ElastixImage): ElastixImage => ({ ...image, data: Float32Array.from(image.data) });
  requireThread('a registration');
  const worker = new Worker(program, {
    eval: true,
    // What it prints is read and dropped: the library prints nothing.
    stdout: true,
    stderr: true,
    execArgv: [],
    workerData: { elastix: elastixUrl(), stages, fixed: own(fixed), moving: own(moving) },
  });
  worker.stdout.resume();
  worker.stderr.resume();
  try {
    return await answerOf(worker, signal);
  } finally {
    await worker.terminate();
  }
}

async function answerOf(worker: Worker, signal?: AbortSignal): Promise<readonly ElastixParameters[]> {
  let cancel: (() => void) | undefined;
  try {
    return await new Promise((resolve, reject) => {
      cancel = () => reject(new ConcordError('aborted', 'the work was canceled', { cause: signal?.reason }));
      if (signal?.aborted === true) cancel();
      signal?.addEventListener('abort', cancel, { once: true });
      worker.once('message', ({ transforms, error }: Answer) => {
        if (transforms === undefined) reject(failed(error ?? 'no result'));
        else resolve(transforms);
      });
      worker.once('error', (cause) => reject(failed(cause.message, cause)));
      worker.once('exit', (code) => reject(failed(`its thread ended with code ${code}`)));
    });
  } finally {
    if (cancel !== undefined) signal?.removeEventListener('abort', cancel);
  }
}

function elastixUrl(): string {
  return pathToFileURL(partPath('elastix.mjs')).href;
}

function failed(said: string, cause?: unknown): ConcordError {
  const text = said.replaceAll(/\s+/g, ' ').trim().slice(0, 300);
  // An exception inside of WebAssembly comes out as the number of its place in memory.
  const reason = /^\d*$/.test(text)
    ? 'elastix found too little overlap, or a volume of too few voxels'
    : `elastix says "${text}"`;
  return new ConcordError('failed-step', `registration failed: ${reason}`, {
    cause,
    remedy: advise`look at both volumes: do they show the same part of the body, and do they overlap at the start?`,
  });
}
