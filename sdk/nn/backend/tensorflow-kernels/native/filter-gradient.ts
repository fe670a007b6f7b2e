/** The gradients of convolutions by their filters. */
export const filterGradientSource: string = `// Groups of channels one after the other, so that a product of some of them finds its values close together.
constexpr int64_t kTogetherInRow = 8;

FOR_EVERY_PROCESSOR void divide(const float* __restrict line, int64_t pixels, int64_t channels, int64_t group,
                                int64_t groupStep, float* __restrict to) {
  for (int64_t first = 0; first < channels; first += group, to += groupStep)
    for (int64_t pixel = 0; pixel < pixels; pixel++)
      if (group == kTogetherInRow)
        for (int64_t c = 0; c < kTogetherInRow; c++)
          to[pixel * kTogetherInRow + c] = line[pixel * channels + first + c];
      else
        std::copy(line + pixel * channels, line + (pixel + 1) * channels, to + pixel * channels);
}

// Every value below each place of the window times every value at the window, added up over all windows:
// tall * wide * ins * outs sums, the values at the windows outs each.
Room correlate(const Convolution& c, const float* x, const float* atWindows, const Before& before) {
  const Geometry& g = c.g;
  const int64_t across = c.across(), panels = panelsOf(c.outs), perRow = g.wide * c.ins;
  const int64_t size = g.tall * perRow * c.outs;
  // So many rows at once as stay in the cache, and enough that adding to the sums counts for little.
  constexpr int64_t kRoom = 1 << 13, kTerms = 128;
  const int64_t rows = std::min(c.rows, std::max({int64_t(1), kRoom / across, (kTerms + c.columns - 1) / c.columns}));
  const int64_t blocks = (c.rows + rows - 1) / rows, all = c.images * blocks;
  const bool divided = c.ins % kTogetherInRow == 0;
  const int64_t group = divided ? kTogetherInRow : c.ins, line = c.paddedWidth() * group;
  // All below a row of the window lies one after another where nothing is divided.
  const int64_t atOnce = divided ? group : perRow;
  // Sums of their own for so many parts of the images, where they are few; they depend on the shape alone, as the result does.
  constexpr int64_t kSums = 1 << 19, kParts = 8, kPanels = 4;
  const int64_t parts = std::max<int64_t>(1, std::min({kParts, kSums / size, all}));
  // Where there are few units the rows of the window are divided as well, though each has to prepare the images.
  const int64_t panelGroups = (panels + kPanels - 1) / kPanels, tapGroups = parts * panelGroups < kParts ? g.tall : 1;
  const int64_t taps = g.tall / tapGroups, groupStep = ((rows - 1) * g.step + taps) * line;
  Room sums = roomFor(parts * size);
  Team::instance().run(parts * tapGroups * panelGroups, [&](int64_t unit) {
    const int64_t fromPanel = unit % panelGroups * kPanels, toPanel = std::min(panels, fromPanel + kPanels);
    const int64_t firstTap = unit / panelGroups % tapGroups * taps, part = unit / panelGroups / tapGroups;
    float* own = sums.get() + part * size + firstTap * perRow * c.outs;
    const int64_t first = fromPanel * kLanes, until = std::min(c.outs, toPanel * kLanes);
    for (int64_t row = 0; row < taps * perRow; row++)
      std::fill(own + row * c.outs + first, own + row * c.outs + until, 0.0f);
    const Room padded = roomFor(c.ins / group * groupStep), whole = roomFor(across);
    for (int64_t at = part * all / parts; at < (part + 1) * all / parts; at++) {
      const int64_t image = at / blocks, start = at % blocks * rows, many = std::min(rows, c.rows - start);
      for (int64_t row = 0; row < (many - 1) * g.step + taps; row++) {
        padRow(c, x + image * c.height * c.width * c.ins, start * g.step + row + firstTap - g.above, before,
               whole.get());
        divide(whole.get(), c.paddedWidth(), c.ins, group, groupStep, padded.get() + row * line);
      }
      const float* below = atWindows + (image * c.rows + start) * c.columns * c.outs;
      for (int64_t from = 0; from < taps * perRow; from += atOnce) {
        const int64_t tap = from / perRow, column = from % perRow / c.ins, channels = from % c.ins;
        Product product = {padded.get() + channels / group * groupStep + tap * line + column * group, 1,
                           g.step * group, c.columns, below, c.outs, kLanes, own + from * c.outs, c.outs, c.outs};
        product.segments = many;
        product.segmentStep = g.step * line;
        product.added = product.c;
        multiply(product, 0, atOnce, fromPanel, toPanel);
      }
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
