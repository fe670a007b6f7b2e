// Everything that the kernel relies on in tslab, in the TypeScript that tslab brings, and in zeromq. None of it is a public
// interface: it is what tslab 1.0.22 and zeromq 6.8.0 do. test/kernel drives each of these over the real protocol.
//
// tslab/dist/converter   createConverter({ isJS, isBrowser }): one cell at a time becomes CommonJS, typed against the cells
//                        before it (declarations in, declarations out); completions; what is under the cursor. It reads files
//                        through `ts.sys`, makes its compiler by `ts.createWatchCompilerHost` and its CommonJS by
//                        `ts.transpileModule`, which are replaced here to have source maps and to find packages.
//                        A cell begins with one line of its own (`export {};`).
// tslab/dist/executor    createExecutor(folder, converters, console): runs the CommonJS. What a cell throws and the value of
//                        its last expression arrive as arguments of `console.error` and `console.log` of the third argument.
//                        `locals` are the variables of the notebook; a last value of `null` is not logged but left there.
// tslab/dist/jupyter     its variable `lastWriteDisplayData` is what `display` of tslab and `show` of Concord write to.
// tslab/dist/inspect     printQuickInfo: what is under the cursor as text.
// typescript-for-tslab   a copy of TypeScript 5.0.4: createSourceFile and SyntaxKind, to read a cell.
// zeromq                 Publisher, Router, Reply; bind, send, async iteration, close. A socket takes one `send` at a time and
//                        rejects another one with EBUSY once its queue is full, so all are awaited (send-queue.ts). Above
//                        its high-water mark (1,000 messages) a publisher drops messages silently; 0 is no mark. Sockets must be
//                        closed before their thread ends, or the process aborts.
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { ConcordError } from '../errors';
import { advise } from '../remedy';
import { liveVariables } from './live-variables';
import type { Compiler } from './upstream-compiler';

/** The tslab whose insides the kernel was written against. */
export const testedTslab = '1.0.22';

/** A place in a cell, from 0. */
export interface CellPosition {
  readonly offset: number;
  readonly line: number;
  readonly character: number;
}

/** What the compiler says of a cell, or of a file that it imports. */
export interface Diagnostic {
  readonly start: CellPosition;
  readonly messageText: string;
  readonly code: number;
  readonly fileName?: string;
}

/** A cell as CommonJS. */
export interface ConvertedCell {
  readonly diagnostics: readonly Diagnostic[];
  readonly output?: string;
  readonly declOutput?: string;
  readonly hasToplevelAwait?: boolean;
  /** The name under which the value of the last expression is kept among `locals`. */
  readonly lastExpressionVar?: string;
}

/** What can follow the cursor. */
export interface Completions {
  readonly start: number;
  readonly end: number;
  readonly candidates: readonly string[];
}

/** What makes JavaScript of cells. */
export interface Converter {
  convert(declarations: string, source: string): ConvertedCell;
  addModule(name: string, source: string, meta: unknown): readonly Diagnostic[];
  close(): void;
}

/** What runs cells. */
export interface Executor {
  execute(source: string): Promise<boolean>;
  inspect(source: string, position: number): unknown;
  complete(source: string, position: number): Completions;
  readonly locals: Record<string, unknown>;
  interrupt(): void;
  close(): void;
}

type WriteDisplayData = (content: DisplayContent, update: boolean) => void;

/** The content of `display_data` and `update_display_data`. */
export interface DisplayContent {
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly transient?: { readonly display_id?: string };
}

/** tslab, loaded for the kernel. */
export interface Tslab {
  readonly compiler: Compiler;
  /** Makes the executor of a folder; `wrap` is given the converter of its cells. */
  createExecutor(folder: string, wrap: (converter: Converter) => Converter, output: ExecutorOutput): Executor;
  isCompleteCode: (source: string) => { readonly completed: boolean; readonly indent?: string };
  printQuickInfo: (info: unknown) => string;
  /** Sets what `display` of tslab and `show` of Concord write to. */
  writeDisplaysTo(write: WriteDisplayData): void;
  /** The source map of the last conversion to CommonJS, as JSON. */
  lastCommonJsMap(): string | undefined;
}

/** What the executor prints: the value of a last expression, and what was thrown. */
export interface ExecutorOutput {
  log(value: unknown): void;
  error(...what: unknown[]): void;
}

/** The `require` of tslab's own folder: with some package managers its dependencies are found from there only. */
function requireOfTslab(): NodeJS.Require {
  const own = createRequire(__filename);
  try {
    return createRequire(own.resolve('tslab/package.json'));
  } catch (cause) {
    throw new ConcordError('missing-package', 'the notebook kernel needs the package tslab', {
      remedy: advise`npm install tslab@${testedTslab}, in the same place as concord-mri`,
      cause,
    });
  }
}

/**
 * Whether tslab can be loaded from here, and its version.
 *
 * @throws ConcordError `missing-package` where it is not installed
 */
export function tslabVersion(): string {
  return (requireOfTslab()('./package.json') as { readonly version: string }).version;
}

