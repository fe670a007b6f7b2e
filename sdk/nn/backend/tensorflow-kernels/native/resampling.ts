/** Images of twice and of half the resolution. */
export const resamplingSource: string = `// A row of pixels, each twice, times a factor.
FOR_EVERY_PROCESSOR void repeatPixels(const float* __restrict x, float* __restrict y, int64_t pixels, int64_t channels,
                                      float factor) {
  for (int64_t pixel = 0; pixel < pixels; pixel++, x += channels, y += 2 * channels)
    for (int64_t c = 0; c < channels; c++) y[c] = y[channels + c] = x[c] * factor;
}

// The sums of two by two pixels of two rows, times a factor.
FOR_EVERY_PROCESSOR void addPixels(const float* __restrict x, const float* __restrict below, float* __restrict y,
                                   int64_t pixels, int64_t channels, float factor) {
  for (int64_t pixel = 0; pixel < pixels; pixel++, x += 2 * channels, below += 2 * channels, y += channels)
    for (int64_t c = 0; c < channels; c++)
      y[c] = ((x[c] + x[channels + c]) + (below[c] + below[channels + c])) * factor;
}

// Units of work of some rows.
template <class Each>
void overRows(int64_t rows, int64_t values, const Each& each) {
  const int64_t group = std::max<int64_t>(1, kBlock / std::max<int64_t>(1, values));
  Team::instance().run((rows + group - 1) / group, [&](int64_t unit) {
    for (int64_t row = unit * group; row < std::min(rows, (unit + 1) * group); row++) each(row);
  });
}

void doubleKernel(void* factor, TF_OpKernelContext* context) {
  Call call(context);
  TF_Tensor* x = call.input(0);
  if (call.fine() && TF_NumDims(x) != 4) call.refuse("images are needed");
  if (!call.fine()) return;
  const std::vector<int64_t> s = shapeOf(x);
  TF_Tensor* y = call.output(0, {s[0], 2 * s[1], 2 * s[2], s[3]});
  if (!call.fine()) return;
  const int64_t across = s[2] * s[3];
  overRows(s[0] * s[1], 4 * across, [&](int64_t row) {
    float* to = floats(y) + 4 * row * across;
    repeatPixels(floats(x) + row * across, to, s[2], s[3], *static_cast<float*>(factor));
    std::copy(to, to + 2 * across, to + 2 * across);
  });
}

void halveKernel(void* factor, TF_OpKernelContext* context) {
  Call call(context);
  TF_Tensor* x = call.input(0);
  if (call.fine() && (TF_NumDims(x) != 4 || TF_Dim(x, 1) % 2 != 0 || TF_Dim(x, 2) % 2 != 0))
    call.refuse("images of even sizes are needed");
  if (!call.fine()) return;
  const std::vector<int64_t> s = shapeOf(x);
  TF_Tensor* y = call.output(0, {s[0], s[1] / 2, s[2] / 2, s[3]});
  if (!call.fine()) return;
  const int64_t across = s[2] * s[3];
  overRows(s[0] * s[1] / 2, 2 * across, [&](int64_t row) {
    const float* from = floats(x) + 2 * row * across;
    addPixels(from, from + across, floats(y) + row * across / 2, s[2] / 2, s[3], *static_cast<float*>(factor));
  });
}

void* makeFactor(TF_OpKernelConstruction* construction) { return new float(floatOf(construction, "factor")); }

void deleteFloat(void* value) { delete static_cast<float*>(value); }
`;
