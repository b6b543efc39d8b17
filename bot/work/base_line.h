#pragma once

#include "store/records.h"
#include "vcs/repository.h"

#include <cstdint>
#include <string>

namespace slipway::work {

/// How far back a commit is looked for on its base branch.
inline constexpr std::size_t kMaxFirstParents = 20'000;

std::string branch_ref(const std::string& branch);

/// Place of a commit on its base branch's first-parent line, counted from the repository's first sight, or
/// since the branch was rewritten: what was there before stands below. Larger is later.
std::int64_t place_on_line(vcs::Repository& repository, const Sha& commit, const store::RepoRow& branch);

/// The base branch before a pull request's merge left `commit` on it. `head` is the pull request's, empty
/// where the git server keeps none of merged ones.
Sha base_before(vcs::Repository& repository, const Sha& head, const Sha& commit);

}  // namespace slipway::work
