import type { FuzzedFormat } from '../fuzzed-format';
import { imageFormats } from './image-formats';
import { networkFormats } from './network-formats';
import { recordFormats } from './record-formats';
import { surfaceFormats } from './surface-formats';
import { tableFormats } from './table-formats';

/** Every format that people give to Concord. */
export const formats: readonly FuzzedFormat[] = [
  ...imageFormats,
  ...surfaceFormats,
  ...tableFormats,
  ...recordFormats,
  ...networkFormats,
];
