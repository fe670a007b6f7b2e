import type { ImageSamples } from './image-samples';
import { evenly } from './positions';

/** Images held out to judge networks by. */
export interface HeldOutImages {
  readonly positions: readonly number[];
  /** Scaled for the network. */
  readonly images: Float32Array;
  /** 1 where they are not background, else 0. */
  readonly inside: Uint8Array;
}

/** Reads at most so many of the images at some positions, spread evenly. */
export async function readHeldOutImages(
  { cohort, source }: ImageSamples,
  among: readonly number[],
  most: number,
): Promise<HeldOutImages> {
  const positions = evenly(among, most);
  const raw = await cohort.read(positions);
  return {
    positions,
    images: await source.read(positions),
    inside: Uint8Array.from(raw, (value) => (value === 0 ? 0 : 1)),
  };
}
