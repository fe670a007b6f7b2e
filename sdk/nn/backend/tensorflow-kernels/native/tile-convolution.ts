/** Convolutions by tiles of 2 × 2 pixels. */
export const tileConvolutionSource: string = `// Transformed weights, a set for each place. Turned ones go from the outputs of the filter to its inputs.
class TileWeights : public PanelSets {
 public:
  TileWeights(const Filter& f, const Convolution& c, bool turned, float factor)
      : PanelSets(16, c.outs / kLanes, c.ins * kLanes) {
    overUnits(9 * panels_ * panel_, panels_, [&](int64_t panel) {
      const Room taps = roomFor(9 * panel_);
      for (int64_t tap = 0; tap < 9; tap++) {
        const float* from = f.values + (turned ? 8 - tap : tap) * f.each();
        if (turned) pack(from + panel * kLanes * f.outs, 1, f.outs, c.ins, kLanes, taps.get() + tap * panel_);
        else pack(from + panel * kLanes, f.outs, 1, c.ins, kLanes, taps.get() + tap * panel_);
      }
      transformWeights(taps.get(), c.ins, factor, values_.get() + panel * panel_, panels_ * panel_);
    });
  }
};

// What comes of each place for some tiles and panels, small enough to stay in the nearest cache.
constexpr int64_t kTilesAtOnce = 12, kPanelsAtOnce = 2, kSumsAcross = kPanelsAtOnce * kLanes,
                  kSumStep = placeStepOf(kTilesAtOnce, kSumsAcross);

// A' m A of the sums of each place, with A' = [1 1 1 0; 0 1 -1 -1], and what comes after, for channels of the result.
FOR_EVERY_PROCESSOR void finishTiles(const Convolution& c, const Tiles& tiles, const float* sums, int64_t first,
                                     int64_t count, int64_t channel, int64_t channels, const After& after, float* y) {
  Corner at(tiles, first);
  for (int64_t tile = 0; tile < count; tile++, at.next(tiles)) {
    const int64_t below = at.row + 1 < c.rows ? 2 : 1, beside = at.column + 1 < c.columns ? 2 : 1;
    for (int64_t across = 0; across < channels; across += kLanes) {
      const float* from = sums + tile * kSumsAcross + across;
      Lanes rows[2][4];
      for (int column = 0; column < 4; column++, from += kSumStep) {
        const Lanes one = lanes(from + 4 * kSumStep), two = lanes(from + 8 * kSumStep);
        rows[0][column] = lanes(from) + (one + two);
        rows[1][column] = (one - two) - lanes(from + 12 * kSumStep);
      }
      for (int64_t row = 0; row < below; row++)
        for (int64_t column = 0; column < beside; column++) {
          const Lanes* r = rows[row];
          Lanes value = column == 0 ? r[0] + (r[1] + r[2]) : (r[1] - r[2]) - r[3];
          const int64_t to =
              ((at.image * c.rows + at.row + row) * c.columns + at.column + column) * c.outs + channel + across;
          if (after.bias != nullptr) value += lanes(after.bias + channel + across);
          if (after.added != nullptr) value += lanes(after.added + to);
          value *= after.factor;
          if (after.mask != nullptr) value = lanes(after.mask + to) > 0.0f ? value : value * after.slope;
          lanes(y + to) = value;
        }
    }
  }
}

// For each of the 16 places of a tile a product of matrices, of so many tiles as stay in a cache.
void convolveTiles(const Convolution& c, const float* x, const TileWeights& weights, const Before& before,
                   const After& after, float* y) {
  constexpr int64_t kRoom = 1 << 17, kMost = 4 * kTilesAtOnce;
  const Tiles tiles(c);
  const int64_t fitting = kRoom / (16 * c.ins) / kTilesAtOnce * kTilesAtOnce, panels = weights.panels();
  const int64_t each = std::min({kMost, tiles.all(), std::max(kTilesAtOnce, fitting)});
  const int64_t blocks = (tiles.all() + each - 1) / each, pairs = (panels + kPanelsAtOnce - 1) / kPanelsAtOnce;
  // Where there are few blocks for the threads each takes its share of the panels.
  Team& team = Team::instance();
  const int64_t apart = blocks >= 4 * team.size() ? 1 : std::min(pairs, (4 * team.size() + blocks - 1) / blocks);
  const std::vector<float> zeros(c.ins);
  team.run(blocks * apart, [&](int64_t unit) {
    const int64_t group = unit % apart, first = unit / apart * each, count = std::min(each, tiles.all() - first);
    const int64_t step = placeStepOf(count, c.ins);
    const Room values = roomFor(16 * step), sums = roomFor(16 * kSumStep);
    const Pixels pixels = pixelsBelow(c, tiles, x, zeros.data(), first, count);
    for (int64_t i = 0; i < 4; i++) transformPixels(pixels, 0, c.ins, i, before, values.get() + 4 * i * step);
    for (int64_t pair = group * pairs / apart; pair < (group + 1) * pairs / apart; pair++) {
      const int64_t panel = pair * kPanelsAtOnce, across = std::min(kPanelsAtOnce, panels - panel);
      Product product = productOf(nullptr, kLanes, kLanes, nullptr, nullptr, kSumsAcross, across * kLanes);
      product.panelStep = weights.panelStep();
      product.segments = c.ins / kLanes;
      product.segmentStep = count * kLanes;
      for (int64_t from = 0; from < count; from += kTilesAtOnce) {
        const int64_t some = std::min(kTilesAtOnce, count - from);
        for (int64_t place = 0; place < 16; place++) {
          product.a = values.get() + place * step + from * kLanes;
          product.b = weights.of(place) + panel * weights.panelStep();
          product.c = sums.get() + place * kSumStep;
          multiply(product, 0, some, 0, across);
        }
        finishTiles(c, tiles, sums.get(), first + from, some, panel * kLanes, across * kLanes, after, y);
      }
    }
  });
}

// By tiles or as it is, with the weights of a filter or those of its transpose.
void convolveBy(const Filter& f, bool turned, float factor, const Convolution& c, const float* x, const Before& before,
                const After& after, float* y) {
  if (isTiled(c)) convolveTiles(c, x, TileWeights(f, c, turned, factor), before, after, y);
  else convolve(c, x, Weights(f, c, turned, factor), before, after, y);
}
`;
