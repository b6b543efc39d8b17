#pragma once

#include "bot/config/config.h"
#include "core/freeze.h"
#include "store/store.h"

#include <map>
#include <optional>
#include <vector>

namespace slipway::work {

/// What holds back applies at a moment: freezes that stand, then windows that are closed.
class Withholding {
 public:
  Withholding(const store::Snapshot& rows, const config::Config& config, Time now);

  /// Why an apply of this change may not begin now.
  std::optional<Withheld> of(const ChangeId& change) const;
  /// Those that cover this repository, or some of it.
  std::vector<Freeze> freezes(const RepoId& repo) const;
  /// When the next of all freezes ends by itself.
  std::optional<Time> next_end() const;

 private:
  const config::Config& config_;
  Time now_;
  std::vector<Freeze> standing_;
};

}  // namespace slipway::work
