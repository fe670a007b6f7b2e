/** Sums and means along neighboring axes, in double precision: those of TensorFlow are in float32, one value after another. */
export const sumsSource: string = `// Sums of each of some columns of rows that are stride apart.
FOR_EVERY_PROCESSOR void addColumns(const float* x, int64_t rows, int64_t stride, int64_t columns, double* sums) {
  for (int64_t row = 0; row < rows; row++, x += stride)
    for (int64_t c = 0; c < columns; c++) sums[c] += x[c];
}

FOR_EVERY_PROCESSOR double sumOf(const float* x, int64_t count) {
  double sums[16] = {0};
  int64_t i = 0;
  for (; i + 16 <= count; i += 16)
    for (int64_t lane = 0; lane < 16; lane++) sums[lane] += x[i + lane];
  for (; i < count; i++) sums[0] += x[i];
  double sum = 0;
  for (double lane : sums) sum += lane;
  return sum;
}

void addTerms(const float* x, int64_t terms, int64_t stride, int64_t columns, double* sums) {
  if (stride == 1) sums[0] += sumOf(x, terms);
  else addColumns(x, terms, stride, columns, sums);
}

// Values as outer * terms * inner, of which the terms are added up.
void sumTerms(const float* x, float* y, int64_t outer, int64_t terms, int64_t inner, double factor) {
  constexpr int64_t kColumns = 256;
  const int64_t chunks = (inner + kColumns - 1) / kColumns, widest = std::min(inner, kColumns);
  // So many terms are one unit of work, or so many results where these have few terms.
  const int64_t rows = std::min(terms, std::max<int64_t>(16, kBlock / widest));
  const int64_t blocks = (terms + rows - 1) / rows, results = outer * chunks;
  const int64_t group = blocks > 1 ? 1 : std::max<int64_t>(1, kBlock / (terms * widest));
  std::vector<double> parts(blocks > 1 ? results * blocks * widest : 0);
  Team::instance().run(blocks > 1 ? results * blocks : (results + group - 1) / group, [&](int64_t unit) {
    const int64_t from = blocks > 1 ? unit / blocks : unit * group, block = blocks > 1 ? unit % blocks : 0;
    for (int64_t result = from; result < std::min(results, from + group); result++) {
      double own[kColumns];
      const int64_t o = result / chunks, first = result % chunks * kColumns;
      const int64_t columns = std::min(kColumns, inner - first), start = block * rows;
      double* sums = blocks > 1 ? &parts[unit * widest] : own;
      std::fill(sums, sums + columns, 0.0);
      addTerms(x + (o * terms + start) * inner + first, std::min(rows, terms - start), inner, columns, sums);
      if (blocks == 1)
        for (int64_t c = 0; c < columns; c++) y[o * inner + first + c] = float(sums[c] * factor);
    }
  });
  for (int64_t result = 0; blocks > 1 && result < results; result++) {
    const int64_t first = result % chunks * kColumns, columns = std::min(kColumns, inner - first);
    for (int64_t c = 0; c < columns; c++) {
      double sum = 0;
      for (int64_t block = 0; block < blocks; block++) sum += parts[(result * blocks + block) * widest + c];
      y[result / chunks * inner + first + c] = float(sum * factor);
    }
  }
}

struct Sum {
  int32_t axis, axes, keep, mean;
  float factor;
};

void* makeSum(TF_OpKernelConstruction* construction) {
  return new Sum{integerOf(construction, "axis"), integerOf(construction, "axes"), integerOf(construction, "keep"),
                 integerOf(construction, "mean"), floatOf(construction, "factor")};
}

void deleteSum(void* sum) { delete static_cast<Sum*>(sum); }

void sumKernel(void* settings, TF_OpKernelContext* context) {
  const Sum& sum = *static_cast<Sum*>(settings);
  Call call(context);
  TF_Tensor* x = call.input(0);
  if (!call.fine()) return;
  const std::vector<int64_t> shape = shapeOf(x);
  if (sum.axis < 0 || sum.axes < 1 || size_t(sum.axis) + size_t(sum.axes) > shape.size())
    return call.refuse("there are no such axes");
  int64_t outer = 1, terms = 1, inner = 1;
  std::vector<int64_t> left;
  for (int64_t at = 0; at < int64_t(shape.size()); at++) {
    const bool reduced = at >= sum.axis && at < sum.axis + sum.axes;
    (at < sum.axis ? outer : reduced ? terms : inner) *= shape[at];
    if (!reduced) left.push_back(shape[at]);
    else if (sum.keep != 0) left.push_back(1);
  }
  TF_Tensor* y = call.output(0, left);
  if (!call.fine() || outer * inner == 0) return;
  if (terms == 0) return call.refuse("there is nothing to add up");
  sumTerms(floats(x), floats(y), outer, terms, inner, sum.factor / (sum.mean != 0 ? double(terms) : 1.0));
}
`;
