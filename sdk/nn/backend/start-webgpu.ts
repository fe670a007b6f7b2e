import {
  engine,
  findBackendFactory,
  registerBackend,
  removeBackend,
  version_core,
} from '@tensorflow/tfjs-core';
import type * as WebgpuPackage from '@tensorflow/tfjs-backend-webgpu';
import { loadPart } from '../../parts';
import type { StartedBackend } from './backend-report';
import type { GraphicsCardInfo, GraphicsDevice } from './dawn';
import {
  isSimulated,
  largestTensor,
  loadDawn,
  mebibytes,
  requestGraphicsDevice,
  webgpuUnavailable,
} from './dawn';
import type { WebgpuBackend } from './webgpu-backend';
import { makeWebgpuBackend } from './webgpu-backend';
import { registerWebgpuKernels } from './webgpu-kernels/register-webgpu-kernels';

/** What can be set about the webgpu backend. */
export interface StartWebgpuOptions {
  /**
   * Whether a graphics card that is only simulated by the processor (SwiftShader, llvmpipe) will do. It computes the
   * same numbers, more slowly than wasm.
   *
   * @defaultValue true
   */
  readonly allowSoftware?: boolean;
}

/** The registration of our backend; it marks the backend, so that one made elsewhere is recognized. */
type BackendFactory = (() => WebgpuBackend) & { readonly started: WebgpuBackend };

/**
 * Starts the webgpu backend of tfjs on the fastest graphics card of the machine, through the npm package `webgpu`
 * (Dawn: Vulkan on Linux, Metal on macOS, Direct3D 12 on Windows), and registers it as `webgpu`. Where it already
 * runs it continues; where its graphics card failed it is started anew, and the tensors on it are lost.
 *
 * @throws ConcordError `unavailable-backend` with the remedy: no package, no Vulkan, no card, or only a simulated one.
 */
export async function startWebgpu(options: StartWebgpuOptions = {}): Promise<StartedBackend> {
  const { allowSoftware = true } = options;
  const dawn = await loadDawn();
  const running = runningBackend();
  const device = running?.device ?? (await requestGraphicsDevice(dawn));
  const { adapterInfo: card } = device;
  if (!allowSoftware && isSimulated(card)) {
    if (running === undefined) device.destroy();
    throw webgpuUnavailable(
      `the only graphics card is simulated by the processor: ${nameOf(card)} (slower than wasm; install the ` +
        'driver of the graphics card, or ask for webgpu by name)',
    );
  }
  if (running === undefined) register(device);
  return {
    device: nameOf(card),
    package: `@tensorflow/tfjs-backend-webgpu@${version_core} on webgpu@${dawn.version}`,
    notes: notesOn(device),
  };
}

function register(device: GraphicsDevice): void {
  const tfjs = loadPart('tfjs-backend-webgpu.cjs') as typeof WebgpuPackage;
  if (runningBackend() !== undefined) {
    // Another call was faster.
    device.destroy();
    return;
  }
  // Where a program has put WebGPU on the navigator, loading the package has registered it in its own way.
  if (findBackendFactory('webgpu') !== null) removeBackend('webgpu');
  const started = makeWebgpuBackend(tfjs, device);
  const factory: BackendFactory = Object.assign(() => started, { started });
  registerBackend('webgpu', factory, 3);
  registerWebgpuKernels();
}

/** Our backend where it is registered and works; one that failed is taken away. */
function runningBackend(): WebgpuBackend | undefined {
  const factory = findBackendFactory('webgpu') as Partial<BackendFactory> | null;
  const started = factory?.started;
  if (started === undefined && 'webgpu' in engine().registry) {
    throw webgpuUnavailable(
      'this process runs a webgpu backend that Concord did not start (remove it: tf.removeBackend("webgpu"))',
    );
  }
  if (started?.failure === undefined) return started;
  removeBackend('webgpu');
  return undefined;
}

function nameOf(card: GraphicsCardInfo): string {
  const { vendor, architecture, device, description } = card;
  const words = [vendor, architecture, device].filter((word) => word !== '').join(' ');
  return description === '' ? words : `${description} (${words})`;
}

function notesOn({ adapterInfo, limits }: GraphicsDevice): string[] {
  const notes = [`one tensor takes at most ${mebibytes(largestTensor(limits))}`];
  if (isSimulated(adapterInfo)) {
    notes.unshift('this graphics card is simulated by the processor: right numbers, but slower than wasm');
  }
  return notes;
}
