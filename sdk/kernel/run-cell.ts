import { setImmediate as nextTurn } from 'node:timers/promises';
import { MessageChannel } from 'node:worker_threads';
import type { CellError } from './cell-error';
import { interrupted, thrownError, typeError } from './cell-error';
import type { RunCell } from './cell-lines';
import { cellFile, runCell, splitMap } from './cell-lines';
import type { CellSource } from './cell-source';
import { cellSource } from './cell-source';
import { stages } from './interrupt-main';
import type { KernelFlags } from './transport';
import { setFlag } from './transport';
import type { Converter, Diagnostic, Executor, Tslab } from './upstream';

/** How a cell ended. */
export interface CellResult {
  readonly error?: CellError;
  /** The value of the last expression, where it is to be shown. */
  readonly value?: { readonly shown: unknown };
}

/** Runs cells one after the other, each seeing what those before it declared. */
export interface CellRunner {
  /** The executor of tslab, for completions and the like. */
  readonly executor: Executor;
  /** The cells that ran, by the name that stacks of errors know them by. */
  readonly cells: ReadonlyMap<string, RunCell>;
  /** Runs a cell; its number is 0 where the notebook shows none. */
  run(source: string, count: number): Promise<CellResult>;
  /** Ends the running cell, as far as it awaits. */
  interrupt(): void;
}

/** What is known of the running cell. */
interface Running {
  readonly count: number;
  /** The name by which stacks of errors know it. */
  readonly file: string;
  readonly source: string;
  cell?: CellSource;
  diagnostics?: readonly Diagnostic[];
  /** What was thrown, or why the cell could not be read. */
  thrown?: { readonly value: unknown };
  last?: { readonly value: unknown };
  lastName?: string;
  declared: readonly string[];
  /** Who hears SIGINT. */
  readonly listeners: readonly NodeJS.SignalsListener[];
}

/** Makes the runner of a notebook's folder; `flags` say to the other thread what a cell is at. */
export function cellRunner(tslab: Tslab, folder: string, flags: KernelFlags): CellRunner {
  const cells = new Map<string, RunCell>();
  let running: Running | null = null;
  let serial = 0;
  let giveUp: (error: CellError) => void = () => undefined;
  const around: ConverterHooks = {
    running: () => running,
    onConverted: () => setFlag(flags, 'stage', stages.firstPart),
  };
  const executor = tslab.createExecutor(folder, (converter) => wrapped(tslab, converter, cells, around), {
    log: (value) => {
      if (running !== null) running.last = { value };
    },
    error: (...what) => {
      // The diagnostics were taken where they were made.
      if (running !== null && running.diagnostics === undefined) running.thrown = { value: what[0] };
    },
  });
  const start = (source: string): Promise<boolean> => {
    setFlag(flags, 'stage', stages.compiling);
    const ended = executor.execute(source);
    setFlag(flags, 'stage', stages.other);
    return ended;
  };
  return {
    executor,
    cells,
    interrupt: () => {
      setFlag(flags, 'stage', stages.other);
      putBackListeners(running?.listeners ?? []);
      executor.interrupt();
      giveUp(interrupted);
    },
    run: async (source, count) => {
      const current: Running = {
        count,
        source,
        file: cellFile(++serial),
        declared: [],
        listeners: process.listeners('SIGINT'),
      };
      running = current;
      const before = { ...executor.locals };
      const result = await new Promise<CellResult>((resolve) => {
        giveUp = (error) => resolve({ error });
        inTurnOfItsOwn(() => {
          start(source).then(
            (ok) => {
              takeNull(current, executor.locals);
              resolve(resultOf(current, ok, cells));
            },
            (error: unknown) => resolve({ error: thrownError(error, cells) }),
          );
        });
      });
      // What it rejected without anybody awaiting it is reported in this turn of the loop, as a part of the cell.
      await nextTurn();
      running = null;
      if (result.error !== undefined) takeBack(executor.locals, before, current.declared);
      return result;
    },
  };
}

/**
 * Calls a function from the event loop by a message, not a timer: where the debugger has to end it, nothing of what called
 * it is to continue, and the timers of Node.js are not to be ended halfway.
 */
function inTurnOfItsOwn(work: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.once('message', () => {
    port1.close();
    work();
  });
  port2.postMessage(null);
}

/** Node.js takes the listeners away while the first part of a cell runs; the debugger ends it before they are put back. */
function putBackListeners(listeners: readonly NodeJS.SignalsListener[]): void {
  const present = process.listeners('SIGINT');
  for (const listener of listeners) if (!present.includes(listener)) process.on('SIGINT', listener);
}

