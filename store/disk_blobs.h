#pragma once

#include "core/guarded.h"
#include "store/blobs.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

namespace slipway::store {

/// Blobs as files (0600) below one directory, each whole or not there: written under another name, then
/// renamed. A name is 4 to 128 letters, digits, '-', '_' and '.', not beginning with a '.': anything else is
/// a Failure.
class DiskBlobs final : public Blobs {
 public:
  explicit DiskBlobs(std::string directory) : directory_(std::move(directory)) {}

  /// Makes the directory, and sweeps away what a crash left half written. For a server only.
  void prepare();

  void put(const std::string& name, const Sealed& bytes) override;
  Sealed get(const std::string& name) override;
  bool has(const std::string& name) override;
  void drop(const std::string& name) override;

 private:
  using Instant = std::chrono::steady_clock::time_point;
  struct Recent {
    std::uint64_t written = 0;
    std::map<std::string, Instant> wanted_again;
  };
  void want_again(const std::string& name);

  const std::string directory_;
  Guarded<Recent> recent_;
};

}  // namespace slipway::store
