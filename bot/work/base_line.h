#pragma once

#include "bot/work/tools.h"
#include "core/ids.h"

#include <cstdint>
#include <string>

namespace slipway::work {

/// How far back a commit is looked for on its base branch.
inline constexpr std::size_t kMaxFirstParents = 20'000;

std::string branch_ref(const std::string& branch);

/// Place of a commit on its base branch's first-parent line, counted from the repository's first sight: what
/// was merged before that stands below zero. Larger is later.
std::int64_t place_on_line(vcs::Repository& repository, const Sha& commit, const Sha& baseline);

}  // namespace slipway::work
