/** The loops of the normalization over rows of channels. */
export const normLoopsSource: string = `// What is known of each channel of an image while it is normalized.
struct Channels {
  std::vector<float> center, factor, offset, along, across;
  std::vector<double> mean, inverse;
  explicit Channels(int64_t count)
      : center(count), factor(count), offset(count), along(count), across(count), mean(count), inverse(count) {}
};

// Sums and sums of squares of each channel. In double precision, so that values far from 0 keep their variance.
FOR_EVERY_PROCESSOR void addMoments(const float* x, int64_t rows, int64_t channels, double* sums, double* squares) {
  for (int64_t row = 0; row < rows; row++, x += channels) {
    for (int64_t c = 0; c < channels; c++) {
      const double value = x[c];
      sums[c] += value;
      squares[c] += value * value;
    }
  }
}

template <int activation>
inline __attribute__((always_inline)) void applyRows(const float* __restrict x, float* __restrict y, int64_t rows,
                                                     int64_t channels, const float* __restrict center,
                                                     const float* __restrict factor, const float* __restrict offset,
                                                     float slope) {
  for (int64_t row = 0; row < rows; row++, x += channels, y += channels) {
    for (int64_t c = 0; c < channels; c++) {
      y[c] = activate<activation>((x[c] - center[c]) * factor[c] + offset[c], slope);
    }
  }
}

FOR_EVERY_PROCESSOR void apply(const float* x, float* y, int64_t rows, int64_t channels, const float* center,
                               const float* factor, const float* offset, int activation, float slope) {
  if (activation == kSilu) applyRows<kSilu>(x, y, rows, channels, center, factor, offset, slope);
  else if (activation == kLeakyRelu) applyRows<kLeakyRelu>(x, y, rows, channels, center, factor, offset, slope);
  else applyRows<kNone>(x, y, rows, channels, center, factor, offset, slope);
}

// The gradient before the activation, kept in dx, and its sums per channel, by itself and times x less its centre.
template <int activation>
inline __attribute__((always_inline)) void directRows(const float* __restrict x, const float* __restrict dy,
                                                      float* __restrict dx, int64_t rows, int64_t channels,
                                                      const float* __restrict center, const float* __restrict factor,
                                                      const float* __restrict offset, float slope,
                                                      double* __restrict sums, double* __restrict products) {
  for (int64_t row = 0; row < rows; row++, x += channels, dy += channels, dx += channels) {
    for (int64_t c = 0; c < channels; c++) {
      const float centered = x[c] - center[c];
      dx[c] = dy[c] * derivative<activation>(centered * factor[c] + offset[c], slope);
    }
    for (int64_t c = 0; c < channels; c++) {
      const double direct = dx[c];
      sums[c] += direct;
      products[c] += direct * double(x[c] - center[c]);
    }
  }
}

FOR_EVERY_PROCESSOR void direct(const float* x, const float* dy, float* dx, int64_t rows, int64_t channels,
                                const float* center, const float* factor, const float* offset, int activation,
                                float slope, double* sums, double* products) {
  if (activation == kSilu)
    directRows<kSilu>(x, dy, dx, rows, channels, center, factor, offset, slope, sums, products);
  else if (activation == kLeakyRelu)
    directRows<kLeakyRelu>(x, dy, dx, rows, channels, center, factor, offset, slope, sums, products);
  else
    directRows<kNone>(x, dy, dx, rows, channels, center, factor, offset, slope, sums, products);
}

FOR_EVERY_PROCESSOR void throughMoments(const float* __restrict x, float* __restrict dx, int64_t rows,
                                        int64_t channels, const float* __restrict center,
                                        const float* __restrict factor, const float* __restrict along,
                                        const float* __restrict across) {
  for (int64_t row = 0; row < rows; row++, x += channels, dx += channels) {
    for (int64_t c = 0; c < channels; c++) {
      dx[c] = dx[c] * factor[c] - ((x[c] - center[c]) * along[c] + across[c]);
    }
  }
}
`;
