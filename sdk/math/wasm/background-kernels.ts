import type { BackgroundTask, StepOfTask } from './background-team';
import { BackgroundTeam } from './background-team';
import { tableModule } from './compiled';
import type { Float64Need, Float64Room } from './float64-kernels';
import type { GrowingMemory } from './float64-kernels';
import {
  keptBytes,
  kernelNames,
  makeMemory,
  piecesOf,
  reserve,
  roundUp,
  threadsFor,
  threadsHere,
  withFloat64Kernels,
} from './float64-kernels';
import { loadModule } from './start-team';

/** What a computation by kernels will have made. */
export interface PendingKernels<Result> {
  /** Helps to do what is left of it, and returns the result. */
  finish(): Result;
  /** Does without the result, where it is not there yet. */
  drop(): void;
}

/** A task under way, in the memory that all of them share. */
interface LiveTask {
  readonly task: BackgroundTask;
  /** Keeps the result, so that the memory can be used again. */
  settle(): void;
}

/** What is started once and used again. */
interface Engine {
  readonly memory: GrowingMemory;
  readonly team: BackgroundTeam;
}

let engine: Engine | undefined;
/** The tasks whose results are still in memory, in their order, and the first byte after these. */
const live = new Set<LiveTask>();
let next = 0;

/**
 * Starts a computation by kernels on the other threads, while the calling one does something else: on all of them, and with
 * the calling one as soon as it asks for the result. The same bits as by {@link withFloat64Kernels}, which does it at once where
 * it is too little to be worth threads.
 *
 * @param begin - puts data into memory and says what kernels are to run; returns what takes the result out of memory
 * @returns undefined, and nothing was done, where there is not as much memory for WebAssembly
 */
export function startFloat64Kernels<Result extends object>(
  need: Float64Need,
  begin: (room: Float64Room) => () => Result,
): PendingKernels<Result> | undefined {
  const started = threadsFor(need) < 2 ? undefined : startTask(need, begin);
  if (started !== undefined) return started;
  const made = withFloat64Kernels(need, (room) => begin(room)());
  return made && { finish: () => made, drop: () => undefined };
}

function startTask<Result extends object>(
  need: Float64Need,
  begin: (room: Float64Room) => () => Result,
): PendingKernels<Result> | undefined {
  const apart = roundUp(need.scratchBytes, 128);
  const size = roundUp(need.bytes, 128) + apart * threadsHere();
  if (next > 0 && next + size > keptBytes) for (const task of [...live]) task.settle();
  engine ??= startEngine();
  if (engine === undefined || !reserve(engine.memory, next + size)) return undefined;
  const { memory, team } = engine;
  const first = next;
  const scratch = first + roundUp(need.bytes, 128);
  next = roundUp(first + size, 128);
  const steps: StepOfTask[] = [];
  const read = begin({
    ...piecesOf(memory, first),
    run: (name, args, { units }) => {
      steps.push({ kernel: kernelNames.indexOf(name), args, units, scratch, scratchBytes: apart });
    },
  });
  const task = team.start(steps);
  let result: Result | undefined;
  const own: LiveTask = {
    task,
    settle: () => {
      try {
        task.finish();
        result = read();
      } finally {
        forget(own);
      }
    },
  };
  live.add(own);
  return {
    finish: () => {
      if (live.has(own)) own.settle();
      if (result === undefined) throw new Error('a computation was dropped, and its result is wanted');
      return result;
    },
    drop: () => {
      if (!live.has(own)) return;
      task.drop();
      forget(own);
    },
  };
}

/** Memory is used again when all that was in it is forgotten; much of it is given back. */
function forget(task: LiveTask): void {
  live.delete(task);
  if (live.size > 0) return;
  next = 0;
  if (engine !== undefined && engine.memory.buffer.byteLength > keptBytes) {
    void engine.team.end();
    engine = undefined;
  }
}

function startEngine(): Engine | undefined {
  try {
    const memory = makeMemory(threadsHere());
    const { module, kernels } = loadModule(tableModule.code, kernelNames, memory);
    return { memory, team: new BackgroundTeam({ module, memory }, kernels, threadsHere()) };
  } catch {
    return undefined;
  }
}
