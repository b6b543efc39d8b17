#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace slipway {

/// Where ids, nonces and jitter come from; the simulation gives a seeded one. Any thread.
class Random {
 public:
  virtual ~Random() = default;
  virtual std::string bytes(std::size_t count) = 0;
  /// `digits` lower-case hex digits.
  std::string hex(std::size_t digits);
  /// Uniform in [0, bound).
  std::uint64_t below(std::uint64_t bound);
};

/// The kernel's, by libcrypto.
class SystemRandom final : public Random {
 public:
  std::string bytes(std::size_t count) override;
};

}  // namespace slipway
