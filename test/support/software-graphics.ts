import { existsSync } from 'node:fs';

/** Where Debian's chromium keeps the Vulkan loader and SwiftShader, a graphics card simulated by the processor. */
const chromium = '/usr/lib/chromium';

/** RTLD_LAZY | RTLD_NODELETE of Linux's dlopen: the library stays although Node sees that it is no addon. */
const staysLoaded = 0x1 | 0x1000;

/**
 * Lets WebGPU find SwiftShader where the machine has no Vulkan of its own and Debian's chromium is installed. Works
 * until the first adapter is asked for.
 */
export function offerSoftwareGraphics(): void {
  if (process.platform !== 'linux' || vulkanLoader('libvulkan.so.1')) return;
  const driver = `${chromium}/vk_swiftshader_icd.json`;
  if (!existsSync(driver) || !vulkanLoader(`${chromium}/libvulkan.so.1`)) return;
  process.env['VK_ICD_FILENAMES'] ??= driver;
}

/** Loads a Vulkan loader for good; tells whether it is there. */
function vulkanLoader(path: string): boolean {
  try {
    process.dlopen({ exports: {} }, path, staysLoaded);
  } catch (error) {
    return !(error as Error).message.startsWith(`${path}:`);
  }
  return true;
}
