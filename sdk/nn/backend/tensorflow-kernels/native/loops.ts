/** Loops over values that are treated alike. */
export const loopsSource: string = `FOR_EVERY_PROCESSOR void adam(const float* __restrict param, const float* __restrict gradient,
                              const float* __restrict m, const float* __restrict v, float* __restrict newParam,
                              float* __restrict newM, float* __restrict newV, int64_t count, float rest1, float rest2,
                              float root, float epsilon, float rate, float keep) {
  for (int64_t i = 0; i < count; i++) {
    const float mean = m[i] + rest1 * (gradient[i] - m[i]);
    const float spread = v[i] + rest2 * (gradient[i] * gradient[i] - v[i]);
    newM[i] = mean;
    newV[i] = spread;
    newParam[i] = param[i] * keep - rate * mean / (std::sqrt(spread) * root + epsilon);
  }
}

FOR_EVERY_PROCESSOR void blend(const float* __restrict from, const float* __restrict to, float* __restrict y,
                               int64_t count, float share) {
  for (int64_t i = 0; i < count; i++) y[i] = from[i] + share * (to[i] - from[i]);
}

FOR_EVERY_PROCESSOR void scale(const float* __restrict x, float* __restrict y, int64_t count, float factor) {
  for (int64_t i = 0; i < count; i++) y[i] = x[i] * factor;
}

FOR_EVERY_PROCESSOR void addToRows(float* __restrict x, const float* __restrict bias, int64_t rows, int64_t channels) {
  for (int64_t row = 0; row < rows; row++, x += channels) {
    for (int64_t c = 0; c < channels; c++) x[c] += bias[c];
  }
}

FOR_EVERY_PROCESSOR void addToRowsAndValues(float* __restrict x, const float* __restrict bias,
                                            const float* __restrict added, int64_t rows, int64_t channels) {
  for (int64_t row = 0; row < rows; row++, x += channels, added += channels) {
    for (int64_t c = 0; c < channels; c++) x[c] += bias[c] + added[c];
  }
}

FOR_EVERY_PROCESSOR double sumOfSquares(const float* x, int64_t count) {
  double sums[16] = {0};
  int64_t i = 0;
  for (; i + 16 <= count; i += 16)
    for (int64_t lane = 0; lane < 16; lane++) sums[lane] += double(x[i + lane]) * double(x[i + lane]);
  for (; i < count; i++) sums[0] += double(x[i]) * double(x[i]);
  double sum = 0;
  for (double lane : sums) sum += lane;
  return sum;
}
`;
