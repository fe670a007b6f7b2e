import { floats } from './float';

/** How many values make a task where each is treated alike. */
export const BLOCK: i32 = 4096;

/** Where the values of a task begin, in bytes from the first of all. */
@inline
export function startOfBlock(task: i32): usize {
  return floats(task * BLOCK);
}

/** Where the values of the tasks before `task` end. */
@inline
export function endOfBlock(task: i32, count: i32): usize {
  return floats(min(task * BLOCK, count));
}

/** Where to take four values so that they end at `end` at the latest: the last may be taken twice. */
@inline
export function withinBlock(at: usize, end: usize): usize {
  return min(at, end - 16);
}
