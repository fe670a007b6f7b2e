import type { JsonObject } from '../json';
import type { WeightTable } from './weights';

/** What there is to know of a network besides its weights: architecture, sites, how it was trained. */
export interface NetworkDescription extends JsonObject {
  /** The kind of model, as in `loadModel(path, kind)`. */
  readonly kind: string;
}

/** A network as it is kept: a description in plain values, and its arrays. */
export interface StoredNetwork {
  readonly model: NetworkDescription;
  readonly weights: WeightTable;
}