/** The version of the TypeScript that reads cells. */
export function cellTypeScript(): string {
  const { version } = requireOfTslab()('@tslab/typescript-for-tslab/package.json') as { version: string };
  return version.split('-')[0];
}

/**
 * Loads tslab.
 *
 * @throws ConcordError `missing-package` where it is not installed, or is another tslab than the kernel knows
 */
export function loadTslab(): Tslab {
  const load = requireOfTslab();
  try {
    return known(load);
  } catch (cause) {
    const { version } = load('./package.json') as { readonly version: string };
    throw new ConcordError('missing-package', `tslab ${version} is not as the kernel expects it`, {
      remedy: advise`npm install tslab@${testedTslab}`,
      cause,
    });
  }
}

type Options = Record<string, unknown>;

interface Transpiled {
  readonly sourceMapText?: string;
}

interface WholeCompiler extends Compiler {
  readonly ModuleDetectionKind: { readonly Force: number };
  createWatchCompilerHost(files: unknown, options: Options, ...rest: unknown[]): unknown;
  transpileModule(source: string, settings: { readonly compilerOptions: Options }): Transpiled;
}

/** Loads the parts, with the compiler replaced by one that makes source maps before tslab sees it. */
function known(load: NodeJS.Require): Tslab {
  const place = load.resolve('@tslab/typescript-for-tslab');
  const compiler = load(place) as WholeCompiler;
  let map: string | undefined;
  const cached = load.cache[place];
  if (cached === undefined) throw new Error('the compiler is not in the cache of modules');
  // Its properties cannot be set; tslab copies them when it is loaded, which it is not yet.
  cached.exports = {
    ...compiler,
    createWatchCompilerHost: (files: unknown, options: Options, ...rest: unknown[]) =>
      compiler.createWatchCompilerHost(files, { ...options, inlineSourceMap: true }, ...rest),
    transpileModule: (source: string, settings: { readonly compilerOptions: Options }) => {
      // A cell without imports is a module too: in a script `await (work)` calls a function of that name.
      const moduleDetection = compiler.ModuleDetectionKind.Force;
      const compilerOptions = { ...settings.compilerOptions, sourceMap: true, moduleDetection };
      const transpiled = compiler.transpileModule(liveVariables(source, compiler), {
        ...settings,
        compilerOptions,
      });
      map = transpiled.sourceMapText;
      return transpiled;
    },
  };
  const { createConverter, isCompleteCode } = load('./dist/converter.js') as ConverterModule;
  const { createExecutor } = load('./dist/executor.js') as ExecutorModule;
  const { printQuickInfo } = load('./dist/inspect.js') as { printQuickInfo: Tslab['printQuickInfo'] };
  const jupyter = load('./dist/jupyter.js') as { lastWriteDisplayData: WriteDisplayData | null };
  if (!('lastWriteDisplayData' in jupyter)) throw new Error('lastWriteDisplayData is not there');
  for (const part of [createConverter, createExecutor, isCompleteCode, printQuickInfo]) {
    if (typeof part !== 'function') throw new Error('a function of tslab is not there');
  }
  return {
    compiler,
    isCompleteCode,
    printQuickInfo,
    lastCommonJsMap: () => map,
    writeDisplaysTo: (write) => {
      jupyter.lastWriteDisplayData = write;
    },
    createExecutor: (folder, wrap, output) => {
      const converter = (isBrowser: boolean): Converter => wrap(createConverter({ isJS: false, isBrowser }));
      const node = converter(false);
      const inPage = lazily(() => converter(true));
      return createExecutor(
        folder,
        {
          node,
          get browser() {
            return inPage();
          },
          close: () => node.close(),
        },
        output,
      );
    },
  };
}

interface ConverterModule {
  createConverter: (options: { readonly isJS: boolean; readonly isBrowser: boolean }) => Converter;
  isCompleteCode: Tslab['isCompleteCode'];
}

interface ExecutorModule {
  createExecutor: (
    folder: string,
    converters: { readonly node: Converter; readonly browser: Converter; close(): void },
    output: ExecutorOutput,
  ) => Executor;
}

function lazily<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** A socket of zeromq. */
export interface Socket extends AsyncIterable<Buffer[]> {
  bind(address: string): Promise<void>;
  send(frames: readonly (string | Uint8Array)[]): Promise<void>;
  close(): void;
}

type SocketClass = new (options: { readonly sendHighWaterMark?: number; readonly linger?: number }) => Socket;

/** zeromq, as far as the kernel uses it. */
export interface Zeromq {
  readonly Publisher: SocketClass;
  readonly Router: SocketClass;
  readonly Reply: SocketClass;
}

/** Loads the zeromq that tslab brings. */
export function loadZeromq(): Zeromq {
  return requireOfTslab()('zeromq') as Zeromq;
}

/** The folder that tslab is installed in. */
export function tslabFolder(): string {
  return dirname(createRequire(__filename).resolve('tslab/package.json'));
}
