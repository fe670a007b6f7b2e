import type * as WebgpuModule from '@tensorflow/tfjs-backend-webgpu';
import type { BackendValues, KernelBackend, TensorInfo } from '@tensorflow/tfjs-core';
import { util } from '@tensorflow/tfjs-core';
import type { ConcordError } from '../../errors';
import type { GraphicsDevice } from './dawn';
import { largestTensor, mebibytes, webgpuUnavailable } from './dawn';

/** The webgpu backend of tfjs as Concord registers it. */
export interface WebgpuBackend extends KernelBackend {
  readonly device: GraphicsDevice;
  /** Why it can compute no more; `undefined` while it can. */
  readonly failure: ConcordError | undefined;
}

/**
 * Makes the webgpu backend of tfjs on a device, with these differences:
 *
 * - What goes wrong on the graphics card (no memory, a tensor too large for it, the card gone) is an error of the
 *   operation or of the next read. WebGPU itself continues and answers with zeros.
 * - A tensor may be disposed while it is being read.
 * - `dataSync` says why it cannot work in Node, instead of failing for lack of a canvas.
 * - Disposing it gives the graphics card back.
 */
export function makeWebgpuBackend(
  { WebGPUBackend }: typeof WebgpuModule,
  device: GraphicsDevice,
): WebgpuBackend {
  type Program = Parameters<InstanceType<typeof WebGPUBackend>['runWebGPUProgram']>;

  class ReportingBackend extends WebGPUBackend {
    failure: ConcordError | undefined = undefined;

    override runWebGPUProgram(...run: Program): TensorInfo {
      this.requireWorking();
      const [program, inputs] = run;
      requireFitting(inputs, program.outputShape, device);
      const result = super.runWebGPUProgram(...run);
      this.requireWorking();
      return result;
    }

    override async read(dataId: object): Promise<BackendValues> {
      this.requireWorking();
      const tensor = this.tensorMap.get(dataId);
      if (tensor.values || tensor.dtype === 'complex64') return super.read(dataId);
      let bytes: ArrayBuffer;
      try {
        bytes = await this.getBufferData(tensor.resource as GPUBuffer);
      } catch (cause) {
        throw this.failure ?? webgpuUnavailable('reading from the graphics card failed', cause);
      }
      this.requireWorking();
      // On the record itself, not through its id: the tensor may have been disposed meanwhile.
      tensor.values = util.convertBackendValuesAndArrayBuffer(bytes, tensor.dtype);
      return tensor.values;
    }

    override readSync(dataId: object): BackendValues {
      const { values } = this.tensorMap.get(dataId);
      if (values) return values;
      throw webgpuUnavailable('a tensor on the graphics card cannot be read at once (await tensor.data())');
    }

    override dispose(): void {
      super.dispose();
      device.destroy();
    }

    private requireWorking(): void {
      if (this.failure !== undefined) throw this.failure;
    }
  }

  const backend = withNavigatorGpu(() => new ReportingBackend(device as unknown as GPUDevice));
  watch(device, (failure) => (backend.failure ??= failure));
  return backend as unknown as WebgpuBackend;
}

/** Refuses an operation that would make the whole queue of the graphics card invalid. */
function requireFitting(
  inputs: readonly TensorInfo[],
  outputShape: readonly number[],
  { limits }: GraphicsDevice,
): void {
  const bytes = 4 * util.sizeFromShape([...outputShape]);
  if (bytes > 0 && inputs.some(({ shape }) => util.sizeFromShape(shape) === 0)) {
    throw webgpuUnavailable('an operation on a tensor without values (skip it)');
  }
  const largest = largestTensor(limits);
  if (bytes > largest) {
    throw webgpuUnavailable(
      `a tensor of shape [${outputShape.join(', ')}] does not fit this graphics card, which holds at most ` +
        `${mebibytes(largest)} in one (take smaller batches)`,
    );
  }
}

function watch(device: GraphicsDevice, report: (failure: ConcordError) => void): void {
  const remedy =
    'choose the backend again, and start from the last checkpoint; smaller batches need less memory';
  device.addEventListener('uncapturederror', (event) => {
    event.preventDefault();
    report(webgpuUnavailable(`the graphics card failed: ${event.error.message.split('\n')[0]} (${remedy})`));
  });
  void device.lost.then(({ message }) => {
    report(webgpuUnavailable(`the graphics card was lost: ${message} (${remedy})`));
  });
}

/**
 * tfjs makes its backend only where `navigator.gpu` exists, and does nothing with it. It is there for that moment
 * only, so that nothing else in the process takes Node for a browser.
 */
function withNavigatorGpu<Result>(make: () => Result): Result {
  const outer = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  const navigator = Object.create((globalThis as { navigator?: object }).navigator ?? null, {
    gpu: { value: {} },
  }) as object;
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true });
  try {
    return make();
  } finally {
    if (outer === undefined) delete (globalThis as { navigator?: object }).navigator;
    else Object.defineProperty(globalThis, 'navigator', outer);
  }
}
