/** The gradients of convolutions by their filters. */
export const filterGradientSource: string = `// Every value below each place of the window times every value at the window, added up over all windows:
// tall * wide * ins * outs sums, the values at the windows outs each.
Room correlate(const Convolution& c, const float* x, const float* atWindows, const Before& before) {
  const Geometry& g = c.g;
  const int64_t across = c.across(), panels = panelsOf(c.outs), perRow = g.wide * c.ins;
  const int64_t size = g.tall * perRow * c.outs;
  // So many rows at once as stay in the cache.
  constexpr int64_t kRoom = 1 << 13;
  const int64_t rows = std::min(c.rows, std::max<int64_t>(1, kRoom / across));
  const int64_t blocks = (c.rows + rows - 1) / rows, all = c.images * blocks;
  // Sums of their own for so many parts of the images, where they are few; they depend on the shape alone, as the result does.
  constexpr int64_t kSums = 1 << 19, kParts = 8;
  const int64_t parts = std::max<int64_t>(1, std::min({kParts, kSums / size, all}));
  Room sums = roomFor(parts * size);
  Team::instance().run(parts * g.tall * panels, [&](int64_t unit) {
    const int64_t panel = unit % panels, tap = unit / panels % g.tall, part = unit / panels / g.tall;
    float* own = sums.get() + part * size + tap * perRow * c.outs;
    const int64_t first = panel * kLanes, count = std::min(kLanes, c.outs - first);
    for (int64_t row = 0; row < perRow; row++)
      std::fill(own + row * c.outs + first, own + row * c.outs + first + count, 0.0f);
    const Room padded = roomFor(rows * across);
    for (int64_t at = part * all / parts; at < (part + 1) * all / parts; at++) {
      const int64_t image = at / blocks, start = at % blocks * rows, many = std::min(rows, c.rows - start);
      for (int64_t row = 0; row < many; row++)
        padRow(c, x + image * c.height * c.width * c.ins, (start + row) * g.step + tap - g.above, before,
               padded.get() + row * across);
      Product product = {padded.get(), 1, g.step * c.ins, c.columns,
                         atWindows + (image * c.rows + start) * c.columns * c.outs, c.outs, kLanes, own, c.outs, c.outs};
      product.segments = many;
      product.segmentStep = across;
      product.added = own;
      multiply(product, 0, perRow, panel, panel + 1);
    }
  });
  overBlocks(size, [&](int64_t from, int64_t count) {
    for (int64_t part = 1; part < parts; part++)
      addScaled(sums.get() + part * size + from, sums.get() + from, count, 1.0f);
  });
  return sums;
}

FOR_EVERY_PROCESSOR void addTransposed(const float* __restrict from, float* __restrict to, int64_t rows,
                                       int64_t columns, float factor) {
  for (int64_t column = 0; column < columns; column++)
    for (int64_t row = 0; row < rows; row++) to[column * rows + row] += factor * from[row * columns + column];
}

// From sums for each place of the window to the gradient of each weight, which takes part at up to 2 * 2 of them.
void fold(const float* sums, const Geometry& g, const Filter& f, Resampling resampling, float factor, float* to) {
  const int64_t each = f.each(), span = resampling == kAsIs ? 1 : 2;
  std::fill(to, to + f.tall * f.wide * each, 0.0f);
  for (int64_t k = 0; k < f.tall; k++)
    for (int64_t l = 0; l < f.wide; l++, to += each)
      for (int64_t i = 0; i < span * span; i++) {
        const bool turned = resampling == kDoubled;
        const int64_t row = (turned ? f.tall - 1 - k : k) + i / span;
        const int64_t column = (turned ? f.wide - 1 - l : l) + i % span;
        const float* from = sums + (row * g.wide + column) * each;
        if (turned) addTransposed(from, to, f.outs, f.ins, factor);
        else addScaled(from, to, each, factor);
      }
}
`;
