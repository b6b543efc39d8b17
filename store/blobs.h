#pragma once

#include "core/sealed.h"

#include <string>
#include <string_view>

namespace slipway::store {

/// Large sealed bytes, by a name of our own (digest of the plain bytes, keyed by purpose). On disk (fsync)
/// before the row that names them. Any thread. Throws Failure.
class Blobs {
 public:
  virtual ~Blobs() = default;
  virtual void put(const std::string& name, const Sealed& bytes) = 0;
  /// Throws Failure when it is missing.
  virtual Sealed get(const std::string& name) = 0;
  virtual bool has(const std::string& name) = 0;
  virtual void drop(const std::string& name) = 0;
};

/// zstd, for what is sealed afterwards (sealed bytes don't compress).
std::string compress(std::string_view bytes);
/// Throws Failure when it is no zstd frame or would exceed `limit`.
std::string decompress(std::string_view bytes, std::size_t limit);

}  // namespace slipway::store
