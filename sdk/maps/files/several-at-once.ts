/** How many files are read or written at the same time: unpacking and packing use threads of their own. */
const atOnce = 4;

/** Does work for each item, a few of them at the same time; results are in the order of the items. */
export async function severalAtOnce<Item, Result>(
  items: readonly Item[],
  work: (item: Item, at: number) => Promise<Result>,
): Promise<readonly Result[]> {
  const results = new Array<Result>(items.length);
  let next = 0;
  let failed = false;
  const worker = async (): Promise<void> => {
    while (next < items.length && !failed) {
      const at = next++;
      try {
        results[at] = await work(items[at], at);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  // All are waited for, so that nothing is written after an error was reported.
  const ends = await Promise.allSettled(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  const bad = ends.find((end) => end.status === 'rejected');
  if (bad !== undefined) throw bad.reason;
  return results;
}
