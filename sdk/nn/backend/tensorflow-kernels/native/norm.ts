/** Group normalization and its gradients, the statistics in double precision. */
export const normSource: string = `struct Norm {
  int32_t groups, activation, learned, maps;
  float epsilon, slope;
};

// Images as rows of channels, in blocks of rows. The blocks depend on the shape alone, and with them the result.
struct Layout {
  int64_t images, rows, channels, rowsPerBlock, blocks;
  Layout(int64_t images, int64_t rows, int64_t channels) : images(images), rows(rows), channels(channels) {
    rowsPerBlock = std::max<int64_t>(1, kBlock / std::max<int64_t>(1, channels));
    blocks = (rows + rowsPerBlock - 1) / rowsPerBlock;
  }
  int64_t start(int64_t image, int64_t block) const { return (image * rows + block * rowsPerBlock) * channels; }
  int64_t rowsOf(int64_t block) const { return std::min(rowsPerBlock, rows - block * rowsPerBlock); }
};

using Phase = std::function<void(int64_t image, int64_t block)>;

struct Step {
  bool inBlocks;
  Phase phase;
};

// Each step after the one before: image by image where that keeps every thread busy, because an image fits in a cache.
void inSteps(const Layout& layout, const std::vector<Step>& steps) {
  Team& team = Team::instance();
  if (layout.images >= team.size()) {
    team.run(layout.images, [&](int64_t image) {
      for (const Step& step : steps)
        for (int64_t block = 0; block < (step.inBlocks ? layout.blocks : 1); block++) step.phase(image, block);
    });
    return;
  }
  for (const Step& step : steps) {
    const int64_t blocks = step.inBlocks ? layout.blocks : 1;
    team.run(layout.images * blocks, [&](int64_t unit) { step.phase(unit / blocks, unit % blocks); });
  }
}

// Two sums per channel for each block of each image.
class Sums {
 public:
  Sums(const Layout& layout) : layout_(layout), values_(layout.images * layout.blocks * 2 * layout.channels) {}
  double* of(int64_t image, int64_t block, int which) {
    return values_.data() + ((image * layout_.blocks + block) * 2 + which) * layout_.channels;
  }
  // The sums over all blocks, put in the first.
  void fold(int64_t image) {
    for (int which = 0; which < 2; which++) {
      double* all = of(image, 0, which);
      for (int64_t block = 1; block < layout_.blocks; block++) {
        const double* more = of(image, block, which);
        for (int64_t c = 0; c < layout_.channels; c++) all[c] += more[c];
      }
    }
  }

 private:
  const Layout& layout_;
  std::vector<double> values_;
};

void prepare(const Layout& layout, const Norm& norm, Sums& sums, int64_t image, const float* scale,
             const float* shift, Channels& channels) {
  sums.fold(image);
  const double *first = sums.of(image, 0, 0), *second = sums.of(image, 0, 1);
  const int64_t each = layout.channels / norm.groups;
  for (int64_t group = 0; group < norm.groups; group++) {
    double sum = 0, square = 0;
    for (int64_t c = group * each; c < (group + 1) * each; c++) {
      sum += first[c];
      square += second[c];
    }
    const double count = double(layout.rows * each), mean = sum / count;
    const double inverse = 1 / std::sqrt(std::max(square / count - mean * mean, 0.0) + norm.epsilon);
    for (int64_t c = group * each; c < (group + 1) * each; c++) {
      channels.mean[c] = mean;
      channels.inverse[c] = inverse;
      channels.center[c] = float(mean);
      channels.factor[c] = float(inverse * scale[c]);
      channels.offset[c] = float(shift[c] + (channels.center[c] - mean) * inverse * scale[c]);
    }
  }
}

void prepareGradient(const Layout& layout, const Norm& norm, Sums& sums, int64_t image, const float* scale,
                     float* dscale, float* dshift, Channels& channels) {
  sums.fold(image);
  const double *direct = sums.of(image, 0, 0), *products = sums.of(image, 0, 1);
  const int64_t each = layout.channels / norm.groups;
  for (int64_t group = 0; group < norm.groups; group++) {
    double byShift = 0, byScale = 0;
    for (int64_t c = group * each; c < (group + 1) * each; c++) {
      const double centered = products[c] + (channels.center[c] - channels.mean[c]) * direct[c];
      dshift[c] = float(direct[c]);
      dscale[c] = float(centered * channels.inverse[c]);
      byShift += scale[c] * direct[c];
      byScale += scale[c] * centered * channels.inverse[c];
    }
    const double count = double(layout.rows * each);
    for (int64_t c = group * each; c < (group + 1) * each; c++) {
      const double inverse = channels.inverse[c], along = inverse * inverse * byScale / count;
      channels.along[c] = float(along);
      channels.across[c] = float(inverse * byShift / count + (channels.center[c] - channels.mean[c]) * along);
    }
  }
}

struct NormCall {
  Layout layout;
  PerChannel scale, shift;
  const float* x;
};

struct Normalizing {
  Sums sums;
  std::vector<Channels> channels;
  Normalizing(const NormCall& call) : sums(call.layout), channels(call.layout.images, Channels(call.layout.channels)) {}
  Step moments(const NormCall& call) {
    return {true, [this, &call](int64_t image, int64_t block) {
              const Layout& layout = call.layout;
              addMoments(call.x + layout.start(image, block), layout.rowsOf(block), layout.channels,
                         sums.of(image, block, 0), sums.of(image, block, 1));
            }};
  }
  Step prepared(const NormCall& call, const Norm& norm) {
    return {false, [this, &call, &norm](int64_t image, int64_t) {
              prepare(call.layout, norm, sums, image, call.scale.of(image), call.shift.of(image), channels[image]);
            }};
  }
};

void normalize(const NormCall& call, const Norm& norm, float* y) {
  const Layout& layout = call.layout;
  Normalizing work(call);
  const Step applied = {true, [&](int64_t image, int64_t block) {
    const int64_t start = layout.start(image, block);
    const Channels& c = work.channels[image];
    apply(call.x + start, y + start, layout.rowsOf(block), layout.channels, c.center.data(), c.factor.data(),
          c.offset.data(), norm.activation, norm.slope);
  }};
  inSteps(layout, {work.moments(call), work.prepared(call, norm), applied});
}

void normalizeGradient(const NormCall& call, const Norm& norm, const float* dy, float* dx, float* dscale,
                       float* dshift) {
  const Layout& layout = call.layout;
  Normalizing work(call);
  Sums sums(layout);
  const Step directly = {true, [&](int64_t image, int64_t block) {
    const int64_t start = layout.start(image, block);
    const Channels& c = work.channels[image];
    direct(call.x + start, dy + start, dx + start, layout.rowsOf(block), layout.channels, c.center.data(),
           c.factor.data(), c.offset.data(), norm.activation, norm.slope, sums.of(image, block, 0),
           sums.of(image, block, 1));
  }};
  const Step prepared = {false, [&](int64_t image, int64_t) {
    const int64_t at = image * layout.channels;
    prepareGradient(layout, norm, sums, image, call.scale.of(image), dscale + at, dshift + at, work.channels[image]);
  }};
  const Step through = {true, [&](int64_t image, int64_t block) {
    const int64_t start = layout.start(image, block);
    const Channels& c = work.channels[image];
    throughMoments(call.x + start, dx + start, layout.rowsOf(block), layout.channels, c.center.data(),
                   c.factor.data(), c.along.data(), c.across.data());
  }};
  inSteps(layout, {work.moments(call), work.prepared(call, norm), directly, prepared, through});
}
`;
