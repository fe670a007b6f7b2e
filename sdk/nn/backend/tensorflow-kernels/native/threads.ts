/** The includes of the source, and threads that share the work of an operation. */
export const threadsSource: string = `#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>
#include <unistd.h>
#include "tensorflow/c/kernels.h"
#include "tensorflow/c/ops.h"

// Compiled once for each kind of processor, the right one is taken when the program starts.
#if defined(__x86_64__) && defined(__gnu_linux__) && defined(__GNUC__) && !defined(__clang__)
#define FOR_EVERY_PROCESSOR __attribute__((target_clones("avx512f", "avx2", "default")))
#define FOR_OTHER_PROCESSORS __attribute__((target_clones("avx2", "default")))
#define FOR_WIDE_PROCESSORS __attribute__((target("avx512f")))
#else
#define FOR_EVERY_PROCESSOR
#define FOR_OTHER_PROCESSORS
#define FOR_WIDE_PROCESSORS
#endif

namespace {

using Work = std::function<void(int64_t unit)>;

// Threads that share units of work. Which thread does a unit has no influence on the result.
class Team {
 public:
  static Team& instance() {
    static Team* team = new Team();  // Never freed: its threads outlive everything else.
    return *team;
  }

  int64_t size() const { return size_; }

  void run(int64_t units, const Work& work) {
    std::unique_lock<std::mutex> turn(turn_, std::try_to_lock);
    if (units < 2 || size_ < 2 || !turn.owns_lock()) {
      for (int64_t unit = 0; unit < units; unit++) work(unit);
      return;
    }
    {
      std::lock_guard<std::mutex> lock(mutex_);
      work_ = &work;
      units_ = units;
      next_ = 0;
    }
    wake_.notify_all();
    take(work, units);
    // Whoever has not begun by now need not begin any more.
    std::unique_lock<std::mutex> lock(mutex_);
    work_ = nullptr;
    if (active_ != 0) {
      lock.unlock();
      soon([this] { return active_ == 0; });
      lock.lock();
    }
    done_.wait(lock, [this] { return active_ == 0; });
  }

 private:
  Team() {
    const char* chosen = std::getenv("TF_NUM_INTRAOP_THREADS");
    size_ = chosen == nullptr ? 0 : std::atoi(chosen);
    if (size_ < 1) size_ = std::max(1u, std::thread::hardware_concurrency());
    for (int64_t i = 1; i < size_; i++) std::thread([this] { serve(); }).detach();
  }

  void serve() {
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      lock.unlock();
      soon([this] { return next_ < units_; });
      lock.lock();
      wake_.wait(lock, [this] { return work_ != nullptr && next_ < units_; });
      const Work& work = *work_;
      const int64_t units = units_;
      active_++;
      lock.unlock();
      take(work, units);
      lock.lock();
      if (--active_ == 0) done_.notify_all();
    }
  }

  // Looks for a while without sleeping: to be woken takes as long as many an operation, and the next is soon there.
  template <class Condition>
  static void soon(const Condition& condition) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::microseconds(kPatience);
    while (!condition()) {
      for (int i = 0; i < 32; i++) rest();
      if (std::chrono::steady_clock::now() > until) return;
    }
  }

  static void rest() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
  }

  void take(const Work& work, int64_t units) {
    for (int64_t unit = next_++; unit < units; unit = next_++) work(unit);
  }

  int64_t size_ = 1;
  std::mutex turn_, mutex_;
  std::condition_variable wake_, done_;
  const Work* work_ = nullptr;
  std::atomic<int64_t> next_{0}, units_{0}, active_{0};
  static constexpr int64_t kPatience = 100;
};

constexpr int64_t kBlock = 16384;

int64_t blocksOf(int64_t count) { return (count + kBlock - 1) / kBlock; }

// Goes over blocks of values.
template <class Each>
void overBlocks(int64_t count, const Each& each) {
  Team::instance().run(blocksOf(count), [&](int64_t block) {
    const int64_t from = block * kBlock;
    each(from, std::min(kBlock, count - from));
  });
}
`;
