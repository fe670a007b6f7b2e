/** What convolutions by tiles of 2 × 2 pixels are made of: how values, weights and results are transformed. */
export const tilesSource: string = `// A window of 3 * 3 in steps of one pixel: for each tile of 2 * 2 pixels and pair of channels 16 multiplications where the
// plain way takes 36, and hardly more rounding (Lavin & Gray 2016, "Fast algorithms for convolutional neural networks",
// arXiv:1509.09308, F(2*2, 3*3)): A'((G g G') * (B' d B))A of a filter g and the 4 * 4 pixels d below a tile.
struct Tiles {
  int64_t images, down, across;
  explicit Tiles(const Convolution& c) : images(c.images), down((c.rows + 1) / 2), across((c.columns + 1) / 2) {}
  int64_t all() const { return images * down * across; }
};

// The upper left pixel of a tile of the result, tile after tile.
struct Corner {
  int64_t image, row, column;
  Corner(const Tiles& tiles, int64_t tile)
      : image(tile / tiles.across / tiles.down), row(2 * (tile / tiles.across % tiles.down)),
        column(2 * (tile % tiles.across)) {}
  void next(const Tiles& tiles) {
    column += 2;
    if (column < 2 * tiles.across) return;
    column = 0;
    row += 2;
    if (row < 2 * tiles.down) return;
    row = 0;
    image++;
  }
};

// Fewer tiles are not worth the transformed weights.
constexpr int64_t kFewTiles = 16;

bool isTiled(const Convolution& c) {
  const Geometry& g = c.g;
  return g.tall == 3 && g.wide == 3 && g.step == 1 && g.phases == 1 && c.ins % kLanes == 0 && c.outs % kLanes == 0 &&
         Tiles(c).all() >= kFewTiles;
}

using Pixels = std::vector<const float*>;

// Images whose pixels are listed square by square.
struct Listed {
  const float* images;
  int64_t height, width, channels;
};

// Where the pixels of a square below each tile begin, those outside of an image at zeros.
Pixels listPixels(const Listed& x, const Tiles& tiles, int64_t first, int64_t count, int64_t side, int64_t above,
                  int64_t before, const float* zeros) {
  Pixels pixels(side * side * count);
  const float** to = pixels.data();
  Corner at(tiles, first);
  for (int64_t tile = 0; tile < count; tile++, at.next(tiles)) {
    const int64_t top = at.row - above, left = at.column - before;
    const bool within = left >= 0 && left + side <= x.width;
    const float* from = x.images + ((at.image * x.height + top) * x.width + left) * x.channels;
    for (int64_t row = 0; row < side; row++, from += x.width * x.channels) {
      const bool inside = top + row >= 0 && top + row < x.height;
      for (int64_t column = 0; column < side; column++)
        *to++ = inside && (within || (left + column >= 0 && left + column < x.width)) ? from + column * x.channels
                                                                                     : zeros;
    }
  }
  return pixels;
}

// The 4 * 4 pixels below each tile.
Pixels pixelsBelow(const Convolution& c, const Tiles& tiles, const float* x, const float* zeros, int64_t first,
                   int64_t count) {
  return listPixels({x, c.height, c.width, c.ins}, tiles, first, count, 4, c.g.above, c.g.before, zeros);
}

// What is transformed, for the four places of a row: [place][16 channels][tile][channel]. Places are not a multiple of a
// page apart, or they would share the same few lines of a cache.
constexpr int64_t placeStepOf(int64_t tiles, int64_t channels) { return tiles * channels + kLanes; }

// Row i of B' d B, with B' = [1 0 -1 0; 0 1 1 0; 0 -1 1 0; 0 1 0 -1].
template <bool rectified>
inline __attribute__((always_inline)) void pixelsToPlaces(const Pixels& pixels, int64_t channel, int64_t channels,
                                                          int64_t i, float slope, float* to) {
  const int64_t one = i == 0 ? 0 : i == 2 ? 2 : 1, other = i == 3 ? 3 : i == 2 ? 1 : 2;
  const float sign = i == 1 ? 1.0f : -1.0f;
  const int64_t tiles = int64_t(pixels.size()) / 16, step = placeStepOf(tiles, channels);
  for (int64_t tile = 0; tile < tiles; tile++) {
    const float* const* from = &pixels[16 * tile];
    float* at = to + tile * kLanes;
    for (int64_t c = channel; c < channel + channels; c += kLanes, at += tiles * kLanes) {
      Lanes t[4];
      for (int column = 0; column < 4; column++) {
        Lanes a = lanes(from[4 * one + column] + c), b = lanes(from[4 * other + column] + c);
        if (rectified) {
          a = a > 0.0f ? a : a * slope;
          b = b > 0.0f ? b : b * slope;
        }
        t[column] = a + sign * b;
      }
      lanes(at) = t[0] - t[2];
      lanes(at + step) = t[1] + t[2];
      lanes(at + 2 * step) = t[2] - t[1];
      lanes(at + 3 * step) = t[1] - t[3];
    }
  }
}

// For so many channels from one on.
FOR_EVERY_PROCESSOR void transformPixels(const Pixels& pixels, int64_t channel, int64_t channels, int64_t i,
                                         const Before& before, float* to) {
  if (before.rectified) pixelsToPlaces<true>(pixels, channel, channels, i, before.slope, to);
  else pixelsToPlaces<false>(pixels, channel, channels, i, before.slope, to);
}

// G g G' of weights of 9 taps, step apart, each depth * 16, with G = [1 0 0; 1/2 1/2 1/2; 1/2 -1/2 1/2; 0 0 1].
FOR_EVERY_PROCESSOR void transformWeights(const float* taps, int64_t depth, float factor, float* to,
                                          int64_t placeStep) {
  const int64_t step = depth * kLanes;
  for (int64_t at = 0; at < step; at += kLanes) {
    Lanes rows[4][3];
    for (int column = 0; column < 3; column++) {
      const float* from = taps + column * step + at;
      const Lanes a = lanes(from) * factor, b = lanes(from + 3 * step) * factor, c = lanes(from + 6 * step) * factor;
      rows[0][column] = a;
      rows[1][column] = 0.5f * (a + c) + 0.5f * b;
      rows[2][column] = 0.5f * (a + c) - 0.5f * b;
      rows[3][column] = c;
    }
    for (int row = 0; row < 4; row++) {
      const Lanes ends = 0.5f * (rows[row][0] + rows[row][2]), middle = 0.5f * rows[row][1];
      float* place = to + 4 * row * placeStep + at;
      lanes(place) = rows[row][0];
      lanes(place + placeStep) = ends + middle;
      lanes(place + 2 * placeStep) = ends - middle;
      lanes(place + 3 * placeStep) = rows[row][2];
    }
  }
}
`;
