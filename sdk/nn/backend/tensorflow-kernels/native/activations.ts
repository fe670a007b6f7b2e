/** The exponential function, and the activations made of it. */
export const activationsSource: string = `// e^x to about one unit in the last place, between the smallest and the largest power that float32 holds: e^x = 2^n e^r
// with |r| at most half the logarithm of 2, and a polynomial for e^r.
inline __attribute__((always_inline)) float power(float x) {
  x = std::min(std::max(x, -87.0f), 88.0f);
  const float shifted = x * 1.44269504f + 12582912.0f;  // 1.5 * 2^23: rounds to a whole number in the lowest bits
  const float n = shifted - 12582912.0f;
  const float r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  int32_t bits;
  std::memcpy(&bits, &shifted, 4);
  bits = (bits << 23) + 0x3f800000;
  float scale;
  std::memcpy(&scale, &bits, 4);
  return p * scale;
}

inline __attribute__((always_inline)) float sigmoid(float x) { return 1.0f / (1.0f + power(-x)); }

enum Activation { kNone = 0, kSilu = 1, kLeakyRelu = 2 };

template <int activation>
inline __attribute__((always_inline)) float activate(float x, float slope) {
  if (activation == kSilu) return x * sigmoid(x);
  if (activation == kLeakyRelu) return x > 0.0f ? x : slope * x;
  return x;
}

template <int activation>
inline __attribute__((always_inline)) float derivative(float x, float slope) {
  if (activation == kSilu) {
    const float y = sigmoid(x);
    return y * (1.0f + x * (1.0f - y));
  }
  if (activation == kLeakyRelu) return x > 0.0f ? 1.0f : slope;
  return 1.0f;
}

FOR_EVERY_PROCESSOR void silu(const float* x, float* y, int64_t count) {
  for (int64_t i = 0; i < count; i++) y[i] = activate<kSilu>(x[i], 0.0f);
}

FOR_EVERY_PROCESSOR void siluGradient(const float* x, const float* dy, float* dx, int64_t count) {
  for (int64_t i = 0; i < count; i++) dx[i] = dy[i] * derivative<kSilu>(x[i], 0.0f);
}

FOR_EVERY_PROCESSOR void leakyReluGradient(const float* x, const float* dy, float* dx, int64_t count, float slope) {
  for (int64_t i = 0; i < count; i++) dx[i] = dy[i] * derivative<kLeakyRelu>(x[i], slope);
}
`;
