#include "bot/work/base_line.h"

namespace slipway::work {

std::string branch_ref(const std::string& branch) { return "refs/heads/" + branch; }

std::int64_t place_on_line(vcs::Repository& repository, const Sha& commit, const Sha& baseline) {
  const auto steps = [&](const Sha& from, const Sha& until) {
    return static_cast<std::int64_t>(repository.first_parents(from, until, kMaxFirstParents).size());
  };
  if (!baseline.empty() && repository.contains(baseline, commit)) return -steps(baseline, commit);
  return steps(commit, baseline);
}

}  // namespace slipway::work
