#pragma once

#include "core/guarded.h"
#include "store/blobs.h"

#include <map>
#include <string>

namespace slipway::store {

/// Blobs of a database in memory.
class MemoryBlobs final : public Blobs {
 public:
  void put(const std::string& name, const Sealed& bytes) override;
  Sealed get(const std::string& name) override;
  bool has(const std::string& name) override;
  void drop(const std::string& name) override;

 private:
  Guarded<std::map<std::string, Sealed>> blobs_;
};

}  // namespace slipway::store
