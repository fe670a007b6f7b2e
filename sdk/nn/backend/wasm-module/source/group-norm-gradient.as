import { LEAKY_RELU, NONE, SILU, derivative } from './activation';
import { addWide, floats } from './float';
import { prepare } from './group-norm';
import { CHUNK, groupStatistics } from './statistics';

/**
 * The gradients of `normalizeGroups`; a task is an image. With g = dy·activation′, x̂ = (x − mean)/σ and m values in a
 * group:
 * dshift = Σ g, dscale = Σ g·x̂ (over the rows of an image), dx = (scale·g − Σ scale·g / m − x̂·Σ scale·g·x̂ / m)/σ.
 *
 * @param dscale - `[N, channels]`, also where one scale serves all images; `dshift` likewise
 * @param scratch - room for 9 float32 per channel and 3 per group, at a multiple of 16 bytes
 */
export function normalizeGroupsGradient(
  x: usize, dy: usize, dx: usize, dscale: usize, dshift: usize,
  scale: usize, scaleStep: i32, shift: usize, shiftStep: i32,
  rows: i32, channels: i32, groups: i32, epsilon: f64, activation: i32, slope: f32,
  from: i32, to: i32, scratch: usize,
): void {
  const coefficients = scratch + floats(4 * channels);
  const statistics = scratch + floats(9 * channels);
  const size = floats(rows * channels);
  x += <usize>from * size;
  dy += <usize>from * size;
  dx += <usize>from * size;
  dscale += floats(from * channels);
  dshift += floats(from * channels);
  scale += floats(from * scaleStep);
  shift += floats(from * shiftStep);
  for (let n = from; n < to; n++) {
    groupStatistics(x, statistics, scratch, rows, channels, channels, groups, epsilon);
    prepare(coefficients, scale, shift, statistics, channels, groups);
    memory.fill(scratch, 0, floats(4 * channels));
    if (activation == NONE) throughActivation(x, dy, dx, rows, coefficients, scratch, channels, NONE, slope);
    else if (activation == SILU) throughActivation(x, dy, dx, rows, coefficients, scratch, channels, SILU, slope);
    else throughActivation(x, dy, dx, rows, coefficients, scratch, channels, LEAKY_RELU, slope);
    sumGroups(scratch, coefficients, dscale, dshift, scale, statistics, rows, channels, groups);
    throughStatistics(x, activation == NONE ? dy : dx, dx, size, coefficients, channels);
    x += size;
    dy += size;
    dx += size;
    dscale += floats(channels);
    dshift += floats(channels);
    scale += floats(scaleStep);
    shift += floats(shiftStep);
  }
}

/** g = dy·activation′ (where there is an activation; g is dy where not), and Σ g and Σ g·(x − mean) per channel. */
@inline
function throughActivation(
  x: usize, dy: usize, g: usize, rows: i32, coefficients: usize, sums: usize,
  channels: i32, activation: i32, slope: f32,
): void {
  const stride = floats(channels);
  for (let first = 0; first < rows; first += CHUNK) {
    const count = min(CHUNK, rows - first);
    for (let c = 0; c < channels; c += 4) {
      const k = coefficients + floats(c);
      const mean = v128.load(k);
      const factor = v128.load(k + stride);
      const offset = v128.load(k + 2 * stride);
      let sum = f32x4.splat(0.0);
      let product = f32x4.splat(0.0);
      const start = floats(first * channels + c);
      const end = start + <usize>count * stride;
      let at = start;
      // Two at a time, as in `siluForward`.
      for (; at + stride < end; at += 2 * stride) {
        const centred = f32x4.sub(v128.load(x + at), mean);
        const nextCentred = f32x4.sub(v128.load(x + at + stride), mean);
        let gradient = v128.load(dy + at);
        let next = v128.load(dy + at + stride);
        if (activation != NONE) {
          const affine = f32x4.add(f32x4.mul(centred, factor), offset);
          const nextAffine = f32x4.add(f32x4.mul(nextCentred, factor), offset);
          gradient = f32x4.mul(gradient, derivative(affine, activation, slope));
          next = f32x4.mul(next, derivative(nextAffine, activation, slope));
          v128.store(g + at, gradient);
          v128.store(g + at + stride, next);
        }
        sum = f32x4.add(f32x4.add(sum, gradient), next);
        product = f32x4.add(product, f32x4.mul(gradient, centred));
        product = f32x4.add(product, f32x4.mul(next, nextCentred));
      }
      if (at < end) {
        const centred = f32x4.sub(v128.load(x + at), mean);
        let gradient = v128.load(dy + at);
        if (activation != NONE) {
          const affine = f32x4.add(f32x4.mul(centred, factor), offset);
          gradient = f32x4.mul(gradient, derivative(affine, activation, slope));
          v128.store(g + at, gradient);
        }
        sum = f32x4.add(sum, gradient);
        product = f32x4.add(product, f32x4.mul(gradient, centred));
      }
      addWide(sums + floats(2 * c), sum);
      addWide(sums + floats(2 * (c + channels)), product);
    }
  }
}

/** Writes dscale and dshift, and behind the coefficients k and l with dx = factor·g − k − (x − mean)·l. */
function sumGroups(
  sums: usize, coefficients: usize, dscale: usize, dshift: usize, scale: usize, statistics: usize,
  rows: i32, channels: i32, groups: i32,
): void {
  const perGroup = channels / groups;
  const values = <f64>perGroup * <f64>rows;
  for (let group = 0; group < groups; group++) {
    const at = statistics + floats(group);
    const fine = <f64>load<f32>(at + floats(groups));
    const inverse = <f64>load<f32>(at + floats(2 * groups));
    let sum: f64 = 0;
    let product: f64 = 0;
    const end = (group + 1) * perGroup;
    for (let c = group * perGroup; c < end; c++) {
      const channelSum = load<f64>(sums + floats(2 * c));
      const channelProduct = (load<f64>(sums + floats(2 * (c + channels))) - fine * channelSum) * inverse;
      store<f32>(dshift + floats(c), <f32>channelSum);
      store<f32>(dscale + floats(c), <f32>channelProduct);
      sum += <f64>load<f32>(scale + floats(c)) * channelSum;
      product += <f64>load<f32>(scale + floats(c)) * channelProduct;
    }
    const l = (inverse * inverse * product) / values;
    const k = (inverse * sum) / values - fine * l;
    for (let c = group * perGroup; c < end; c++) {
      store<f32>(coefficients + floats(3 * channels + c), <f32>k);
      store<f32>(coefficients + floats(4 * channels + c), <f32>l);
    }
  }
}

function throughStatistics(x: usize, g: usize, dx: usize, size: usize, coefficients: usize, channels: i32): void {
  const stride = floats(channels);
  const end = x + size;
  while (x < end) {
    for (let c: usize = 0; c < stride; c += 16) {
      const k = coefficients + c;
      const centred = f32x4.sub(v128.load(x), v128.load(k));
      const direct = f32x4.sub(f32x4.mul(v128.load(g), v128.load(k + stride)), v128.load(k + 3 * stride));
      v128.store(dx, f32x4.sub(direct, f32x4.mul(centred, v128.load(k + 4 * stride))));
      x += 16;
      g += 16;
      dx += 16;
    }
  }
}
