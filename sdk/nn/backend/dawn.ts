import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { ConcordError } from '../../errors';
import { currentFolder } from '../../own-folders';

/** What this package reads of a WebGPU adapter's `info`. */
export interface GraphicsCardInfo {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  /** On Dawn: the driver and its version. */
  readonly description: string;
  readonly isFallbackAdapter?: boolean;
}

/** What this package uses of a WebGPU device. */
export interface GraphicsDevice {
  readonly adapterInfo: GraphicsCardInfo;
  readonly limits: { readonly maxBufferSize: number; readonly maxStorageBufferBindingSize: number };
  readonly lost: Promise<{ readonly reason: string; readonly message: string }>;
  addEventListener(
    type: 'uncapturederror',
    listener: (event: { readonly error: { readonly message: string }; preventDefault(): void }) => void,
  ): void;
  destroy(): void;
}

interface Adapter {
  readonly limits: Readonly<Record<string, number>>;
  requestDevice(options: { requiredLimits: Record<string, number> }): Promise<GraphicsDevice>;
}

interface Gpu {
  requestAdapter(options: { powerPreference: 'high-performance' }): Promise<Adapter | null>;
}

interface DawnModule {
  create(options: string[]): Gpu;
  readonly globals: Readonly<Record<string, unknown>>;
}

/** The npm package that brings WebGPU to Node: Dawn, the implementation of Chromium. */
export interface Dawn {
  readonly version: string;
  readonly module: DawnModule;
}

/**
 * Loads the npm package `webgpu`, an optional package of the user's, from beside this package or from the folder of
 * the running program.
 *
 * @param from - the folders to look from
 * @throws ConcordError `unavailable-backend` when it is not there or its binary does not load.
 */
export async function loadDawn(from: readonly string[] = [__dirname, currentFolder()]): Promise<Dawn> {
  const require = createRequire(__filename);
  let entry: string;
  try {
    entry = require.resolve('webgpu', { paths: [...from] });
  } catch (cause) {
    throw webgpuUnavailable('missing package: webgpu (npm install webgpu)', cause);
  }
  try {
    const { version } = require(require.resolve('webgpu/package.json', { paths: [...from] })) as Dawn;
    return { version, module: (await import(pathToFileURL(entry).href)) as DawnModule };
  } catch (cause) {
    const platform = `${process.platform}-${process.arch}`;
    throw webgpuUnavailable(`the package webgpu does not load on ${platform}: ${messageOf(cause)}`, cause);
  }
}

// Dawn continues calling into this object after its last use, and crashes the process once it was collected as garbage:
// so there is one, for good. It does not keep the process from ending.
let gpu: Gpu | undefined;

/**
 * Asks for the fastest graphics card of the machine, with the largest buffers that it allows.
 *
 * @throws ConcordError `unavailable-backend` when there is no card with a driver, or it refuses.
 */
export async function requestGraphicsDevice({ module }: Dawn): Promise<GraphicsDevice> {
  requireVulkanLoader();
  // The classes and flags of WebGPU are globals in a browser, and tfjs looks for them there.
  for (const [name, value] of Object.entries(module.globals)) {
    if (!(name in globalThis)) {
      Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    }
  }
  gpu ??= module.create([]);
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) {
    throw webgpuUnavailable(
      `no graphics card with a driver for ${graphicsApi()} was found (install its driver)`,
    );
  }
  try {
    return await adapter.requestDevice({ requiredLimits: limitsOf(adapter) });
  } catch (cause) {
    throw webgpuUnavailable(
      `the graphics card refuses to start: ${messageOf(cause)} (update its driver)`,
      cause,
    );
  }
}

/** Whether a graphics card is only simulated by the processor. */
export function isSimulated(info: GraphicsCardInfo): boolean {
  const words = `${info.vendor} ${info.architecture} ${info.device} ${info.description}`;
  return (
    info.isFallbackAdapter === true || /swiftshader|llvmpipe|lavapipe|basic render|\bwarp\b/i.test(words)
  );
}

/** The most bytes that one tensor can have. */
export function largestTensor({
  maxBufferSize,
  maxStorageBufferBindingSize,
}: GraphicsDevice['limits']): number {
  return Math.min(maxBufferSize, maxStorageBufferBindingSize);
}

/** A number of bytes in words. */
export function mebibytes(bytes: number): string {
  return `${Math.floor(bytes / 2 ** 20)} MiB`;
}

/** Makes the error of a webgpu backend that cannot start or continue. */
export function webgpuUnavailable(reason: string, cause?: unknown): ConcordError {
  return new ConcordError('unavailable-backend', `webgpu: ${reason}`, { cause });
}

// What a device gets without asking is far below what cards can do: buffers of 128 MiB, for one.
function limitsOf({ limits }: Adapter): Record<string, number> {
  const names = [
    'maxBufferSize',
    'maxStorageBufferBindingSize',
    'maxComputeWorkgroupStorageSize',
    'maxComputeWorkgroupsPerDimension',
    'maxComputeWorkgroupSizeX',
    'maxComputeInvocationsPerWorkgroup',
  ];
  return Object.fromEntries(names.map((name) => [name, limits[name]]));
}

/** On Linux, Dawn prints a warning of its own when the Vulkan loader is not there, so its absence is found first. */
function requireVulkanLoader(): void {
  if (process.platform !== 'linux') return;
  try {
    process.dlopen({ exports: {} }, 'libvulkan.so.1');
  } catch (error) {
    // A library that is no addon of Node always ends here; it was found when the complaint is about that.
    if (messageOf(error).startsWith('libvulkan.so.1:')) {
      throw webgpuUnavailable(
        'no Vulkan loader: libvulkan.so.1 was not found (install the package libvulkan1 or vulkan-loader, ' +
          'and the driver of the graphics card)',
        error,
      );
    }
  }
}

function graphicsApi(): string {
  if (process.platform === 'darwin') return 'Metal';
  return process.platform === 'win32' ? 'Direct3D 12' : 'Vulkan';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
