#include "vcs/simple_merge.h"

#include "tests/vcs/git_room.h"

#include <catch2/catch.hpp>

#include <random>

namespace slipway::vcs {
namespace {

struct Room {
  TempFolder folder;
  GitRoom git{folder / "infra.git"};
  GitRepository repository = open_repository(git.path());

  Sha simply(const Sha& ancestor, const Sha& ours, const Sha& theirs) const {
    const auto tree = simple_merge(repository.get(), {oid_of(ancestor), oid_of(ours), oid_of(theirs)});
    return tree ? sha_of(*tree) : Sha();
  }

  /// libgit2's own merge; empty when it is a conflict.
  Sha by_libgit2(const Sha& ancestor, const Sha& ours, const Sha& theirs) const {
    const auto tree = [&](const Sha& id) {
      const git_oid oid = oid_of(id);
      return made<GitTree>("reading", git_tree_lookup, repository.get(), &oid);
    };
    git_merge_options options = GIT_MERGE_OPTIONS_INIT;
    const auto index = made<GitIndex>("merging", git_merge_trees, repository.get(),
                                      static_cast<const git_tree*>(tree(ancestor).get()),
                                      static_cast<const git_tree*>(tree(ours).get()),
                                      static_cast<const git_tree*>(tree(theirs).get()), &options);
    if (git_index_has_conflicts(index.get()) != 0) return {};
    git_oid out;
    must(git_index_write_tree_to(&out, index.get(), repository.get()), "writing");
    return sha_of(out);
  }
};

/// A small tree whose files each side may keep, change, drop or add.
NewFiles varied(NewFiles files, std::mt19937& random, int changes) {
  constexpr const char* kPaths[] = {"a", "b", "d/a", "d/b", "d/e/a", "d/e/b", "f/a", "g", "h/a", "h/i/j"};
  for (int i = 0; i < changes; ++i) {
    const std::string path = kPaths[random() % std::size(kPaths)];
    if (random() % 3 == 0) {
      files.erase(path);
    } else {
      files.insert_or_assign(
          path, NewFile(std::to_string(random() % 4), random() % 5 == 0 ? kProgram : kPlainFile));
    }
  }
  return files;
}

}  // namespace

TEST_CASE("what only one side changed is taken from it, folder by folder") {
  Room room;
  const Sha ancestor = room.git.tree({{"a/x", "1"}, {"a/y", "1"}, {"b", "1"}, {"c/z", "1"}});
  const Sha ours = room.git.tree({{"a/x", "2"}, {"a/y", "1"}, {"b", "1"}});
  const Sha theirs = room.git.tree({{"a/x", "1"}, {"a/y", "2"}, {"b", "1"}, {"c/z", "1"}, {"d", "new"}});
  CHECK(room.simply(ancestor, ours, theirs) ==
        room.git.tree({{"a/x", "2"}, {"a/y", "2"}, {"b", "1"}, {"d", "new"}}));
}

TEST_CASE("a folder that both sides emptied is gone") {
  Room room;
  const Sha ancestor = room.git.tree({{"a/x", "1"}, {"a/y", "1"}, {"b", "1"}});
  const Sha ours = room.git.tree({{"a/y", "1"}, {"b", "1"}});
  const Sha theirs = room.git.tree({{"a/x", "1"}, {"b", "1"}});
  CHECK(room.simply(ancestor, ours, theirs) == room.git.tree({{"b", "1"}}));
}

TEST_CASE("a file that both sides touched is not merged simply, even where they agree") {
  Room room;
  const Sha ancestor = room.git.tree({{"a", "1"}});
  CHECK(room.simply(ancestor, room.git.tree({{"a", "2"}}), room.git.tree({{"a", "3"}})).empty());
  CHECK(room.simply(ancestor, room.git.tree({{"a", "2"}}), room.git.tree({{"a", "2"}})).empty());
  CHECK(room.simply(ancestor, room.git.tree({{"a/b", "2"}}), room.git.tree({{"a", "3"}})).empty());
  CHECK(
      room.simply(ancestor, room.git.tree({{"a", "2"}, {"b", "x"}}), room.git.tree({{"a", "1"}, {"b", "y"}}))
          .empty());
  CHECK(room.simply(ancestor, room.git.tree({{"moved", "1"}}), room.git.tree({{"elsewhere", "1"}})).empty());
}

TEST_CASE("where it merges at all it merges as libgit2 does") {
  Room room;
  std::mt19937 random(20261122);
  int merged = 0;
  for (int i = 0; i < 1'000; ++i) {
    const NewFiles start = varied({{"keep", "0"}}, random, 8);
    const Sha ancestor = room.git.tree(start);
    const Sha ours = room.git.tree(varied(start, random, 2));
    const Sha theirs = room.git.tree(varied(start, random, 2));
    const Sha tree = room.simply(ancestor, ours, theirs);
    if (tree.empty()) continue;
    ++merged;
    INFO("round " << i);
    CHECK(tree == room.by_libgit2(ancestor, ours, theirs));
  }
  CHECK(merged > 100);
}

}  // namespace slipway::vcs
