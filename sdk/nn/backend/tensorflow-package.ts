import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ConcordError } from '../../errors';
import { currentFolder } from '../../own-folders';

/** The npm packages that carry native TensorFlow, in the order they are looked for. */
export const tensorflowPackages = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const;

/** An installed package that carries native TensorFlow. */
export interface TensorflowPackage {
  readonly name: string;
  readonly version: string;
  readonly folder: string;
  /** The file of its native binding, which is there only once the package has been set up. */
  readonly binding: string;
}

/** What an error says about where to go from here. */
export const setupRemedy =
  'set it up: npx concord setup-tensorflow, in this repository npm run setup:tensorflow';

/**
 * Finds the installed packages that carry native TensorFlow, the one with CUDA first, each from beside this package
 * before the folder of the running program.
 *
 * @param from - the folders to look from
 */
export function findTensorflowPackages(
  from: readonly string[] = [__dirname, currentFolder()],
): readonly TensorflowPackage[] {
  const found = tensorflowPackages.flatMap((name) => from.map((folder) => packageAt(name, folder)));
  const distinct = new Map(found.flatMap((one) => (one === undefined ? [] : [[one.folder, one] as const])));
  return [...distinct.values()];
}

/** Whether the native binding of the package is there. */
export function hasBinding({ binding }: TensorflowPackage): boolean {
  return resolved(binding, binding) !== undefined;
}

/**
 * Checks that the package computes on the copy of tfjs-core that this package uses. A second copy would share the
 * engine, but register every gradient and kernel anew over ours.
 *
 * @throws ConcordError `unavailable-backend`.
 */
export function requireSameCore({ name, folder }: TensorflowPackage): void {
  const tfjs = resolved('@tensorflow/tfjs', join(folder, 'package.json'));
  if (tfjs === undefined) {
    throw tensorflowUnavailable(
      `${name} lacks its package @tensorflow/tfjs (install it anew: npm install ${name})`,
    );
  }
  const theirs = resolved('@tensorflow/tfjs-core', tfjs);
  const ours = resolved('@tensorflow/tfjs-core', __filename);
  if (theirs === ours) return;
  throw tensorflowUnavailable(
    `${name} uses another copy of @tensorflow/tfjs-core (${theirs ?? 'none'}) than Concord (${ours ?? 'none'}) ` +
      '(install both in one project with the same version of tfjs, then npm dedupe)',
  );
}

/** The error of a TensorFlow that cannot start. */
export function tensorflowUnavailable(reason: string, cause?: unknown): ConcordError {
  return new ConcordError('unavailable-backend', `tensorflow: ${reason}`, { cause });
}

interface PackageJson {
  readonly name?: string;
  readonly version?: string;
  readonly binary?: {
    readonly module_name: string;
    readonly module_path: string;
    readonly napi_versions: readonly number[];
  };
}

function packageAt(name: string, from: string): TensorflowPackage | undefined {
  const path = resolved(`${name}/package.json`, join(from, 'anything.js'));
  if (path === undefined) return undefined;
  const { name: trueName, version = '', binary } = createRequire(path)(path) as PackageJson;
  // danfojs-node is often installed with plain tfjs under the name of tfjs-node: that is no native TensorFlow.
  if (trueName !== name || binary === undefined) return undefined;
  const folder = dirname(path);
  const modules = binary.module_path.replace('{napi_build_version}', napiOf(binary.napi_versions));
  return { name, version, folder, binding: join(folder, modules, `${binary.module_name}.node`) };
}

/** The highest version of Node's interface for addons that both this Node and the package know. */
function napiOf(versions: readonly number[]): string {
  const known = Number(process.versions['napi']);
  return String(Math.max(...versions.filter((version) => version <= known)));
}

/** Where Node finds a module from a file, if it does. */
function resolved(request: string, from: string): string | undefined {
  try {
    return createRequire(from).resolve(request);
  } catch {
    return undefined;
  }
}
