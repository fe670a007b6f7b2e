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

void addBiasKernel(void*, TF_OpKernelContext* context) {
  Call call(context);
  TF_Tensor *x = call.input(0), *bias = call.input(1);
  const int64_t channels = call.fine() ? sizeOf(bias) : 1;
  if (call.fine() && (TF_NumDims(x) < 1 || TF_Dim(x, TF_NumDims(x) - 1) != channels))
    call.refuse("a value per channel is needed");
  TF_Tensor* y = call.fine() ? call.output(0, shapeOf(x)) : nullptr;
  if (!call.fine() || channels == 0) return;
  const Layout layout(1, sizeOf(x) / channels, channels);
  Team::instance().run(layout.blocks, [&](int64_t block) {
    const int64_t start = layout.start(0, block);
    addToRows(floats(x) + start, floats(bias), floats(y) + start, layout.rowsOf(block), channels);
  });
}

void* makeNorm(TF_OpKernelConstruction* construction) {
  Norm* norm = new Norm();
  TF_Status* status = TF_NewStatus();
  TF_OpKernelConstruction_GetAttrInt32(construction, "groups", &norm->groups, status);
  TF_OpKernelConstruction_GetAttrInt32(construction, "activation", &norm->activation, status);
  TF_OpKernelConstruction_GetAttrFloat(construction, "epsilon", &norm->epsilon, status);
  TF_OpKernelConstruction_GetAttrFloat(construction, "slope", &norm->slope, status);
  TF_DeleteStatus(status);
  return norm;
}

void deleteNorm(void* norm) { delete static_cast<Norm*>(norm); }

NormCall normCall(Call& call, const Norm& norm, TF_Tensor* x, TF_Tensor* scale, TF_Tensor* shift) {
  const std::vector<int64_t> shape = call.fine() ? shapeOf(x) : std::vector<int64_t>();
  if (!call.fine() || shape.size() < 2) {
    if (call.fine()) call.refuse("images are needed");
    return {Layout(0, 0, 1), {nullptr, 0}, {nullptr, 0}, nullptr};
  }
  const int64_t images = shape.front(), channels = shape.back(), size = sizeOf(x);
  auto perChannel = [&](TF_Tensor* values) -> PerChannel {
    const int64_t count = sizeOf(values);
    if (count != channels && count != images * channels) call.refuse("values per channel are needed");
    return {floats(values), count == channels && TF_NumDims(values) == 1 ? 0 : channels};
  };
  if (channels < 1 || norm.groups < 1 || channels % norm.groups != 0) call.refuse("groups do not divide the channels");
  const PerChannel byScale = perChannel(scale), byShift = perChannel(shift);
  return {Layout(images, size == 0 ? 0 : size / images / channels, channels), byScale, byShift, floats(x)};
}

void normKernel(void* settings, TF_OpKernelContext* context) {
  const Norm& norm = *static_cast<Norm*>(settings);
  Call call(context);
  TF_Tensor *x = call.input(0), *scale = call.input(1), *shift = call.input(2);
  const NormCall inputs = normCall(call, norm, x, scale, shift);
  TF_Tensor* y = call.fine() ? call.output(0, shapeOf(x)) : nullptr;
  if (call.fine()) normalize(inputs, norm, floats(y));
}

void normGradientKernel(void* settings, TF_OpKernelContext* context) {
  const Norm& norm = *static_cast<Norm*>(settings);
  Call call(context);
  TF_Tensor *x = call.input(0), *scale = call.input(1), *shift = call.input(2), *dy = call.input(3);
  const NormCall inputs = normCall(call, norm, x, scale, shift);
  if (call.fine() && sizeOf(x) != sizeOf(dy)) call.refuse("the gradient has another size");
  if (!call.fine()) return;
  const std::vector<int64_t> perChannel = {inputs.layout.images, inputs.layout.channels};
  TF_Tensor *dx = call.output(0, shapeOf(x)), *dscale = call.output(1, perChannel),
            *dshift = call.output(2, perChannel);
  if (call.fine()) normalizeGradient(inputs, norm, floats(dy), floats(dx), floats(dscale), floats(dshift));
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
