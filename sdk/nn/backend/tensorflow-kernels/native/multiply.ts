/** Products of matrices, as a linear map and attention need them. */
export const multiplySource: string = `// Sixteen values at a time, on every processor: where there are no such registers the compiler takes smaller ones.
typedef float Lanes __attribute__((vector_size(64), aligned(4), may_alias));
constexpr int64_t kLanes = 16;
// Blocks of rows are multiples of what the registers take at once: 6 or 12.
constexpr int64_t kTile = 24;

inline Lanes& lanes(float* at) { return *reinterpret_cast<Lanes*>(at); }
inline const Lanes& lanes(const float* at) { return *reinterpret_cast<const Lanes*>(at); }

using Room = std::unique_ptr<float[]>;
Room roomFor(int64_t count) { return Room(new float[count]); }

int64_t panelsOf(int64_t columns) { return (columns + kLanes - 1) / kLanes; }

// A matrix in panels of 16 columns, each with all its rows one after another. Columns that are missing to the last are 0.
FOR_EVERY_PROCESSOR void pack(const float* from, int64_t rowStep, int64_t columnStep, int64_t rows, int64_t columns,
                              float* to) {
  for (int64_t first = 0; first < columns; first += kLanes) {
    const int64_t count = std::min(kLanes, columns - first);
    for (int64_t row = 0; row < rows; row++, to += kLanes) {
      const float* x = from + row * rowStep + first * columnStep;
      for (int64_t lane = 0; lane < count; lane++) to[lane] = x[lane * columnStep];
      for (int64_t lane = count; lane < kLanes; lane++) to[lane] = 0.0f;
    }
  }
}

// c = (a * b + bias + added) * factor: a by its steps, in segments that are each depth long, b in panels (row by row bStep
// apart), c and added in rows of cStep. Where a mask like c is given and not above 0, c is times slope.
struct Product {
  const float* a;
  int64_t rowStep, depthStep, depth;
  const float* b;
  int64_t bStep, panelStep;
  float* c;
  int64_t cStep, columns;
  const float* bias = nullptr;
  const float* added = nullptr;
  int64_t segments = 1, segmentStep = 0;
  const float* mask = nullptr;
  float factor = 1.0f, slope = 1.0f;
};

Product productOf(const float* a, int64_t rowStep, int64_t depth, const float* panels, float* c, int64_t cStep,
                  int64_t columns) {
  return {a, rowStep, 1, depth, panels, kLanes, depth * kLanes, c, cStep, columns};
}

// What happens to fewer than 16 sums of a row, which go to the columns from first on.
__attribute__((noinline)) void finishSome(const Product& p, const float* sums, int64_t first, int64_t at,
                                          int64_t count) {
  for (int64_t lane = 0; lane < count; lane++) {
    float value = sums[lane];
    if (p.bias != nullptr) value += p.bias[first + lane];
    if (p.added != nullptr) value += p.added[at + lane];
    value *= p.factor;
    if (p.mask != nullptr && !(p.mask[at + lane] > 0.0f)) value *= p.slope;
    p.c[at + lane] = value;
  }
}

// Unrolled, so that sums stay in registers.
#define FOR_EACH_SUM                                         \\
  _Pragma("GCC unroll 12") for (int r = 0; r < kRows; r++) \\
      _Pragma("GCC unroll 2") for (int n = 0; n < kPanels; n++)

template <int kRows, int kPanels>
inline __attribute__((always_inline)) void tile(const Product& p, int64_t row, int64_t panel) {
  const float* a[kRows];
  Lanes sums[kRows][kPanels];
  for (int r = 0; r < kRows; r++) a[r] = p.a + (row + r) * p.rowStep;
  FOR_EACH_SUM sums[r][n] = Lanes{};
  const float* b = p.b + panel * p.panelStep;
  for (int64_t segment = 0; segment < p.segments; segment++) {
    const int64_t from = segment * p.segmentStep, to = from + p.depth * p.depthStep;
    for (int64_t at = from; at < to; at += p.depthStep, b += p.bStep) {
      Lanes along[kPanels];
      for (int n = 0; n < kPanels; n++) along[n] = lanes(b + n * p.panelStep);
      FOR_EACH_SUM sums[r][n] += a[r][at] * along[n];
    }
  }
  const int64_t first = panel * kLanes, start = row * p.cStep + first, step = p.cStep;
  if (first + kPanels * kLanes > p.columns) {
    FOR_EACH_SUM {
      float some[kLanes];
      lanes(some) = sums[r][n];
      const int64_t from = first + n * kLanes;
      finishSome(p, some, from, (row + r) * step + from, std::min(kLanes, p.columns - from));
    }
    return;
  }
  if (p.bias != nullptr) FOR_EACH_SUM sums[r][n] += lanes(p.bias + first + n * kLanes);
  if (p.added != nullptr) FOR_EACH_SUM sums[r][n] += lanes(p.added + start + r * step + n * kLanes);
  if (p.factor != 1.0f) FOR_EACH_SUM sums[r][n] *= p.factor;
  if (p.mask != nullptr)
    FOR_EACH_SUM sums[r][n] = lanes(p.mask + start + r * step + n * kLanes) > 0.0f ? sums[r][n] : sums[r][n] * p.slope;
  float* const c = p.c + start;
  FOR_EACH_SUM lanes(c + r * step + n * kLanes) = sums[r][n];
}

// Some rows and panels of a product, so many rows at once as the registers of the processor take.
template <int kRows, int kPanels>
inline __attribute__((always_inline)) void tiles(const Product& p, int64_t fromRow, int64_t toRow, int64_t panel) {
  int64_t row = fromRow;
  for (; row + kRows <= toRow; row += kRows) tile<kRows, kPanels>(p, row, panel);
  for (; row + 4 <= toRow; row += 4) tile<4, kPanels>(p, row, panel);
  for (; row < toRow; row++) tile<1, kPanels>(p, row, panel);
}

FOR_OTHER_PROCESSORS void multiplyBySix(const Product& p, int64_t fromRow, int64_t toRow, int64_t fromPanel,
                                        int64_t toPanel) {
  for (int64_t panel = fromPanel; panel < toPanel; panel++) tiles<6, 1>(p, fromRow, toRow, panel);
}

// Two panels at once, so that a value is read once for 32 products: reading is what limits these processors.
FOR_WIDE_PROCESSORS void multiplyByTwelve(const Product& p, int64_t fromRow, int64_t toRow, int64_t fromPanel,
                                          int64_t toPanel) {
  int64_t panel = fromPanel;
  for (; panel + 2 <= toPanel; panel += 2) tiles<12, 2>(p, fromRow, toRow, panel);
  if (panel < toPanel) tiles<12, 1>(p, fromRow, toRow, panel);
}

bool hasWideRegisters() {
#if defined(__x86_64__)
  static const bool has = __builtin_cpu_supports("avx512f");
  return has;
#else
  return false;
#endif
}

void multiply(const Product& p, int64_t fromRow, int64_t toRow, int64_t fromPanel, int64_t toPanel) {
  (hasWideRegisters() ? multiplyByTwelve : multiplyBySix)(p, fromRow, toRow, fromPanel, toPanel);
}

// Work of less than this is not worth waking a thread for.
constexpr int64_t kWorthSharing = 1 << 18;

// Goes over units of work, among threads where there is so much in all of them.
template <class Each>
void overUnits(int64_t work, int64_t units, const Each& each) {
  if (work >= kWorthSharing) return Team::instance().run(units, each);
  for (int64_t unit = 0; unit < units; unit++) each(unit);
}

// Rows times a matrix of weights, plus what is added to each column and to each value.
void linear(const float* x, const float* kernel, const float* bias, const float* added, float* y, int64_t rows,
            int64_t ins, int64_t outs) {
  const int64_t panels = panelsOf(outs);
  // For few rows the weights are read where they are.
  const bool packed = rows > kTile || outs % kLanes != 0;
  const Room room = roomFor(packed ? ins * panels * kLanes : 0);
  if (packed) pack(kernel, outs, 1, ins, outs, room.get());
  const Product product = {x, ins, 1, ins, packed ? room.get() : kernel, packed ? kLanes : outs,
                           packed ? ins * kLanes : kLanes, y, outs, outs, bias, added, 1, 0};
  if (rows * ins * outs < kWorthSharing) return multiply(product, 0, rows, 0, panels);
  constexpr int64_t kRows = 2 * kTile;
  if (rows > kRows) {
    Team::instance().run((rows + kRows - 1) / kRows, [&](int64_t unit) {
      multiply(product, unit * kRows, std::min(rows, (unit + 1) * kRows), 0, panels);
    });
  } else {
    Team::instance().run(panels, [&](int64_t panel) { multiply(product, 0, rows, panel, panel + 1); });
  }
}
`;
