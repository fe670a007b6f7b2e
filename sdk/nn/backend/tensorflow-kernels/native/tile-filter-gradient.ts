/** The gradients of convolutions by their filters, by tiles of 2 × 2 pixels. */
export const tileFilterGradientSource: string = `// Row i of A d A' of the gradient at each tile, with A = [1 0; 1 1; 1 -1; 0 -1].
FOR_EVERY_PROCESSOR void transformGradients(const Pixels& pixels, int64_t channels, int64_t i, float* to) {
  const float above = i == 3 ? 0.0f : 1.0f, below = i == 0 ? 0.0f : i == 1 ? 1.0f : -1.0f;
  const int64_t tiles = int64_t(pixels.size()) / 4, step = placeStepOf(tiles, channels);
  for (int64_t tile = 0; tile < tiles; tile++) {
    const float* const* from = &pixels[4 * tile];
    float* at = to + tile * kLanes;
    for (int64_t c = 0; c < channels; c += kLanes, at += tiles * kLanes) {
      const Lanes left = above * lanes(from[0] + c) + below * lanes(from[2] + c);
      const Lanes right = above * lanes(from[1] + c) + below * lanes(from[3] + c);
      lanes(at) = left;
      lanes(at + step) = left + right;
      lanes(at + 2 * step) = left - right;
      lanes(at + 3 * step) = -right;
    }
  }
}

// G' s G of the sums of each place for some values of a tap, times a factor, those of parts of the images added up first.
FOR_EVERY_PROCESSOR void foldTiles(const float* sums, int64_t parts, int64_t each, int64_t from, int64_t to,
                                   float factor, float* taps) {
  for (int64_t at = from; at < to; at += kLanes) {
    Lanes rows[3][4];
    for (int column = 0; column < 4; column++) {
      Lanes places[4];
      for (int row = 0; row < 4; row++) {
        const float* one = sums + (4 * row + column) * each + at;
        places[row] = lanes(one);
        for (int64_t part = 1; part < parts; part++) places[row] += lanes(one + part * 16 * each);
      }
      const Lanes both = 0.5f * (places[1] + places[2]);
      rows[0][column] = places[0] + both;
      rows[1][column] = 0.5f * (places[1] - places[2]);
      rows[2][column] = places[3] + both;
    }
    for (int row = 0; row < 3; row++) {
      const Lanes* r = rows[row];
      const Lanes both = 0.5f * (r[1] + r[2]);
      float* tap = taps + 3 * row * each + at;
      lanes(tap) = (r[0] + both) * factor;
      lanes(tap + each) = 0.5f * (r[1] - r[2]) * factor;
      lanes(tap + 2 * each) = (r[3] + both) * factor;
    }
  }
}

// The transpose by the filter of a convolution by tiles: G'(sum over tiles of (A dy A') * (B' d B))G.
void correlateTiles(const Convolution& c, const float* x, const float* dy, const Before& before, float factor,
                    float* dfilter) {
  constexpr int64_t kRoom = 25000, kLeast = 24, kMost = 120, kSums = 1 << 19, kParts = 16, kChannels = 96, kUnits = 8;
  const Tiles tiles(c);
  const int64_t panels = c.outs / kLanes, groups = c.ins / kLanes, each = c.ins * c.outs;
  // Divided into as many channels as leave the sums in a cache; sums of their own for so many parts of the tiles, where
  // they are few, and rows of places apart where there are few parts. All depend on the shape alone, as the result does.
  const int64_t divided = (c.ins + kChannels - 1) / kChannels, widest = (groups + divided - 1) / divided * kLanes;
  const int64_t atOnce = std::min(kMost, std::max(kLeast, kRoom / (widest + c.outs) / 8 * 8));
  const int64_t blocks = (tiles.all() + atOnce - 1) / atOnce;
  const int64_t parts = std::max<int64_t>(1, std::min({kParts, kSums / (16 * each), blocks}));
  const int64_t rowsApart = parts * divided < kUnits ? 4 : 1, rows = 4 / rowsApart;
  const Room sums = roomFor(parts * 16 * each);
  const std::vector<float> zeros(std::max(c.ins, c.outs));
  Team::instance().run(parts * divided * rowsApart, [&](int64_t unit) {
    const int64_t part = unit / rowsApart / divided, division = unit / rowsApart % divided;
    const int64_t channel = division * groups / divided * kLanes;
    const int64_t channels = (division + 1) * groups / divided * kLanes - channel, start = part * blocks / parts;
    const Room values = roomFor(4 * placeStepOf(atOnce, channels)), factors = roomFor(4 * placeStepOf(atOnce, c.outs));
    for (int64_t block = start; block < (part + 1) * blocks / parts; block++) {
      const int64_t first = block * atOnce, count = std::min(atOnce, tiles.all() - first);
      const Pixels below = pixelsBelow(c, tiles, x, zeros.data(), first, count);
      const Pixels above = listPixels({dy, c.rows, c.columns, c.outs}, tiles, first, count, 2, 0, 0, zeros.data());
      for (int64_t i = unit % rowsApart * rows; i < (unit % rowsApart + 1) * rows; i++) {
        transformPixels(below, channel, channels, i, before, values.get());
        transformGradients(above, c.outs, i, factors.get());
        for (int64_t j = 0; j < 4; j++)
          for (int64_t from = 0; from < channels; from += kLanes) {
            Product product = {values.get() + j * placeStepOf(count, channels) + from * count, 1, kLanes, count,
                               factors.get() + j * placeStepOf(count, c.outs), kLanes, count * kLanes,
                               sums.get() + (part * 16 + 4 * i + j) * each + (channel + from) * c.outs, c.outs, c.outs};
            product.added = block == start ? nullptr : product.c;
            multiply(product, 0, kLanes, 0, panels);
          }
      }
    }
  });
  overBlocks(each, [&](int64_t from, int64_t count) {
    foldTiles(sums.get(), parts, each, from, from + count, factor, dfilter);
  });
}
`;
