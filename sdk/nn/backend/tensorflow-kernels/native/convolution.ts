/** Convolutions of step 1, with what is added to them. */
export const convolutionSource: string = `// Images of rows of pixels of channels, and a window over them; before and after an image are zeros.
struct Window {
  int64_t images, height, width, ins, outs, tall, wide, above, before;
  int64_t outHeight, outWidth;
  int64_t paddedWidth() const { return outWidth + wide - 1; }
  int64_t depth() const { return tall * wide * ins; }
};

// Rows of an image with zeros around it, from the row that the output row \`first\` begins with.
void padRows(const Window& w, const float* image, int64_t first, int64_t rows, float* to) {
  const int64_t wide = w.paddedWidth() * w.ins, inside = std::min(w.width, w.paddedWidth() - w.before) * w.ins;
  for (int64_t row = 0; row < rows + w.tall - 1; row++, to += wide) {
    const int64_t y = first + row - w.above, start = w.before * w.ins;
    if (y < 0 || y >= w.height) {
      std::fill(to, to + wide, 0.0f);
      continue;
    }
    std::fill(to, to + start, 0.0f);
    std::copy(image + y * w.width * w.ins, image + y * w.width * w.ins + inside, to + start);
    std::fill(to + start + inside, to + wide, 0.0f);
  }
}

// A window of weights times what is below it, for each pixel: along a row of the window all values lie one after another, so
// that each row of the output is a product of matrices in as many segments as the window has rows.
void convolve(const Window& w, const float* x, const float* filter, const float* bias, const float* added, float* y) {
  Team& team = Team::instance();
  const int64_t panels = panelsOf(w.outs), depth = w.depth(), panel = depth * kLanes;
  const Room packed = roomFor(panels * panel);
  const auto packOne = [&](int64_t at) {
    pack(filter + at * kLanes, w.outs, 1, depth, std::min(kLanes, w.outs - at * kLanes), packed.get() + at * panel);
  };
  if (panels * panel < kWorthSharing) for (int64_t at = 0; at < panels; at++) packOne(at);
  else team.run(panels, packOne);
  // So many rows at once as stay in the cache with the weights of a panel.
  constexpr int64_t kRoom = 1 << 15;
  const int64_t across = w.paddedWidth() * w.ins;
  const int64_t rows = std::min(w.outHeight, std::max<int64_t>(2, kRoom / across - w.tall + 1));
  const int64_t blocks = (w.outHeight + rows - 1) / rows;
  // Where there are few blocks for the threads each takes its share of the panels.
  const int64_t apart = w.images * blocks >= 4 * team.size() ? 1 : panels;
  team.run(w.images * blocks * apart, [&](int64_t unit) {
    const int64_t group = unit % apart, block = unit / apart % blocks, image = unit / apart / blocks;
    const int64_t first = block * rows, count = std::min(rows, w.outHeight - first);
    const Room padded = roomFor((rows + w.tall - 1) * across);
    padRows(w, x + image * w.height * w.width * w.ins, first, count, padded.get());
    for (int64_t at = group; at < panels; at += apart) {
      for (int64_t row = 0; row < count; row++) {
        const int64_t start = ((image * w.outHeight + first + row) * w.outWidth) * w.outs;
        Product product = productOf(padded.get() + row * across, w.ins, w.wide * w.ins, packed.get(), y + start,
                                    w.outs, w.outs);
        product.panelStep = panel;
        product.bias = bias;
        product.added = added == nullptr ? nullptr : added + start;
        product.segments = w.tall;
        product.segmentStep = across;
        multiply(product, 0, w.outWidth, at, at + 1);
      }
    }
  });
}
`;
