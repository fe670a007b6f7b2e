/** Attention from queries, keys and values side by side, and its gradient. */
export const attentionSource: string = `// Queries, keys and values of every head side by side: images * positions * (3 * heads * size).
struct Heads {
  int64_t images, positions, heads, size;
  int64_t channels() const { return heads * size; }
  int64_t step() const { return 3 * channels(); }
  int64_t wide() const { return panelsOf(positions) * kLanes; }
  int64_t deep() const { return panelsOf(size) * kLanes; }
  float scale() const { return 1.0f / std::sqrt(float(size)); }
};

// So many queries are worked on at once: what they find alike then stays in the nearest cache.
constexpr int64_t kQueries = kTile;

// Rows of products to shares that add up to 1: e^(scale (x - largest)) over their sum.
FOR_EVERY_PROCESSOR void toShares(float* x, int64_t rows, int64_t positions, int64_t wide, float scale) {
  for (int64_t row = 0; row < rows; row++, x += wide) {
    float most[kLanes];
    for (int64_t lane = 0; lane < kLanes; lane++) most[lane] = x[0];
    int64_t i = 0;
    for (; i + kLanes <= positions; i += kLanes)
      for (int64_t lane = 0; lane < kLanes; lane++) most[lane] = most[lane] > x[i + lane] ? most[lane] : x[i + lane];
    for (; i < positions; i++) most[0] = most[0] > x[i] ? most[0] : x[i];
    float largest = most[0];
    for (float one : most) largest = largest > one ? largest : one;
    for (i = 0; i < positions; i++) x[i] = power((x[i] - largest) * scale);
    float sums[kLanes] = {0};
    for (i = 0; i + kLanes <= positions; i += kLanes)
      for (int64_t lane = 0; lane < kLanes; lane++) sums[lane] += x[i + lane];
    for (; i < positions; i++) sums[0] += x[i];
    float sum = 0.0f;
    for (float one : sums) sum += one;
    const float share = 1.0f / sum;
    for (i = 0; i < positions; i++) x[i] *= share;
  }
}

// From the gradient by the shares, in dx, to that by the products.
FOR_EVERY_PROCESSOR void throughShares(const float* shares, float* dx, int64_t rows, int64_t positions, int64_t wide,
                                       float scale) {
  for (int64_t row = 0; row < rows; row++, shares += wide, dx += wide) {
    float sums[kLanes] = {0};
    int64_t i = 0;
    for (; i + kLanes <= positions; i += kLanes)
      for (int64_t lane = 0; lane < kLanes; lane++) sums[lane] += shares[i + lane] * dx[i + lane];
    for (; i < positions; i++) sums[0] += shares[i] * dx[i];
    float sum = 0.0f;
    for (float one : sums) sum += one;
    for (i = 0; i < positions; i++) dx[i] = scale * shares[i] * (dx[i] - sum);
  }
}

void attendInHead(const Heads& h, const float* queries, float* found) {
  const int64_t step = h.step(), wide = h.wide();
  const float *keys = queries + h.channels(), *values = keys + h.channels();
  const Room keyPanels = roomFor(h.size * wide), valuePanels = roomFor(h.positions * h.deep()),
             shares = roomFor(kQueries * wide);
  pack(keys, 1, step, h.size, h.positions, keyPanels.get());
  pack(values, step, 1, h.positions, h.size, valuePanels.get());
  for (int64_t first = 0; first < h.positions; first += kQueries) {
    const int64_t rows = std::min(kQueries, h.positions - first);
    multiply(productOf(queries + first * step, step, h.size, keyPanels.get(), shares.get(), wide, h.positions), 0,
             rows, 0, panelsOf(h.positions));
    toShares(shares.get(), rows, h.positions, wide, h.scale());
    multiply(productOf(shares.get(), wide, h.positions, valuePanels.get(), found + first * h.channels(), h.channels(),
                       h.size),
             0, rows, 0, panelsOf(h.size));
  }
}

// The shares are computed again, block by block of queries: to keep them takes more memory than all else.
void attendGradientInHead(const Heads& h, const float* queries, const float* dfound, float* dqueries) {
  const int64_t step = h.step(), wide = h.wide(), deep = h.deep(), channels = h.channels();
  const int64_t across = panelsOf(h.positions), along = panelsOf(h.size);
  const float *keys = queries + channels, *values = keys + channels;
  float *dkeys = dqueries + channels, *dvalues = dkeys + channels;
  const Room keysAcross = roomFor(h.size * wide), valuesAcross = roomFor(h.size * wide),
             keysAlong = roomFor(h.positions * deep), shares = roomFor(kQueries * wide),
             slopes = roomFor(kQueries * wide), queryRows = roomFor(kQueries * deep),
             dfoundRows = roomFor(kQueries * deep);
  pack(keys, 1, step, h.size, h.positions, keysAcross.get());
  pack(values, 1, step, h.size, h.positions, valuesAcross.get());
  pack(keys, step, 1, h.positions, h.size, keysAlong.get());
  for (int64_t first = 0; first < h.positions; first += kQueries) {
    const int64_t rows = std::min(kQueries, h.positions - first);
    const float *q = queries + first * step, *d = dfound + first * channels;
    multiply(productOf(q, step, h.size, keysAcross.get(), shares.get(), wide, h.positions), 0, rows, 0, across);
    toShares(shares.get(), rows, h.positions, wide, h.scale());
    multiply(productOf(d, channels, h.size, valuesAcross.get(), slopes.get(), wide, h.positions), 0, rows, 0, across);
    throughShares(shares.get(), slopes.get(), rows, h.positions, wide, h.scale());
    multiply(productOf(slopes.get(), wide, h.positions, keysAlong.get(), dqueries + first * step, step, h.size), 0,
             rows, 0, along);
    pack(q, step, 1, rows, h.size, queryRows.get());
    pack(d, channels, 1, rows, h.size, dfoundRows.get());
    // Columns of the blocks as rows: what each position gives to all queries.
    auto given = [&](const float* block, const float* panels, float* to) {
      Product product = productOf(block, 1, rows, panels, to, step, h.size);
      product.depthStep = wide;
      product.added = first == 0 ? nullptr : to;
      multiply(product, 0, h.positions, 0, along);
    };
    given(slopes.get(), queryRows.get(), dkeys);
    given(shares.get(), dfoundRows.get(), dvalues);
  }
}

// Head by head of each image.
template <class Each>
void overHeads(const Heads& h, const Each& each) {
  const auto one = [&](int64_t unit) {
    const int64_t image = unit / h.heads, head = unit % h.heads, row = image * h.positions;
    each(row * h.step() + head * h.size, row * h.channels() + head * h.size);
  };
  const int64_t units = h.images * h.heads;
  overUnits(units * h.positions * h.positions * h.size, units, one);
}
`;
