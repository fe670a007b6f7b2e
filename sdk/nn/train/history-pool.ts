import type { Tensor4D } from '@tensorflow/tfjs-core';
import { clone, concat, dispose, keep, split, tensor4d, tidy } from '@tensorflow/tfjs-core';
import type { WeightArray } from '../../data/networks/weights';
import type { Random } from '../../math/random';
import { numbersOf } from '../images/numbers-of';
import { requirePart } from '../stored-parts';

/**
 * Images that a generator made earlier, so that its critic still knows them (Shrivastava et al. 2017,
 * arXiv:1612.07828, section 2.3): of images that are shown to it, half are older ones.
 */
export class HistoryPool {
  private images: Tensor4D[] = [];

  /**
   * @param size - images that are kept; with 0 every image is shown as it comes
   * @param imageShape - rows, columns and channels
   */
  constructor(
    private readonly size: number,
    private readonly imageShape: readonly [number, number, number],
  ) {}

  /**
   * Takes images that were just made, and returns as many to show: until the pool is full each is kept and shown; then, with
   * probability ½, an older one drawn from the pool is shown in its place, and it takes that one's.
   *
   * @param made - `[N, H, W, channels]`
   */
  exchange(made: Tensor4D, random: Random): Tensor4D {
    if (this.size === 0) return made;
    const replaced: Tensor4D[] = [];
    const shown = tidy(() => {
      const images = split<Tensor4D>(made, made.shape[0], 0).map((image) => {
        if (this.images.length < this.size) {
          this.images.push(keep(clone(image)));
          return image;
        }
        if (random.uniform() < 0.5) return image;
        const at = random.integer(this.size);
        const older = this.images[at];
        this.images[at] = keep(clone(image));
        replaced.push(older);
        return older;
      });
      return concat(images, 0);
    });
    dispose(replaced);
    return shown;
  }

  /** The images that are kept; `undefined` where there are none. */
  async array(): Promise<WeightArray | undefined> {
    if (this.images.length === 0) return undefined;
    const all = tidy(() => concat(this.images, 0));
    try {
      return { shape: all.shape, data: await numbersOf(all) };
    } finally {
      all.dispose();
    }
  }

  /**
   * Continues with images that {@link HistoryPool.array} returned.
   *
   * @throws ConcordError `malformed-model` when they are too many, or of another shape.
   */
  restore(array: WeightArray | undefined): void {
    this.dispose();
    if (array === undefined) return;
    const [count, ...shape] = array.shape;
    requirePart(count <= this.size && shape.join() === this.imageShape.join(), 'images made earlier');
    this.images = tidy(() =>
      split<Tensor4D>(tensor4d(array.data, [count, ...this.imageShape]), count, 0).map((image) =>
        keep(image),
      ),
    );
  }

  /** Lets the images go. */
  dispose(): void {
    dispose(this.images);
    this.images = [];
  }
}
