/** What a piece of work took. */
export interface Cost {
  readonly seconds: number;
  /** The most by which the memory of the process grew, in bytes; missing where it did not grow. */
  readonly memory?: number;
}

/** Milliseconds between two looks at the memory. */
const everyMs = 20;

/**
 * Adds up what several pieces of work take: their time, and the largest growth of the resident memory of the process.
 * Memory is sampled between the steps of the work; where the process reached a new maximum, the system knows it
 * exactly.
 */
export class CostMeter {
  private seconds = 0;
  private memory = 0;

  async of<Result>(work: () => Promise<Result>): Promise<Result> {
    const started = performance.now();
    const before = process.memoryUsage.rss();
    const highest = highestMemory();
    let peak = before;
    const look = (): void => {
      peak = Math.max(peak, process.memoryUsage.rss());
    };
    const timer = setInterval(look, everyMs);
    try {
      return await work();
    } finally {
      clearInterval(timer);
      look();
      const now = highestMemory();
      if (now > highest) peak = Math.max(peak, now);
      this.memory = Math.max(this.memory, peak - before);
      this.seconds += (performance.now() - started) / 1000;
    }
  }

  get cost(): Cost {
    const { seconds, memory } = this;
    return memory > 0 ? { seconds, memory } : { seconds };
  }
}

/** The most memory that the process ever held, in bytes. */
function highestMemory(): number {
  return process.resourceUsage().maxRSS * 1024;
}
