import type { DoublesFile } from '../../io/maps/doubles-file';
import type { MapPart } from '../map-layout';
import { vertexStatus } from '../maps-model';

/** What a model knows of the vertices of one part. */
export interface KnownPart {
  readonly name: string;
  /** The number of its first vertex, all parts joined. */
  readonly first: number;
  /** 1 where the model harmonizes. */
  readonly harmonized: Uint8Array;
  /** The grand mean of each vertex, on the model's scale; `NaN` where it does not harmonize. */
  readonly means: Float64Array;
  /** The pooled standard deviation of each vertex, on the model's scale. */
  readonly deviations: Float64Array;
}

/** Reads what a model knows of its parts, which are one after the other in its arrays. */
export async function knownParts(
  parts: readonly MapPart[],
  arrays: DoublesFile,
): Promise<readonly KnownPart[]> {
  const known: KnownPart[] = [];
  let first = 0;
  for (const { name, vertices } of parts) {
    const status = await arrays.read('status', first, vertices);
    const means = await arrays.read('grandMean', first, vertices);
    const deviations = await arrays.read('pooledSd', first, vertices);
    const harmonized = Uint8Array.from(status, (code) => Number(code === vertexStatus.harmonized));
    for (let vertex = 0; vertex < vertices; vertex++) if (harmonized[vertex] === 0) means[vertex] = NaN;
    known.push({ name, first, harmonized, means, deviations });
    first += vertices;
  }
  return known;
}
