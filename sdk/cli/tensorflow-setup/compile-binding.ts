import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import {
  kernelsCompilerWords,
  kernelsDigest,
  kernelsSource,
} from '../../nn/backend/tensorflow-kernels/kernels-source';
import { tensorflowKernelsFile } from '../../nn/backend/tensorflow-kernels/load-tensorflow-kernels';
import type { TensorflowPackage } from '../../nn/backend/tensorflow-package';
import { tensorflowUnavailable } from '../../nn/backend/tensorflow-package';
import { isThere } from '../../io/files/write-file';
import { nodeHeaders } from './node-headers';
import { lastLines, runProgram } from './run-program';
import type { CacheEntry } from './setup-cache';
import { inParts } from './setup-cache';
import type { SetupRun } from './setup-run';
import { tensorflowLibraries } from './tensorflow-build';

/**
 * Where the bindings of one version of the package are kept in an entry of the cache. Those that are compiled here, with
 * our operations, have a digest of the operations' source in their name.
 */
export function bindingsFolder(
  { folder, source }: Pick<CacheEntry, 'folder' | 'source'>,
  { version }: TensorflowPackage,
): string {
  if (source === 'prebuilt') return join(folder, `binding-${version}`);
  return join(folder, `binding-${version}-${kernelsDigest}`);
}

/**
 * Compiles the package's own binding, unchanged, against the TensorFlow of an entry, unless an earlier run has.
 *
 * @throws ConcordError `unavailable-backend` without a compiler, or with its output when it fails; `aborted`.
 */
export async function compileBinding(
  entry: CacheEntry,
  native: TensorflowPackage,
  run: SetupRun,
): Promise<void> {
  const target = bindingsFolder(entry, native);
  if (await isThere(target)) return;
  const compiler = await findCompiler(run.signal);
  const headers = await nodeHeaders(run);
  run.say(`compiling the binding with ${compiler}: about 15 seconds, 0.5 MB`);
  await inParts(target, async (part) => {
    // napi-v8 and the like: the interface between Node and addons that the binding is made for.
    const folder = join(part, basename(dirname(native.binding)));
    await mkdir(folder);
    const compile = (words: readonly string[]): Promise<string | undefined> =>
      tryCompile(compiler, words, run.signal);
    const quiet = process.platform === 'linux' && (await compileSilencer(entry, folder, compile));
    const failure = await compile(bindingWords(entry, native, { folder, headers, quiet }));
    if (failure !== undefined) {
      throw tensorflowUnavailable(
        `${compiler} cannot compile the binding of ${native.name}@${native.version}:\n${failure}`,
      );
    }
    const slower = await compileKernels(entry, folder, compile);
    if (slower !== undefined) {
      run.say(
        `without operations of our own, so training takes half as long again; they do not compile:\n${slower}`,
      );
    }
  });
}

/**
 * Compiles our own operations.
 *
 * @returns the output of the compiler when it fails: TensorFlow computes without them, more slowly
 */
async function compileKernels(
  { folder: entry }: CacheEntry,
  folder: string,
  compile: (words: readonly string[]) => Promise<string | undefined>,
): Promise<string | undefined> {
  const source = join(folder, 'kernels.cc');
  await writeFile(source, kernelsSource);
  const [, framework] = tensorflowLibraries(process.platform);
  const tensorflow = {
    headers: join(entry, 'deps', 'include'),
    library: join(entry, 'deps', 'lib', framework),
  };
  return compile([
    ...kernelsCompilerWords(source, join(folder, tensorflowKernelsFile), tensorflow),
    `-Wl,-rpath,${besideItself()}/../../deps/lib`,
  ]);
}

/** How a library says "the folder that I am in". */
function besideItself(): string {
  return process.platform === 'darwin' ? '@loader_path' : '$ORIGIN';
}

async function findCompiler(signal?: AbortSignal): Promise<string> {
  const own = process.env['CXX'];
  for (const name of own === undefined || own === '' ? ['g++', 'clang++', 'c++'] : [own]) {
    if ((await runProgram(name, ['--version'], { signal }))?.status === 0) return name;
  }
  throw tensorflowUnavailable(
    'there is no C++ compiler for the binding (install one: apt install g++, dnf install gcc-c++, or ' +
      'xcode-select --install; or name one in the environment variable CXX)',
  );
}

/**
 * Runs the compiler.
 *
 * @returns its output when it fails
 */
async function tryCompile(
  compiler: string,
  words: readonly string[],
  signal?: AbortSignal,
): Promise<string | undefined> {
  const result = await runProgram(compiler, [...common, ...words], { signal });
  return result?.status === 0
    ? undefined
    : lastLines(result ?? { status: 1, out: '', err: 'it is gone' }, 12);
}

const common = ['-shared', '-fPIC', '-O2', '-std=c++17', '-DNAPI_VERSION=8'];

function bindingWords(
  { folder: entry }: CacheEntry,
  native: TensorflowPackage,
  made: { readonly folder: string; readonly headers: string; readonly quiet: boolean },
): readonly string[] {
  const { folder, headers, quiet } = made;
  const mac = process.platform === 'darwin';
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(native.folder, 'binding', name));
  const libraries = tensorflowLibraries(process.platform).map((name) => join(entry, 'deps', 'lib', name));
  return [
    ...[headers, native.folder, join(entry, 'deps', 'include')].map((path) => `-I${path}`),
    ...[...sources, '-o', join(folder, basename(native.binding))],
    ...(quiet ? ['-Wl,--no-as-needed', join(folder, silencer)] : []),
    ...(mac ? [...libraries, '-undefined', 'dynamic_lookup'] : libraries),
    ...(quiet ? [`-Wl,-rpath,${besideItself()}`] : []),
    `-Wl,-rpath,${besideItself()}/../../deps/lib`,
  ];
}

const silencer = 'libconcord_quiet.so';

/**
 * TensorFlow 2.21 writes two lines to standard error while it is being loaded, before any of its settings is read.
 * This library sets the level of its log from the variable that is meant for it; the flag `initfirst` makes the loader
 * run it before the constructors of TensorFlow.
 */
const silencerSource = `
#include <cstdlib>
#include "absl/log/globals.h"
namespace {
const bool done = [] {
  if (const char* level = std::getenv("TF_CPP_MIN_LOG_LEVEL"))
    absl::SetMinLogLevel(static_cast<absl::LogSeverityAtLeast>(std::atoi(level)));
  return true;
}();
}
`;

/**
 * Compiles the library that quiets TensorFlow.
 *
 * @returns whether it compiles: an older TensorFlow has another log, which needs none of this
 */
async function compileSilencer(
  { folder: entry }: CacheEntry,
  folder: string,
  compile: (words: readonly string[]) => Promise<string | undefined>,
): Promise<boolean> {
  const source = join(folder, 'quiet.cc');
  await writeFile(source, silencerSource);
  const words = [`-I${join(entry, 'deps', 'include')}`, source, '-o', join(folder, silencer)];
  const undefinedSymbols = join(entry, 'deps', 'lib', 'libtensorflow_framework.so.2');
  // Linked once against TensorFlow only to see that it has the function; the library itself must not depend on it.
  if ((await compile([...words, '-Wl,-z,defs', undefinedSymbols])) !== undefined) return false;
  return (
    (await compile([...words, '-Wl,-z,initfirst', '-Wl,-z,now', `-Wl,-soname,${silencer}`])) === undefined
  );
}
