/** The operations, from their inputs to their outputs. */
export const operationsSource: string = `void siluKernel(void*, TF_OpKernelContext* context) {
  Call call(context);
  TF_Tensor* x = call.input(0);
  TF_Tensor* y = call.fine() ? call.output(0, shapeOf(x)) : nullptr;
  if (!call.fine()) return;
  overBlocks(sizeOf(x), [&](int64_t from, int64_t count) { silu(floats(x) + from, floats(y) + from, count); });
}

// A gradient, value by value, from what came in and the gradient of what went out.
template <class Each>
void gradientByValue(TF_OpKernelContext* context, const Each& each) {
  Call call(context);
  TF_Tensor *x = call.input(0), *dy = call.input(1);
  if (call.fine() && sizeOf(x) != sizeOf(dy)) call.refuse("the gradient has another size");
  TF_Tensor* dx = call.fine() ? call.output(0, shapeOf(x)) : nullptr;
  if (!call.fine()) return;
  overBlocks(sizeOf(x), [&](int64_t from, int64_t count) {
    each(floats(x) + from, floats(dy) + from, floats(dx) + from, count);
  });
}

void siluGradientKernel(void*, TF_OpKernelContext* context) { gradientByValue(context, siluGradient); }

void* makeSlope(TF_OpKernelConstruction* construction) { return new float(floatOf(construction, "slope")); }

void leakyReluGradientKernel(void* slope, TF_OpKernelContext* context) {
  gradientByValue(context, [&](const float* x, const float* dy, float* dx, int64_t count) {
    leakyReluGradient(x, dy, dx, count, *static_cast<float*>(slope));
  });
}

// The input is overwritten and becomes the output: it is what a convolution has just made, and nobody else has it.
void addBiasKernel(void*, TF_OpKernelContext* context) {
  Call call(context);
  TF_Tensor *x = call.input(0), *bias = call.input(1);
  TF_Tensor* added = call.inputs() > 2 ? call.input(2) : nullptr;
  const int64_t channels = call.fine() ? sizeOf(bias) : 1;
  if (call.fine() && (TF_NumDims(x) < 1 || TF_Dim(x, TF_NumDims(x) - 1) != channels))
    call.refuse("a value per channel is needed");
  if (call.fine() && added != nullptr && sizeOf(added) != sizeOf(x)) call.refuse("what is added has another size");
  if (!call.fine()) return;
  call.passOn(0, x);
  if (!call.fine() || channels == 0) return;
  const Layout layout(1, sizeOf(x) / channels, channels);
  Team::instance().run(layout.blocks, [&](int64_t block) {
    const int64_t start = layout.start(0, block), rows = layout.rowsOf(block);
    if (added == nullptr) addToRows(floats(x) + start, floats(bias), rows, channels);
    else addToRowsAndValues(floats(x) + start, floats(bias), floats(added) + start, rows, channels);
  });
}

struct ConvolutionSettings {
  int32_t same, resampling, rectified, biased, added, tall, wide;
  float slope, factor;
  bool resamples() const { return resampling != kAsIs; }
  // What a mean of 4 takes of each.
  float share() const { return resampling == kHalved ? 0.25f : 1.0f; }
  int64_t above(int64_t size) const { return same != 0 ? (size - 1) / 2 : 0; }
  // How much smaller the result of a window of this size is.
  int64_t less(int64_t size) const { return same != 0 ? 0 : size - 1; }
};

void* makeConvolution(TF_OpKernelConstruction* construction) {
  return new ConvolutionSettings{integerOf(construction, "same"),      integerOf(construction, "resampling"),
                                 integerOf(construction, "rectified"), integerOf(construction, "biased"),
                                 integerOf(construction, "added"),     integerOf(construction, "tall"),
                                 integerOf(construction, "wide"),      floatOf(construction, "slope"),
                                 floatOf(construction, "factor")};
}

void deleteConvolution(void* settings) { delete static_cast<ConvolutionSettings*>(settings); }

// A filter, from the settings or its tensor, for images of some channels.
bool fits(Call& call, const ConvolutionSettings& s, const Filter& f, int64_t height, int64_t width) {
  const bool halvable = s.resampling != kHalved || (height % 2 == 0 && width % 2 == 0);
  if (f.tall < 1 || f.wide < 1 || f.each() < 1 || height <= s.less(f.tall) || width <= s.less(f.wide) || !halvable ||
      (s.resamples() && (f.tall != 3 || f.wide != 3 || s.same == 0)))
    call.refuse("the filter does not fit the images or the resampling");
  return call.fine();
}

// The shape of what a convolution of images results in.
std::vector<int64_t> resultShape(const ConvolutionSettings& s, const Filter& f, const std::vector<int64_t>& x) {
  if (s.resampling == kDoubled) return {x[0], 2 * x[1], 2 * x[2], f.outs};
  if (s.resampling == kHalved) return {x[0], x[1] / 2, x[2] / 2, f.outs};
  return {x[0], x[1] - s.less(f.tall), x[2] - s.less(f.wide), f.outs};
}

Convolution plainConvolution(const std::vector<int64_t>& x, const Filter& f, const ConvolutionSettings& s) {
  return {x[0], x[1], x[2], f.ins, f.outs, {1, f.tall, f.wide, s.above(f.tall), s.above(f.wide), 1},
          x[1] - s.less(f.tall), x[2] - s.less(f.wide)};
}

// Over a low resolution to a high one, or over a high one to a low one.
Convolution resamplingConvolution(const std::vector<int64_t>& x, int64_t ins, int64_t outs, bool together) {
  if (together) return {x[0], x[1], x[2], ins, outs, kTogether, x[1] / 2, x[2] / 2};
  return {x[0], x[1], x[2], ins, outs, kApart, x[1], x[2]};
}

// A convolution of step 1 with what comes before and after it.
void convolveKernel(void* settings, TF_OpKernelContext* context) {
  const ConvolutionSettings& s = *static_cast<ConvolutionSettings*>(settings);
  Call call(context);
  TF_Tensor *x = call.input(0), *filter = call.input(1);
  TF_Tensor* bias = s.biased != 0 ? call.input(2) : nullptr;
  TF_Tensor* added = s.added != 0 ? call.input(2 + s.biased) : nullptr;
  if (!call.fine()) return;
  if (TF_NumDims(x) != 4 || TF_NumDims(filter) != 4 || TF_Dim(x, 3) != TF_Dim(filter, 2) ||
      (bias != nullptr && sizeOf(bias) != TF_Dim(filter, 3)))
    return call.refuse("the filter does not fit the images or the bias");
  const std::vector<int64_t> from = shapeOf(x);
  const Filter f = {floats(filter), TF_Dim(filter, 0), TF_Dim(filter, 1), TF_Dim(filter, 2), TF_Dim(filter, 3)};
  if (!fits(call, s, f, from[1], from[2])) return;
  const std::vector<int64_t> shape = resultShape(s, f, from);
  if (added != nullptr && shapeOf(added) != shape) return call.refuse("what is added has another size");
  TF_Tensor* y = call.output(0, shape);
  if (!call.fine() || sizeOf(y) == 0) return;
  const Convolution c = s.resamples() ? resamplingConvolution(from, f.ins, f.outs, s.resampling == kHalved)
                                      : plainConvolution(from, f, s);
  After after;
  after.bias = bias == nullptr ? nullptr : floats(bias);
  after.added = added == nullptr ? nullptr : floats(added);
  after.factor = s.factor;
  convolveBy(f, false, s.share(), c, floats(x), {s.rectified != 0, s.slope}, after, floats(y));
}

// Its gradient by the images, which are given as a mask where they were rectified.
void convolveInputKernel(void* settings, TF_OpKernelContext* context) {
  const ConvolutionSettings& s = *static_cast<ConvolutionSettings*>(settings);
  Call call(context);
  TF_Tensor *dy = call.input(0), *filter = call.input(1);
  TF_Tensor* mask = s.rectified != 0 ? call.input(2) : nullptr;
  if (!call.fine()) return;
  if (TF_NumDims(dy) != 4 || TF_NumDims(filter) != 4 || TF_Dim(dy, 3) != TF_Dim(filter, 3))
    return call.refuse("the filter does not fit the gradient");
  const std::vector<int64_t> from = shapeOf(dy);
  const Filter f = {floats(filter), TF_Dim(filter, 0), TF_Dim(filter, 1), TF_Dim(filter, 2), TF_Dim(filter, 3)};
  std::vector<int64_t> shape = {from[0], from[1] + s.less(f.tall), from[2] + s.less(f.wide), f.ins};
  if (s.resampling == kDoubled) shape = {from[0], from[1] / 2, from[2] / 2, f.ins};
  if (s.resampling == kHalved) shape = {from[0], 2 * from[1], 2 * from[2], f.ins};
  if (!fits(call, s, f, shape[1], shape[2])) return;
  if (mask != nullptr && shapeOf(mask) != shape) return call.refuse("the mask has another size");
  TF_Tensor* dx = call.output(0, shape);
  if (!call.fine() || sizeOf(dx) == 0) return;
  const Geometry turned = {1, f.tall, f.wide, f.tall - 1 - s.above(f.tall), f.wide - 1 - s.above(f.wide), 1};
  const Convolution c = s.resamples()
                            ? resamplingConvolution(from, f.outs, f.ins, s.resampling == kDoubled)
                            : Convolution{from[0], from[1], from[2], f.outs, f.ins, turned, shape[1], shape[2]};
  After after;
  after.mask = mask == nullptr ? nullptr : floats(mask);
  after.slope = s.slope;
  convolveBy(f, true, s.share() * s.factor, c, floats(dy), {false, 1.0f}, after, floats(dx));
}

// Its gradient by the filter.
void convolveFilterKernel(void* settings, TF_OpKernelContext* context) {
  const ConvolutionSettings& s = *static_cast<ConvolutionSettings*>(settings);
  Call call(context);
  TF_Tensor *x = call.input(0), *dy = call.input(1);
  if (!call.fine()) return;
  if (TF_NumDims(x) != 4 || TF_NumDims(dy) != 4) return call.refuse("images are needed");
  const std::vector<int64_t> from = shapeOf(x);
  const Filter f = {nullptr, s.tall, s.wide, from[3], TF_Dim(dy, 3)};
  if (!fits(call, s, f, from[1], from[2])) return;
  if (shapeOf(dy) != resultShape(s, f, from)) return call.refuse("the gradient has another size");
  if (s.resampling == kDoubled && s.rectified != 0) return call.refuse("what is doubled is not rectified");
  TF_Tensor* dfilter = call.output(0, {f.tall, f.wide, f.ins, f.outs});
  if (!call.fine()) return;
  const bool doubled = s.resampling == kDoubled;
  const Convolution c = doubled ? resamplingConvolution(shapeOf(dy), f.outs, f.ins, true)
                        : s.resamples() ? resamplingConvolution(from, f.ins, f.outs, true)
                                        : plainConvolution(from, f, s);
  if ((doubled ? f.ins : f.outs) % kLanes != 0) return call.refuse("the channels are no multiple of 16");
  const Before before = {s.rectified != 0, s.slope};
  if (isTiled(c)) return correlateTiles(c, floats(x), floats(dy), before, s.factor, floats(dfilter));
  const Room sums = correlate(c, floats(doubled ? dy : x), floats(doubled ? x : dy), before);
  fold(sums.get(), c.g, f, Resampling(s.resampling), s.share() * s.factor, floats(dfilter));
}

void linearKernel(void*, TF_OpKernelContext* context) {
  Call call(context);
  TF_Tensor *x = call.input(0), *kernel = call.input(1), *bias = call.input(2);
  TF_Tensor* added = call.inputs() > 3 ? call.input(3) : nullptr;
  if (!call.fine()) return;
  std::vector<int64_t> shape = shapeOf(x);
  const int64_t ins = TF_NumDims(kernel) == 2 ? TF_Dim(kernel, 0) : 0, outs = ins > 0 ? TF_Dim(kernel, 1) : 0;
  if (outs < 1 || shape.empty() || shape.back() != ins || sizeOf(bias) != outs)
    return call.refuse("the map does not fit what it is given");
  const int64_t rows = sizeOf(x) / ins;
  if (added != nullptr && sizeOf(added) != rows * outs) return call.refuse("what is added has another size");
  shape.back() = outs;
  TF_Tensor* y = call.output(0, shape);
  if (!call.fine()) return;
  linear(floats(x), floats(kernel), floats(bias), added == nullptr ? nullptr : floats(added), floats(y), rows, ins, outs);
}

void deleteInteger(void* value) { delete static_cast<int32_t*>(value); }

void* makeHeads(TF_OpKernelConstruction* construction) { return new int32_t(integerOf(construction, "heads")); }



Heads headsOf(Call& call, int32_t heads, TF_Tensor* x) {
  const std::vector<int64_t> shape = shapeOf(x);
  if (heads < 1 || shape.size() < 2 || shape.back() < 3 || shape.back() % (3 * heads) != 0) {
    call.refuse("queries, keys and values are needed, of as many channels for every head");
    return {0, 0, 1, 1};
  }
  const int64_t images = shape.front(), rows = sizeOf(x) / shape.back();
  return {images, images == 0 ? 0 : rows / images, heads, shape.back() / 3 / heads};
}

void attentionKernel(void* heads, TF_OpKernelContext* context) {
  Call call(context);
  TF_Tensor* x = call.input(0);
  if (!call.fine()) return;
  const Heads h = headsOf(call, *static_cast<int32_t*>(heads), x);
  std::vector<int64_t> shape = shapeOf(x);
  if (call.fine()) shape.back() = h.channels();
  TF_Tensor* y = call.fine() ? call.output(0, shape) : nullptr;
  if (!call.fine()) return;
  overHeads(h, [&](int64_t at, int64_t found) { attendInHead(h, floats(x) + at, floats(y) + found); });
}

void attentionGradientKernel(void* heads, TF_OpKernelContext* context) {
  Call call(context);
  TF_Tensor *x = call.input(0), *dy = call.input(1);
  if (!call.fine()) return;
  const Heads h = headsOf(call, *static_cast<int32_t*>(heads), x);
  if (call.fine() && 3 * sizeOf(dy) != sizeOf(x)) call.refuse("the gradient has another size");
  TF_Tensor* dx = call.fine() ? call.output(0, shapeOf(x)) : nullptr;
  if (!call.fine()) return;
  overHeads(h, [&](int64_t at, int64_t found) {
    attendGradientInHead(h, floats(x) + at, floats(dy) + found, floats(dx) + at);
  });
}

void* makeNorm(TF_OpKernelConstruction* construction) {
  return new Norm{integerOf(construction, "groups"), integerOf(construction, "activation"),
                  integerOf(construction, "learned"), integerOf(construction, "maps"),
                  floatOf(construction, "epsilon"), floatOf(construction, "slope")};
}

void deleteNorm(void* norm) { delete static_cast<Norm*>(norm); }

// What a normalization is given: images, and a list of the learned scale and shift, if there are, and of what steers it,
// with a kernel and a bias for each.
struct NormInputs {
  Layout layout = {0, 0, 1};
  std::vector<float> ones, zeros;
  std::unique_ptr<Steering> steering;
  NormCall call(TF_Tensor* x) const { return {layout, steering->scale(), steering->shift(), floats(x)}; }
};

void readNorm(Call& call, const Norm& norm, TF_Tensor* x, const std::vector<TF_Tensor*>& affine, NormInputs& inputs) {
  if (!call.fine()) return;
  const std::vector<int64_t> shape = shapeOf(x);
  if (shape.size() < 2 || shape.back() < 1) return call.refuse("images are needed");
  const int64_t images = shape.front(), channels = shape.back(), size = sizeOf(x);
  if (norm.groups < 1 || channels % norm.groups != 0) return call.refuse("groups do not divide the channels");
  const size_t learned = norm.learned != 0 ? 2 : 0;
  if (norm.maps < 0 || affine.size() != learned + 3 * size_t(norm.maps)) return call.refuse("the list is too short");
  inputs.layout = Layout(images, size == 0 ? 0 : size / images / channels, channels);
  inputs.ones.assign(learned != 0 ? 0 : channels, 1.0f);
  inputs.zeros.assign(learned != 0 ? 0 : channels, 0.0f);
  const auto perChannel = [&](size_t at, const std::vector<float>& otherwise) -> PerChannel {
    if (learned == 0) return {otherwise.data(), 0};
    const int64_t count = sizeOf(affine[at]);
    if (count != channels && count != images * channels) call.refuse("values per channel are needed");
    return {floats(affine[at]), count == channels && TF_NumDims(affine[at]) == 1 ? 0 : channels};
  };
  const PerChannel scale = perChannel(0, inputs.ones), shift = perChannel(1, inputs.zeros);
  std::vector<SteeringMap> maps;
  for (size_t at = learned; at < affine.size(); at += 3) {
    TF_Tensor *values = affine[at], *kernel = affine[at + 1], *bias = affine[at + 2];
    const int64_t outs = sizeOf(bias);
    const bool fits = TF_NumDims(values) == 2 && TF_Dim(values, 0) == images && TF_NumDims(kernel) == 2 &&
                      TF_Dim(kernel, 0) == TF_Dim(values, 1) && TF_Dim(kernel, 1) == outs &&
                      (outs == channels || outs == 2 * channels);
    if (!fits) return call.refuse("a map does not fit what steers or the channels");
    maps.push_back({floats(values), floats(kernel), floats(bias), TF_Dim(values, 1), outs == 2 * channels});
  }
  if (call.fine()) inputs.steering.reset(new Steering(images, channels, scale, shift, std::move(maps)));
}

void normKernel(void* settings, TF_OpKernelContext* context) {
  const Norm& norm = *static_cast<Norm*>(settings);
  Call call(context);
  TF_Tensor* x = call.input(0);
  NormInputs inputs;
  readNorm(call, norm, x, call.inputsFrom(1), inputs);
  TF_Tensor* y = call.fine() ? call.output(0, shapeOf(x)) : nullptr;
  if (call.fine()) normalize(inputs.call(x), norm, floats(y));
}

// The gradient of a value per channel, from that for each image.
void gather(const std::vector<float>& each, const Layout& layout, TF_Tensor* values) {
  if (TF_NumDims(values) == 1) addRows(each.data(), floats(values), layout.images, layout.channels);
  else std::copy(each.begin(), each.end(), floats(values));
}

void normGradientKernel(void* settings, TF_OpKernelContext* context) {
  const Norm& norm = *static_cast<Norm*>(settings);
  Call call(context);
  TF_Tensor *x = call.input(0), *dy = call.input(1);
  const std::vector<TF_Tensor*> affine = call.inputsFrom(2);
  NormInputs inputs;
  readNorm(call, norm, x, affine, inputs);
  if (call.fine() && sizeOf(x) != sizeOf(dy)) call.refuse("the gradient has another size");
  TF_Tensor* dx = call.fine() ? call.output(0, shapeOf(x)) : nullptr;
  std::vector<TF_Tensor*> daffine;
  for (size_t at = 0; call.fine() && at < affine.size(); at++)
    daffine.push_back(call.output(int(at) + 1, shapeOf(affine[at])));
  if (!call.fine()) return;
  std::vector<float> dscale(inputs.layout.images * inputs.layout.channels), dshift(dscale.size());
  normalizeGradient(inputs.call(x), norm, floats(dy), floats(dx), dscale.data(), dshift.data());
  const size_t learned = norm.learned != 0 ? 2 : 0;
  std::vector<MapGradients> maps;
  for (size_t at = learned; at < affine.size(); at += 3)
    maps.push_back({floats(daffine[at]), floats(daffine[at + 1]), floats(daffine[at + 2])});
  inputs.steering->gradients(dscale.data(), dshift.data(), maps);
  if (learned == 0) return;
  gather(dscale, inputs.layout, daffine[0]);
  gather(dshift, inputs.layout, daffine[1]);
}

void adamKernel(void*, TF_OpKernelContext* context) {
  Call call(context);
  TF_Tensor* settings = call.input(0);
  const Lists lists(call, 1, 4, 3);
  if (!call.fine()) return;
  const float* s = floats(settings);
  lists.overParts([&](int64_t, const Part& part) {
    const float *own = s + 4 + 2 * part.tensor;
    adam(lists.at(0, part), lists.at(1, part), lists.at(2, part), lists.at(3, part), lists.at(4, part),
         lists.at(5, part), lists.at(6, part), part.count, s[0], s[1], s[2], s[3], own[0], own[1]);
  });
}

void blendKernel(void*, TF_OpKernelContext* context) {
  Call call(context);
  TF_Tensor* share = call.input(0);
  const Lists lists(call, 1, 2, 1);
  if (!call.fine()) return;
  lists.overParts([&](int64_t, const Part& part) {
    blend(lists.at(0, part), lists.at(1, part), lists.at(2, part), part.count, floats(share)[0]);
  });
}

void scaleKernel(void*, TF_OpKernelContext* context) {
  Call call(context);
  TF_Tensor* factor = call.input(0);
  const Lists lists(call, 1, 1, 1);
  if (!call.fine()) return;
  lists.overParts([&](int64_t, const Part& part) {
    scale(lists.at(0, part), lists.at(1, part), part.count, floats(factor)[0]);
  });
}

void sumOfSquaresKernel(void*, TF_OpKernelContext* context) {
  Call call(context);
  const Lists lists(call, 0, 1, 0);
  TF_Tensor* sum = call.fine() ? call.output(0, {}) : nullptr;
  if (!call.fine()) return;
  std::vector<double> sums(lists.parts());
  lists.overParts([&](int64_t unit, const Part& part) { sums[unit] = sumOfSquares(lists.at(0, part), part.count); });
  double all = 0;
  for (double one : sums) all += one;
  *floats(sum) = float(all);
}
`;