/** tslab logs no last value that is `null`, and leaves it among the variables. */
function takeNull(current: Running, locals: Record<string, unknown>): void {
  const { lastName } = current;
  if (lastName === undefined || !Object.hasOwn(locals, lastName)) return;
  if (locals[lastName] === null) current.last = { value: null };
  delete locals[lastName];
}

function resultOf(
  { cell, thrown, diagnostics = [], last, source, count }: Running,
  ok: boolean,
  cells: ReadonlyMap<string, RunCell>,
): CellResult {
  if (diagnostics.length > 0) {
    return { error: typeError(diagnostics, { source, count, cell: cell ?? unchanged(source) }) };
  }
  if (thrown !== undefined) {
    if (isSignal(thrown.value)) return { error: interrupted };
    return { error: thrownError(thrown.value, cells) };
  }
  if (!ok) return { error: thrownError(new Error('the cell failed without a reason'), cells) };
  return last === undefined || cell?.quiet !== false ? {} : { value: { shown: asWritten(last.value) } };
}

/** tslab keeps the value of a last expression under a name of its own, which a function without a name then has. */
function asWritten(value: unknown): unknown {
  if (typeof value === 'function' && value.name === 'tsLastExpr') {
    Object.defineProperty(value, 'name', { value: '' });
  }
  return value;
}

/** Where a signal ends the first part of a cell, as from a terminal, Node.js throws this. */
function isSignal(thrown: unknown): boolean {
  return (
    typeof thrown === 'object' &&
    thrown !== null &&
    'code' in thrown &&
    thrown.code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED'
  );
}

/** A module of its own, which is given to the compiler as it was written. */
function unchanged(text: string): CellSource {
  return { text, quiet: true, awaits: false, original: (offset) => offset };
}

/**
 * What a cell declared before it failed is as it was before the cell: its types are not kept, so that its values must not be
 * either. What it assigned to variables of earlier cells stays.
 */
function takeBack(
  locals: Record<string, unknown>,
  before: Readonly<Record<string, unknown>>,
  declared: readonly string[],
): void {
  for (const name of declared) {
    if (Object.hasOwn(before, name)) locals[name] = before[name];
    else delete locals[name];
  }
}

/** What a converter must know of the runner. */
interface ConverterHooks {
  readonly running: () => Running | null;
  readonly onConverted: () => void;
}

/** The converter of tslab, given cells whose meaning it keeps, and giving code whose stacks name cells. */
function wrapped(
  tslab: Tslab,
  converter: Converter,
  cells: Map<string, RunCell>,
  { running, onConverted }: ConverterHooks,
): Converter {
  return {
    ...converter,
    addModule: (name, source, meta) => {
      const diagnostics = converter.addModule(name, source, meta);
      const current = running();
      if (current !== null && diagnostics.length > 0) current.diagnostics = diagnostics;
      return diagnostics;
    },
    convert: (declarations, source) => {
      const current = running();
      if (current === null) return converter.convert(declarations, source);
      const cell = cellSource(source, tslab.compiler);
      current.cell = cell;
      const converted = converter.convert(declarations, cell.text);
      if (converted.diagnostics.length > 0) current.diagnostics = converted.diagnostics;
      if (converted.output === undefined || converted.output === '') return converted;
      onConverted();
      const { code, map } = splitMap(converted.output);
      const maps = { toModule: map, toCommonJs: tslab.lastCommonJsMap() };
      cells.set(current.file, runCell(current.count, source, cell, maps));
      current.declared = declaredIn(code);
      current.lastName = converted.lastExpressionVar;
      const hasToplevelAwait = converted.hasToplevelAwait === true || cell.awaits;
      return { ...converted, hasToplevelAwait, output: `${code}\n//# sourceURL=${current.file}` };
    },
  };
}

/** The names that the CommonJS of a cell exports: `exports.a = exports.b = void 0` at its top, and its functions. */
function declaredIn(code: string): readonly string[] {
  const names = new Set<string>();
  for (const [, list] of code.matchAll(/^((?:exports\.[\w$]+ = )+)void 0;$/gm)) {
    for (const [, name] of list.matchAll(/exports\.([\w$]+) = /g)) names.add(name);
  }
  for (const [, name] of code.matchAll(/^exports\.([\w$]+) = \1;$/gm)) names.add(name);
  return [...names];
}
