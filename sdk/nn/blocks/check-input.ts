import type { Tensor } from '@tensorflow/tfjs-core';
import { ConcordError } from '../../errors';

/** The forms of input that blocks know, by rank. */
const forms: Readonly<Record<number, string>> = {
  2: 'vectors [N, channels]',
  3: 'sequences [N, length, channels]',
  4: 'images [N, height, width, channels]',
};

/**
 * Checks the input of a block before it is computed with.
 *
 * @param block - names the block in the message
 * @param ranks - the ranks that the block takes
 * @param channels - the length that the last axis must have
 * @throws ConcordError `invalid-option` naming the block, what came and what was expected
 */
export function checkInput(
  block: string,
  x: Tensor,
  { ranks, channels }: { readonly ranks: readonly number[]; readonly channels?: number },
): void {
  if (!ranks.includes(x.rank)) {
    const allowed = ranks.map((rank) => forms[rank]).join(' or ');
    throw new ConcordError(
      'invalid-option',
      `${block}: input has shape [${x.shape.join(', ')}], expected ${allowed}`,
    );
  }
  const found = x.shape[x.rank - 1];
  if (channels !== undefined && found !== channels) {
    throw new ConcordError(
      'invalid-option',
      `${block}: input has ${found} channels, the kernel expects ${channels}`,
    );
  }
}

/**
 * Checks the vectors, one per image, that steer a block.
 *
 * @param name - what the vectors are, for example `time`
 * @throws ConcordError `invalid-option` naming the block, what came and what was expected
 */
export function checkCondition(
  { block, name }: { readonly block: string; readonly name: string },
  vectors: Tensor,
  { batch, size }: { readonly batch: number; readonly size: number },
): void {
  if (vectors.rank === 2 && vectors.shape[0] === batch && vectors.shape[1] === size) return;
  throw new ConcordError(
    'invalid-option',
    `${block}: ${name} has shape [${vectors.shape.join(', ')}], expected [${batch}, ${size}] (one row per image)`,
  );
}

/**
 * Checks the sizes that a block is made with.
 *
 * @throws ConcordError `invalid-option` for a size that is not a whole number above 0
 */
export function checkSizes(block: string, sizes: Readonly<Record<string, number>>): void {
  for (const [name, size] of Object.entries(sizes)) {
    if (Number.isSafeInteger(size) && size > 0) continue;
    throw new ConcordError(
      'invalid-option',
      `${block}: invalid ${name}: ${size} (a whole number above 0 is needed)`,
    );
  }
}
