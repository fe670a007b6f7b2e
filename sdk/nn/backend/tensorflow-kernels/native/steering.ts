/** What scales and shifts the channels of each image: learned values, and maps from what steers a network. */
export const steeringSource: string = `// Values per channel, the same for each image or not.
struct PerChannel {
  const float* values;
  int64_t step;
  const float* of(int64_t image) const { return values + image * step; }
};

// A linear map to a factor less 1 per channel, and where it is twice as wide, to what is added.
struct SteeringMap {
  const float *values, *kernel, *bias;
  int64_t size;
  bool shifts;
  int64_t outs(int64_t channels) const { return shifts ? 2 * channels : channels; }
};

// Where the gradients of a map go.
struct MapGradients {
  float *values, *kernel, *bias;
};

FOR_EVERY_PROCESSOR void steer(const float* mapped, const float* scale, const float* shift, float* newScale,
                               float* newShift, int64_t channels, bool shifts) {
  for (int64_t c = 0; c < channels; c++) {
    const float factor = 1.0f + mapped[c];
    newScale[c] = scale[c] * factor;
    newShift[c] = shift[c] * factor + (shifts ? mapped[channels + c] : 0.0f);
  }
}

// From the gradients by scale and shift after a map, to those before it (in the same place) and by what was mapped.
FOR_EVERY_PROCESSOR void steerGradient(const float* mapped, const float* scale, const float* shift, float* dscale,
                                       float* dshift, float* dmapped, int64_t channels, bool shifts) {
  for (int64_t c = 0; c < channels; c++) {
    const float factor = 1.0f + mapped[c];
    dmapped[c] = dscale[c] * scale[c] + dshift[c] * shift[c];
    if (shifts) dmapped[channels + c] = dshift[c];
    dscale[c] *= factor;
    dshift[c] *= factor;
  }
}

FOR_EVERY_PROCESSOR void addOuter(const float* values, const float* dmapped, float* dkernel, int64_t images,
                                  int64_t size, int64_t outs, int64_t from, int64_t to) {
  for (int64_t s = from; s < to; s++) {
    float* row = dkernel + s * outs;
    for (int64_t c = 0; c < outs; c++) row[c] = values[s] * dmapped[c];
    for (int64_t image = 1; image < images; image++)
      for (int64_t c = 0; c < outs; c++) row[c] += values[image * size + s] * dmapped[image * outs + c];
  }
}

FOR_EVERY_PROCESSOR void addRows(const float* x, float* sums, int64_t rows, int64_t columns) {
  for (int64_t c = 0; c < columns; c++) sums[c] = x[c];
  for (int64_t row = 1; row < rows; row++)
    for (int64_t c = 0; c < columns; c++) sums[c] += x[row * columns + c];
}

FOR_EVERY_PROCESSOR void multiplyByRows(const float* dmapped, const float* kernel, float* dvalues, int64_t images,
                                        int64_t size, int64_t outs, int64_t from, int64_t to) {
  for (int64_t s = from; s < to; s++) {
    const float* row = kernel + s * outs;
    for (int64_t image = 0; image < images; image++) {
      const float* x = dmapped + image * outs;
      float sums[16] = {0};
      int64_t c = 0;
      for (; c + 16 <= outs; c += 16)
        for (int64_t lane = 0; lane < 16; lane++) sums[lane] += row[c + lane] * x[c + lane];
      for (; c < outs; c++) sums[0] += row[c] * x[c];
      float sum = 0.0f;
      for (float lane : sums) sum += lane;
      dvalues[image * size + s] = sum;
    }
  }
}

// Scale and shift of each image: what is learned, then every map, one after the other.
class Steering {
 public:
  Steering(int64_t images, int64_t channels, PerChannel scale, PerChannel shift, std::vector<SteeringMap> maps)
      : images_(images), channels_(channels), first_{scale, shift}, maps_(std::move(maps)) {
    const int64_t each = images * channels;
    for (const SteeringMap& map : maps_) {
      mapped_.emplace_back(images * map.outs(channels));
      scales_.emplace_back(each);
      shifts_.emplace_back(each);
      linear(map.values, map.kernel, map.bias, nullptr, mapped_.back().data(), images, map.size, map.outs(channels));
      const size_t at = scales_.size();
      for (int64_t image = 0; image < images; image++)
        steer(mapped_[at - 1].data() + image * map.outs(channels), scale_(at - 1).of(image), shift_(at - 1).of(image),
              scales_[at - 1].data() + image * channels, shifts_[at - 1].data() + image * channels, channels,
              map.shifts);
    }
  }

  PerChannel scale() const { return scale_(maps_.size()); }
  PerChannel shift() const { return shift_(maps_.size()); }

  // From gradients by scale and shift of each image to those by all that they follow from. The first two are overwritten.
  void gradients(float* dscale, float* dshift, const std::vector<MapGradients>& to) const {
    for (size_t at = maps_.size(); at-- > 0;) {
      const SteeringMap& map = maps_[at];
      const int64_t outs = map.outs(channels_);
      std::vector<float> dmapped(images_ * outs);
      for (int64_t image = 0; image < images_; image++)
        steerGradient(mapped_[at].data() + image * outs, scale_(at).of(image), shift_(at).of(image),
                      dscale + image * channels_, dshift + image * channels_, dmapped.data() + image * outs, channels_,
                      map.shifts);
      addRows(dmapped.data(), to[at].bias, images_, outs);
      constexpr int64_t kRows = 16;
      overUnits(images_ * map.size * outs, (map.size + kRows - 1) / kRows, [&](int64_t unit) {
        const int64_t from = unit * kRows, until = std::min(map.size, from + kRows);
        addOuter(map.values, dmapped.data(), to[at].kernel, images_, map.size, outs, from, until);
        multiplyByRows(dmapped.data(), map.kernel, to[at].values, images_, map.size, outs, from, until);
      });
    }
  }

 private:
  PerChannel scale_(size_t at) const { return at == 0 ? first_[0] : PerChannel{scales_[at - 1].data(), channels_}; }
  PerChannel shift_(size_t at) const { return at == 0 ? first_[1] : PerChannel{shifts_[at - 1].data(), channels_}; }
  int64_t images_, channels_;
  PerChannel first_[2];
  std::vector<SteeringMap> maps_;
  std::vector<std::vector<float>> mapped_, scales_, shifts_;
};
`;
