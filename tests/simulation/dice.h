#pragma once

#include "core/random.h"

#include <cstdint>
#include <string>
#include <vector>

namespace slipway::simulation {

/// All chance of a story comes from its seed (splitmix64: small, and good enough for dice).
class Dice final : public Random {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    return mixed ^ (mixed >> 31);
  }
  std::string bytes(std::size_t count) override {
    std::string out(count, '\0');
    for (char& c : out) c = static_cast<char>(next() >> 56);
    return out;
  }

  std::size_t upto(std::size_t count) { return static_cast<std::size_t>(next() % count); }
  bool chance(unsigned percent) { return next() % 100 < percent; }
  /// Of a thousand.
  bool rarely(unsigned permille) { return next() % 1'000 < permille; }
  template <class T>
  T& one_of(std::vector<T>& items) {
    return items[upto(items.size())];
  }
  template <class T>
  const T& one_of(const std::vector<T>& items) {
    return items[upto(items.size())];
  }

 private:
  std::uint64_t state_;
};

}  // namespace slipway::simulation
