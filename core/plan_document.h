#pragma once

#include <string>

namespace slipway {

/// Plan JSON as `terraform show -json` gives it, sensitive values replaced by null: a file on disk, since it
/// may be large. It is what policy rules read.
struct PlanDocument {
  std::string path;
  std::string digest;  // SHA-256 of the file, hex
};

}  // namespace slipway
