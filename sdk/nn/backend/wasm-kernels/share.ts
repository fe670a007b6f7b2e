/** Operations below which work is not worth handing to another thread: some tens of microseconds. */
const worthSharing = 1_000_000;
/** Into how many chunks work is divided for each thread, so that faster threads can take more. */
const chunksPerThread = 4;

/**
 * How many units of work a thread takes at a time.
 *
 * @param units - how many there are
 * @param operations - the multiplications, additions or moves of each
 */
export function shareOf(units: number, operations: number, threads: number): number {
  const enough = Math.ceil(worthSharing / Math.max(operations, 1));
  return Math.max(1, enough, Math.ceil(units / (threads * chunksPerThread)));
}
