#pragma once

#include "vcs/repository.h"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace slipway::work {

/// A repository in memory: commits with trees of files. Merges file by file; a file that both sides changed
/// conflicts.
class FakeRepository final : public vcs::Repository {
 public:
  using Files = std::map<std::string, std::string>;

  /// A new commit; its id and its tree's follow from what it holds.
  Sha commit(const Files& files, std::vector<Sha> parents);
  const Files& files(const Sha& tree) const { return trees_.at(tree); }
  /// What the files below a directory ask for: the words behind "resources:" in each.
  std::set<std::string> resources(const Sha& tree, const std::string& dir) const;
  std::map<std::string, Sha> refs;  // at the forge; fetched or not makes no difference here
  std::function<void()> on_fetch;   // may throw; empty: a fetch is quick

  void fetch(const vcs::GitAccess&, const std::string&, const std::string&, std::stop_token) override {
    if (on_fetch) on_fetch();
  }
  void fetch_commit(const vcs::GitAccess&, const Sha&, std::stop_token) override {}
  std::optional<Sha> head(const std::string& ref) const override;
  vcs::MergeResult merge(const Sha& base, const Sha& head) override;
  Sha tree_of(const Sha& commit) const override { return commits_.at(commit).tree; }
  Sha merge_base(const Sha& a, const Sha& b) const override;
  bool contains(const Sha& commit, const Sha& ancestor) const override;
  std::vector<Sha> first_parents(const Sha& from, const Sha& until, std::size_t limit) const override;
  std::vector<Sha> parents(const Sha& commit) const override { return commits_.at(commit).parents; }
  std::vector<vcs::PathChange> changed(const Sha& from_tree, const Sha& to_tree) const override;
  std::vector<vcs::TreeEntry> entries(const Sha& tree) const override;
  std::optional<vcs::TreeEntry> find(const Sha& tree, const std::string& path) const override;
  std::string blob(const Sha& id, std::size_t limit) const override;
  std::shared_ptr<vcs::Checkout> checkout(const Sha& tree, std::stop_token stop) override;

 private:
  struct Commit {
    Sha tree;
    std::vector<Sha> parents;
  };
  Sha keep(const Files& files);
  std::vector<Sha> ancestors(const Sha& commit) const;

  std::map<Sha, Files> trees_;
  std::map<Sha, Commit> commits_;
  std::map<Sha, std::string> blobs_;
};

class FakeRepositories final : public vcs::Repositories {
 public:
  vcs::Repository& of(const RepoId&) override { return repository; }
  FakeRepository repository;
};

}  // namespace slipway::work
