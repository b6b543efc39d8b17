#include "store/memory_blobs.h"

#include "core/failure.h"

namespace slipway::store {

void MemoryBlobs::put(const std::string& name, const Sealed& bytes) {
  blobs_.with([&](auto& blobs) { blobs.insert_or_assign(name, bytes); });
}

Sealed MemoryBlobs::get(const std::string& name) {
  return blobs_.with([&](const auto& blobs) {
    const auto found = blobs.find(name);
    if (found == blobs.end()) throw Failure("there is no blob " + name);
    return found->second;
  });
}

bool MemoryBlobs::has(const std::string& name) {
  return blobs_.with([&](const auto& blobs) { return blobs.contains(name); });
}

void MemoryBlobs::drop(const std::string& name) {
  blobs_.with([&](auto& blobs) { blobs.erase(name); });
}

}  // namespace slipway::store
