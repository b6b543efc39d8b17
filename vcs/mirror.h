#pragma once

#include "core/guarded.h"
#include "vcs/checkout.h"
#include "vcs/fetch_request.h"
#include "vcs/git.h"
#include "vcs/repository.h"

#include <memory>
#include <string>

namespace slipway::vcs {

/// One repository's bare mirror (DIR/mirrors/<repo>.git) and the checkouts of its trees (DIR/trees/<repo>/).
/// Nothing is made on disk before the first fetch or checkout.
class Mirror final : public Repository {
 public:
  Mirror(std::string directory, RepoId repo, Children& children, FetchLimits limits);

  void fetch(const GitAccess& access, const std::string& branch, const std::string& pull_ref,
             std::stop_token stop) override;
  void fetch_commit(const GitAccess& access, const Sha& commit, std::stop_token stop) override;
  std::optional<Sha> head(const std::string& ref) const override;
  MergeResult merge(const Sha& base, const Sha& head) override;
  Sha tree_of(const Sha& commit) const override;
  Sha merge_base(const Sha& a, const Sha& b) const override;
  bool contains(const Sha& commit, const Sha& ancestor) const override;
  std::vector<Sha> first_parents(const Sha& from, const Sha& until, std::size_t limit) const override;
  std::vector<Sha> parents(const Sha& commit) const override;
  std::vector<PathChange> changed(const Sha& from_tree, const Sha& to_tree) const override;
  std::vector<TreeEntry> entries(const Sha& tree) const override;
  std::optional<TreeEntry> find(const Sha& tree, const std::string& path) const override;
  std::string blob(const Sha& id, std::size_t limit) const override;
  std::shared_ptr<Checkout> checkout(const Sha& tree, std::stop_token stop) override;

 private:
  FetchRequest request_to(const GitAccess& access) const;
  void fetch_alone(const FetchRequest& request, std::stop_token stop);
  GitRepository open() const;
  std::string doing(std::string_view what) const;

  std::string directory_;
  RepoId repo_;
  std::string path_;
  Children& children_;
  FetchLimits limits_;
  Guarded<bool> fetching_;
  Guarded<std::unique_ptr<Checkouts>> checkouts_;
};

/// A name for the repository's files, flat, so that no repository's folder lies in another's:
/// github+acme+infra.
std::string folder_name(const RepoId& repo);

}  // namespace slipway::vcs
