import { giftiArrays, malformedGifti } from './gifti-arrays';
import { mostVertices } from './gifti-header';
import { xmlText } from './gifti-text';
import { arrayValues } from './gifti-values';
import type { SurfaceMap } from './surface-map';

/**
 * Reads the first map of one value per vertex in a GIFTI file: as text, base64, or base64 of deflated bytes. Where the
 * file lists the vertices that it has values of (NIFTI_INTENT_NODE_INDEX), the others are NaN.
 *
 * @throws ConcordError `unreadable-file`; `malformed-image`; `unsupported-format` when the values are labels or are in a
 * file apart.
 */
export async function readGiftiMap(path: string): Promise<SurfaceMap> {
  const { maps, values, nodes, hemisphere } = await giftiArrays(xmlText(path), path);
  if (values === undefined) return malformedGifti(path, 'it holds no values of vertices (geometry only)');
  if (nodes.length > 1) malformedGifti(path, 'it lists the vertices of its values more than once');
  const stored = arrayValues(values, path);
  const notes = { hemisphere, statistic: statistics.get(values.intent) };
  if (nodes.length === 0) return { values: stored, isSparse: false, maps, notes };
  return { values: spread(stored, arrayValues(nodes[0], path), path), isSparse: true, maps, notes };
}

/** Intents of what tests find, by NIfTI-1. Those of other values say little: programs choose among them as they like. */
const statistics: ReadonlyMap<string, string> = new Map([
  ['NIFTI_INTENT_CORREL', 'correlations'],
  ['NIFTI_INTENT_TTEST', 't'],
  ['NIFTI_INTENT_FTEST', 'F'],
  ['NIFTI_INTENT_ZSCORE', 'z'],
  ['NIFTI_INTENT_CHISQ', 'χ²'],
  ['NIFTI_INTENT_PVAL', 'p'],
  ['NIFTI_INTENT_LOGPVAL', 'logarithms of p'],
  ['NIFTI_INTENT_LOG10PVAL', 'logarithms of p'],
]);

/** The values at the vertices that are listed, NaN at the others, up to the last one listed. */
function spread(values: Float32Array, nodes: Float32Array, path: string): Float32Array {
  if (nodes.length !== values.length) {
    malformedGifti(path, `it lists ${nodes.length} vertices for ${values.length} values`);
  }
  let last = 0;
  for (const node of nodes) {
    if (!(Number.isInteger(node) && node >= 0 && node < mostVertices)) {
      malformedGifti(path, `it lists vertex ${node} (0 to ${mostVertices - 1} are allowed)`);
    }
    last = Math.max(last, node);
  }
  const all = new Float32Array(last + 1).fill(NaN);
  const seen = new Uint8Array(last + 1);
  nodes.forEach((node, i) => {
    if (seen[node]++ > 0) malformedGifti(path, `it lists vertex ${node} twice`);
    all[node] = values[i];
  });
  return all;
}
