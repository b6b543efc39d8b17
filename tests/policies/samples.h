#pragma once

#include "core/plan_document.h"
#include "core/settings.h"
#include "policies/engine.h"

#include <string>
#include <vector>

namespace slipway::policies {

/// A plan document on disk for the length of a test.
class PlanFile {
 public:
  explicit PlanFile(const std::string& json);
  ~PlanFile();
  PlanFile(const PlanFile&) = delete;
  PlanFile& operator=(const PlanFile&) = delete;
  const PlanDocument& document() const { return document_; }

 private:
  PlanDocument document_;
};

/// A `policies:` entry of these keys.
using Entry = std::vector<std::pair<std::string, Settings>>;
Settings entry(Entry keys);
Settings text(const std::string& scalar);
Settings list(const std::vector<std::string>& scalars);

}  // namespace slipway::policies
