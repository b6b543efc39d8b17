#include "bot/work/base_line.h"

#include <algorithm>
#include <vector>

namespace slipway::work {
namespace {

/// What a pull request adds to its base branch, oldest first; merges of the base into it add nothing.
std::vector<Sha> own_commits(vcs::Repository& repository, const Sha& base, const Sha& head) {
  std::vector<Sha> out;
  for (const Sha& commit : repository.first_parents(head, {}, kMaxFirstParents)) {
    if (repository.contains(base, commit)) break;
    if (repository.parents(commit).size() < 2) out.push_back(commit);
  }
  std::reverse(out.begin(), out.end());
  return out;
}

}  // namespace

std::string branch_ref(const std::string& branch) { return "refs/heads/" + branch; }

std::int64_t place_on_line(vcs::Repository& repository, const Sha& commit, const store::RepoRow& branch) {
  const Sha& start = branch.counted_from.empty() ? branch.baseline : branch.counted_from;
  const auto steps = [&](const Sha& from, const Sha& until) {
    return static_cast<std::int64_t>(repository.first_parents(from, until, kMaxFirstParents).size());
  };
  if (!start.empty() && repository.contains(start, commit)) return branch.place - steps(start, commit);
  return branch.place + steps(commit, start);
}

// A merge commit and a squash stand right on it. A rebase left as many
// commits as the pull request had, each with the tree that merging the pull request's one gives: a squash of
// a branch that had merged its base looks like one by its last tree alone.
Sha base_before(vcs::Repository& repository, const Sha& head, const Sha& commit) {
  const auto parents = repository.parents(commit);
  if (parents.empty()) return {};
  if (parents.size() > 1 || head.empty()) return parents.front();
  const auto own = own_commits(repository, parents.front(), head);
  const auto line = repository.first_parents(commit, {}, own.size() + 1);
  if (own.size() < 2 || line.size() <= own.size()) return parents.front();
  const Sha& before = line.back();
  for (std::size_t i = 0; i < own.size(); ++i) {
    if (repository.merge(before, own[i]).tree != repository.tree_of(line[own.size() - 1 - i]))
      return parents.front();
  }
  return before;
}

}  // namespace slipway::work
