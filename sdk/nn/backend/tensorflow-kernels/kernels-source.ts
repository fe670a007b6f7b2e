import { createHash } from 'node:crypto';
import { activationsSource } from './native/activations';
import { attentionSource } from './native/attention';
import { callSource } from './native/call';
import { convolutionSource } from './native/convolution';
import { filterGradientSource } from './native/filter-gradient';
import { loopsSource } from './native/loops';
import { multiplySource } from './native/multiply';
import { normSource } from './native/norm';
import { normLoopsSource } from './native/norm-loops';
import { operationsSource } from './native/operations';
import { registrationSource } from './native/registration';
import { resamplingSource } from './native/resampling';
import { steeringSource } from './native/steering';
import { sumsSource } from './native/sums';
import { threadsSource } from './native/threads';
import { tileConvolutionSource } from './native/tile-convolution';
import { tileFilterGradientSource } from './native/tile-filter-gradient';
import { tilesSource } from './native/tiles';

/**
 * The source of the operations that native TensorFlow lacks, in C++17: group normalization with what steers and
 * follows it, convolutions (those of 3 × 3 by tiles) with what comes before and after them, attention, linear maps, SiLU, biases, sums and means in double precision, and the steps of the optimizer for
 * all parameters at once. Each goes over its values as few times as can be, in all threads. It uses TensorFlow's C interface for kernels alone, and Node loads the result as an addon. It is compiled
 * where TensorFlow is set up, because that is where its headers are.
 */
export const kernelsSource: string = [
  threadsSource,
  activationsSource,
  multiplySource,
  convolutionSource,
  filterGradientSource,
  tilesSource,
  tileConvolutionSource,
  tileFilterGradientSource,
  attentionSource,
  steeringSource,
  normLoopsSource,
  normSource,
  loopsSource,
  callSource,
  resamplingSource,
  operationsSource,
  sumsSource,
  registrationSource,
].join('\n');

/** A digest of {@link kernelsSource}: what is compiled from another source is another set of operations. */
export const kernelsDigest: string = createHash('sha256').update(kernelsSource).digest('hex').slice(0, 8);

/**
 * The arguments of a compiler of the g++ family, after `-shared -fPIC -std=c++17`, to make the addon.
 *
 * @param source - the file with {@link kernelsSource}
 * @param addon - the file to make, `tensorflowKernelsFile` beside the binding
 * @param tensorflow - its header files, and its library libtensorflow_framework
 */
export function kernelsCompilerWords(
  source: string,
  addon: string,
  tensorflow: { readonly headers: string; readonly library: string },
): string[] {
  // The flag keeps out a header that the Python package of TensorFlow lacks and that nothing here needs.
  return ['-O3', '-DIS_SLIM_BUILD', `-I${tensorflow.headers}`, source, '-o', addon, tensorflow.library];
}
