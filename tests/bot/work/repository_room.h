#pragma once

#include "tests/bot/work/world.h"

#include <string>
#include <vector>

namespace slipway::work {

/// A running bot and a repository whose base branch holds these files: pull requests of any files are opened
/// and merged, and what follows is worked off.
struct RepositoryRoom {
  explicit RepositoryRoom(const FakeRepository::Files& on_main, const std::string& more_config = {});

  /// A main.tf that asks for these resources.
  static std::string resources(const std::string& names);

  FakeRepository::Files files() const;
  /// A commit right on the base branch.
  void commit(const FakeRepository::Files& files);
  /// A pull request that leaves these files.
  std::int64_t open_leaving(const FakeRepository::Files& files);
  /// A pull request that changes or adds these files.
  std::int64_t open(const FakeRepository::Files& changes);
  void merge(std::int64_t number);
  void tell(std::int64_t number);

  std::vector<Change> changes(std::int64_t number);
  /// The bot's first comment.
  std::string comment(std::int64_t number);

  World world;
  FakeRepository& repository = world.repositories.repository;
};

}  // namespace slipway::work
