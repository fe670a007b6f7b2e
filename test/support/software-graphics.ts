import { existsSync, readdirSync } from 'node:fs';

/** Where Debian's chromium keeps the Vulkan loader and SwiftShader, a graphics card simulated by the processor. */
const chromium = '/usr/lib/chromium';

/** RTLD_LAZY | RTLD_NODELETE of Linux's dlopen: the library stays although Node sees that it is no addon. */
const staysLoaded = 0x1 | 0x1000;

/**
 * Lets WebGPU find SwiftShader where the machine has no graphics card and Debian's chromium is installed: also beside Mesa's
 * drivers, which other packages bring along, and of which Dawn can use none without a card. Works until the first adapter is
 * asked for.
 */
export function offerSoftwareGraphics(): void {
  if (process.platform !== 'linux' || hasGraphicsCard()) return;
  const driver = `${chromium}/vk_swiftshader_icd.json`;
  if (!existsSync(driver)) return;
  if (!vulkanLoader('libvulkan.so.1') && !vulkanLoader(`${chromium}/libvulkan.so.1`)) return;
  process.env['VK_ICD_FILENAMES'] ??= driver;
}

/** Whether the kernel has a card to draw or compute with. */
function hasGraphicsCard(): boolean {
  const isCard = (name: string): boolean => /^renderD|^nvidia\d/.test(name);
  return ['/dev', '/dev/dri'].some((folder) => existsSync(folder) && readdirSync(folder).some(isCard));
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
