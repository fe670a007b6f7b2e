/** Convolutions of step 1, with a doubled or halved resolution, what comes before them and what is added to them. */
export const convolutionSource: string = `// How a convolution changes the resolution: images are doubled before it by repeating each value, or what comes of it is
// halved by averaging.
enum Resampling { kAsIs = 0, kDoubled = 1, kHalved = 2 };

// A window over images with zeros around them, so many pixels on from window to window. There may be more pixels of the
// output than windows: then each of phases * phases neighbors has a part of the window, with weights of its own.
struct Geometry {
  int64_t step, tall, wide, above, before, phases;
  int64_t partTall() const { return tall - phases + 1; }
  int64_t partWide() const { return wide - phases + 1; }
};

struct Convolution {
  int64_t images, height, width, ins, outs;
  Geometry g;
  int64_t rows, columns;  // of windows
  int64_t paddedWidth() const { return (columns - 1) * g.step + g.wide; }
  int64_t across() const { return paddedWidth() * ins; }
  int64_t depth() const { return g.partTall() * g.partWide() * ins; }
  bool isPointwise() const { return g.tall == 1 && g.wide == 1 && g.step == 1; }
};

// A doubled image is convolved with sums of the weights in a window of 2 * 2 for each of 4 pixels, and the average of 4
// windows is one window of 4 * 4: both take 4 of 9 products. One is the transpose of the other.
constexpr Geometry kApart = {1, 3, 3, 1, 1, 2}, kTogether = {2, 4, 4, 1, 1, 1};

// The weights along an axis that are added up at a place of the window, of a phase.
struct Taps {
  int64_t from, to;
};

Taps tapsAt(const Geometry& g, int64_t size, int64_t phase, int64_t place) {
  if (g.phases == 2) return place == 0 ? Taps{0, 1 + phase} : Taps{1 + phase, size};
  if (g.step == 2) return {std::max<int64_t>(0, place - 1), std::min(size, place + 1)};
  return {place, place + 1};
}

FOR_EVERY_PROCESSOR void addScaled(const float* __restrict from, float* __restrict to, int64_t count, float factor) {
  for (int64_t i = 0; i < count; i++) to[i] += factor * from[i];
}

// A filter, tall * wide * ins * outs.
struct Filter {
  const float* values;
  int64_t tall, wide, ins, outs;
  int64_t each() const { return ins * outs; }
};

// The weights of every phase and place, of the filter as it is or turned by half.
void compose(const Filter& f, const Geometry& g, bool turned, float factor, float* to) {
  const int64_t each = f.each();
  for (int64_t phase = 0; phase < g.phases * g.phases; phase++) {
    for (int64_t row = 0; row < g.partTall(); row++) {
      const Taps down = tapsAt(g, f.tall, phase / g.phases, row);
      for (int64_t column = 0; column < g.partWide(); column++, to += each) {
        const Taps along = tapsAt(g, f.wide, phase % g.phases, column);
        std::fill(to, to + each, 0.0f);
        for (int64_t k = down.from; k < down.to; k++)
          for (int64_t l = along.from; l < along.to; l++) {
            const int64_t at = k * f.wide + l;
            addScaled(f.values + (turned ? f.tall * f.wide - 1 - at : at) * each, to, each, factor);
          }
      }
    }
  }
}

// Weights in panels, one set of them after the other.
class PanelSets {
 public:
  int64_t panels() const { return panels_; }
  int64_t panelStep() const { return panel_; }
  const float* of(int64_t set) const { return values_.get() + set * panels_ * panel_; }

 protected:
  PanelSets(int64_t sets, int64_t panels, int64_t panelStep)
      : panels_(panels), panel_(panelStep), values_(roomFor(sets * panels * panelStep)) {}
  int64_t panels_, panel_;
  Room values_;
};

// A set for each phase. Turned ones go from the outputs of the filter to its inputs.
class Weights : public PanelSets {
 public:
  Weights(const Filter& f, const Convolution& c, bool turned, float factor)
      : PanelSets(c.g.phases * c.g.phases, panelsOf(c.outs), c.depth() * kLanes) {
    const Geometry& g = c.g;
    const int64_t phases = g.phases * g.phases, places = g.partTall() * g.partWide();
    const bool asIs = phases == 1 && g.step == 1 && !turned && factor == 1.0f;
    const Room room = roomFor(asIs ? 0 : phases * places * f.each());
    if (!asIs) compose(f, g, turned, factor, room.get());
    const float* from = asIs ? f.values : room.get();
    const int64_t units = phases * panels_;
    overUnits(units * panel_, units, [&](int64_t unit) {
      const int64_t phase = unit / panels_, first = unit % panels_ * kLanes, count = std::min(kLanes, c.outs - first);
      const float* weights = from + phase * places * f.each();
      float* to = values_.get() + unit * panel_;
      if (!turned) return pack(weights + first, f.outs, 1, c.depth(), count, to);
      for (int64_t place = 0; place < places; place++)
        pack(weights + place * f.each() + first * f.outs, 1, f.outs, f.outs, count, to + place * f.outs * kLanes);
    });
  }
};

// A leaky rectifier before a convolution, or none.
struct Before {
  bool rectified;
  float slope;
};

FOR_EVERY_PROCESSOR void rectify(const float* __restrict x, float* __restrict y, int64_t count, float slope) {
  for (int64_t i = 0; i < count; i++) y[i] = activate<kLeakyRelu>(x[i], slope);
}

// A row of an image with zeros before and after it; of zeros where the image has none.
void padRow(const Convolution& c, const float* image, int64_t row, const Before& before, float* to) {
  const int64_t across = c.across(), start = c.g.before * c.ins;
  if (row < 0 || row >= c.height) {
    std::fill(to, to + across, 0.0f);
    return;
  }
  const int64_t inside = std::min(c.width * c.ins, across - start);
  const float* from = image + row * c.width * c.ins;
  std::fill(to, to + start, 0.0f);
  if (before.rectified) rectify(from, to + start, inside, before.slope);
  else std::copy(from, from + inside, to + start);
  std::fill(to + start + inside, to + across, 0.0f);
}

// What happens to the sums: (sums + bias + added) * factor, and times the slope where the mask is not above 0.
struct After {
  const float *bias = nullptr, *added = nullptr, *mask = nullptr;
  float factor = 1.0f, slope = 1.0f;
  void applyTo(Product& product, int64_t start) const {
    product.bias = bias;
    product.added = added == nullptr ? nullptr : added + start;
    product.mask = mask == nullptr ? nullptr : mask + start;
    product.factor = factor;
    product.slope = slope;
  }
};

// Each pixel by itself: rows times a matrix.
void convolvePixels(const Convolution& c, const float* x, const Weights& weights, const After& after, float* y) {
  constexpr int64_t kRows = 2 * kTile;
  const int64_t rows = c.images * c.rows * c.columns;
  Product product = productOf(x, c.ins, c.ins, weights.of(0), y, c.outs, c.outs);
  after.applyTo(product, 0);
  Team::instance().run((rows + kRows - 1) / kRows, [&](int64_t unit) {
    multiply(product, unit * kRows, std::min(rows, (unit + 1) * kRows), 0, weights.panels());
  });
}

// A window of weights times what is below it, for each pixel: along a row of the window all values lie one after another, so
// that each row of the output is a product of matrices in as many segments as the window has rows.
void convolve(const Convolution& c, const float* x, const Weights& weights, const Before& before, const After& after,
              float* y) {
  if (c.isPointwise() && !before.rectified) return convolvePixels(c, x, weights, after, y);
  Team& team = Team::instance();
  const Geometry& g = c.g;
  // So many rows at once as stay in the cache with the weights of a panel.
  constexpr int64_t kRoom = 1 << 15;
  const int64_t across = c.across(), panels = weights.panels(), fitting = (kRoom / across - g.tall) / g.step + 1;
  const int64_t rows = std::min(c.rows, std::max<int64_t>(2, fitting));
  const int64_t blocks = (c.rows + rows - 1) / rows, phases = g.phases * g.phases;
  // Where there are few blocks for the threads each takes its share of the panels.
  const int64_t apart = c.images * blocks >= 4 * team.size() ? 1 : panels;
  team.run(c.images * blocks * apart, [&](int64_t unit) {
    const int64_t group = unit % apart, block = unit / apart % blocks, image = unit / apart / blocks;
    const int64_t first = block * rows, count = std::min(rows, c.rows - first);
    const int64_t needed = (count - 1) * g.step + g.tall;
    const Room padded = roomFor(needed * across);
    for (int64_t row = 0; row < needed; row++)
      padRow(c, x + image * c.height * c.width * c.ins, first * g.step - g.above + row, before,
             padded.get() + row * across);
    for (int64_t at = group; at < panels * phases; at += apart) {
      const int64_t phase = at / panels, panel = at % panels, p = phase / g.phases, q = phase % g.phases;
      for (int64_t row = 0; row < count; row++) {
        const int64_t outRow = (image * c.rows + first + row) * g.phases + p;
        const int64_t start = (outRow * c.columns * g.phases + q) * c.outs;
        Product product = productOf(padded.get() + (row * g.step + p) * across + q * c.ins, g.step * c.ins,
                                    g.partWide() * c.ins, weights.of(phase), y + start, g.phases * c.outs, c.outs);
        product.panelStep = weights.panelStep();
        product.segments = g.partTall();
        product.segmentStep = across;
        after.applyTo(product, start);
        multiply(product, 0, c.columns, panel, panel + 1);
      }
    }
  });
}
`;
