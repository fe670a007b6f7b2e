/** The operations, from their inputs to their outputs. */
export const operationsSource: string = `void siluKernel(void*, TF_OpKernelContext* context) {
  Call call(context);
  TF_Tensor* x = call.input(0);
  TF_Tensor* y = call.fine() ? call.output(0, shapeOf(x)) : nullptr;
  if (!call.fine()) return;
  overBlocks(sizeOf(x), [&](int64_t from, int64_t count) { silu(floats(x) + from, floats(y) + from, count); });
}

void siluGradientKernel(void*, TF_OpKernelContext* context) {
  Call call(context);
  TF_Tensor *x = call.input(0), *dy = call.input(1);
  if (call.fine() && sizeOf(x) != sizeOf(dy)) call.refuse("the gradient has another size");
  TF_Tensor* dx = call.fine() ? call.output(0, shapeOf(x)) : nullptr;
  if (!call.fine()) return;
  overBlocks(sizeOf(x), [&](int64_t from, int64_t count) {
    siluGradient(floats(x) + from, floats(dy) + from, floats(dx) + from, count);
  });
}

void* makeSlope(TF_OpKernelConstruction* construction) { return new float(floatOf(construction, "slope")); }

void deleteSlope(void* slope) { delete static_cast<float*>(slope); }

void leakyReluGradientKernel(void* slope, TF_OpKernelContext* context) {
  Call call(context);
  TF_Tensor *x = call.input(0), *dy = call.input(1);
  if (call.fine() && sizeOf(x) != sizeOf(dy)) call.refuse("the gradient has another size");
  TF_Tensor* dx = call.fine() ? call.output(0, shapeOf(x)) : nullptr;
  if (!call.fine()) return;
  overBlocks(sizeOf(x), [&](int64_t from, int64_t count) {
    leakyReluGradient(floats(x) + from, floats(dy) + from, floats(dx) + from, count, *static_cast<float*>(slope));
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

void* makeConvolution(TF_OpKernelConstruction* construction) {
  return new int32_t(integerOf(construction, "same"));
}

// A convolution of step 1, 'same' or 'valid', with a bias and what is added.
void convolveKernel(void* same, TF_OpKernelContext* context) {
  Call call(context);
  TF_Tensor *x = call.input(0), *filter = call.input(1), *bias = call.input(2);
  TF_Tensor* added = call.inputs() > 3 ? call.input(3) : nullptr;
  if (!call.fine()) return;
  if (TF_NumDims(x) != 4 || TF_NumDims(filter) != 4 || TF_Dim(x, 3) != TF_Dim(filter, 2) ||
      sizeOf(bias) != TF_Dim(filter, 3) || sizeOf(filter) == 0)
    return call.refuse("the filter does not fit the images or the bias");
  Window w = {TF_Dim(x, 0),      TF_Dim(x, 1),      TF_Dim(x, 2), TF_Dim(x, 3), TF_Dim(filter, 3),
              TF_Dim(filter, 0), TF_Dim(filter, 1), 0,            0,            TF_Dim(x, 1),
              TF_Dim(x, 2)};
  if (*static_cast<int32_t*>(same) != 0) {
    w.above = (w.tall - 1) / 2;
    w.before = (w.wide - 1) / 2;
  } else {
    w.outHeight -= w.tall - 1;
    w.outWidth -= w.wide - 1;
  }
  if (w.outHeight < 1 || w.outWidth < 1) return call.refuse("the images are smaller than the window");
  const std::vector<int64_t> shape = {w.images, w.outHeight, w.outWidth, w.outs};
  if (added != nullptr && shapeOf(added) != shape) return call.refuse("what is added has another size");
  TF_Tensor* y = call.output(0, shape);
  if (!call.fine()) return;
  const float* more = added == nullptr ? nullptr : floats(added);
  if (w.tall == 1 && w.wide == 1)
    linear(floats(x), floats(filter), floats(bias), more, floats(y), w.images * w.height * w.width, w.ins, w.outs);
  else
    convolve(w, floats(x), floats(filter), floats(bias), more, floats(y));
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
