#include "bot/work/withholding.h"

#include <algorithm>

namespace slipway::work {
namespace {

/// Of several freezes the one that lasts longest is named: the others end before it.
bool lasts_longer(const Freeze& one, const Freeze& other) {
  return one.until.value_or(Time::max()) > other.until.value_or(Time::max());
}

}  // namespace

Withholding::Withholding(const store::Snapshot& rows, const config::Config& config, Time now)
    : config_(config), now_(now), standing_(rows.freezes.all()) {
  std::erase_if(standing_, [&](const Freeze& freeze) { return !freeze.holds(now); });
}

std::optional<Withheld> Withholding::of(const ChangeId& change) const {
  const Freeze* longest = nullptr;
  for (const Freeze& freeze : standing_)
    if (freeze.scope.covers(change) && (longest == nullptr || lasts_longer(freeze, *longest)))
      longest = &freeze;
  if (longest != nullptr) return *longest;
  return config::closed_at(config_.windows(change.pull.repo), change.project, now_);
}

std::vector<Freeze> Withholding::freezes(const RepoId& repo) const {
  std::vector<Freeze> out;
  for (const Freeze& freeze : standing_)
    if (freeze.scope.covers(repo)) out.push_back(freeze);
  return out;
}

std::optional<Time> Withholding::next_end() const {
  std::optional<Time> next;
  for (const Freeze& freeze : standing_)
    if (freeze.until && (!next || *freeze.until < *next)) next = freeze.until;
  return next;
}

}  // namespace slipway::work
