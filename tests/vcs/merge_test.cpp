#include "vcs/merge.h"

#include "core/failure.h"
#include "tests/vcs/git_room.h"
#include "vcs/history.h"

#include <catch2/catch.hpp>

namespace slipway::vcs {
namespace {

struct Room {
  TempFolder folder;
  GitRoom git{folder / "infra.git"};

  MergeResult merge(const Sha& base, const Sha& head) const {
    return merge_commits(open_repository(git.path()).get(), base, head);
  }
  std::vector<std::string> paths(const Sha& tree) const {
    std::vector<std::string> out;
    for (const auto& entry : entries_of(open_repository(git.path()).get(), tree)) out.push_back(entry.path);
    return out;
  }
};

const std::string kLong = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\n";

std::string with(std::string text, std::string_view line, std::string_view by) {
  return text.replace(text.find(line), line.size(), by);
}

}  // namespace

TEST_CASE("changes of both sides are in the merged tree") {
  Room room;
  const Sha root = room.git.commit({{"main.tf", kLong}, {"old.tf", "x"}});
  const Sha base = room.git.commit({{"main.tf", with(kLong, "one", "ONE")}, {"old.tf", "x"}}, {root});
  const Sha head = room.git.commit({{"main.tf", with(kLong, "eight", "EIGHT")}, {"new.tf", "y"}}, {root});
  const MergeResult merged = room.merge(base, head);
  CHECK(merged.base == base);
  CHECK(merged.head == head);
  CHECK(merged.conflicts.empty());
  CHECK(merged.tree ==
        room.git.tree({{"main.tf", with(with(kLong, "one", "ONE"), "eight", "EIGHT")}, {"new.tf", "y"}}));
}

TEST_CASE("a head that is ahead of its base merges to its own tree") {
  Room room;
  const Sha base = room.git.commit({{"main.tf", "a"}});
  const Sha head = room.git.commit({{"main.tf", "b"}}, {base});
  CHECK(room.merge(base, head).tree == room.git.tree({{"main.tf", "b"}}));
}

TEST_CASE("a head that the base already has merges to the base's tree") {
  Room room;
  const Sha head = room.git.commit({{"main.tf", "a"}});
  const Sha base = room.git.commit({{"main.tf", "b"}}, {head});
  CHECK(room.merge(base, head).tree == room.git.tree({{"main.tf", "b"}}));
  CHECK(room.merge(base, base).tree == room.git.tree({{"main.tf", "b"}}));
}

TEST_CASE("conflicts are named by path, and there is no tree then") {
  Room room;
  const Sha root = room.git.commit({{"a.tf", "1\n"}, {"b.tf", "1\n"}, {"c.tf", "1\n"}});
  const Sha base = room.git.commit({{"a.tf", "2\n"}, {"b.tf", "1\n"}, {"c.tf", "2\n"}}, {root});
  const Sha head = room.git.commit({{"a.tf", "3\n"}, {"b.tf", "3\n"}}, {root});
  const MergeResult merged = room.merge(base, head);
  CHECK(merged.tree.empty());
  CHECK(merged.conflicts == std::vector<std::string>{"a.tf", "c.tf"});
}

TEST_CASE("of very many conflicts only so many are named") {
  Room room;
  NewFiles root, base, head;
  for (int i = 0; i < 80; ++i) {
    const std::string path = "f" + std::to_string(i);
    root.emplace(path, "0\n");
    base.emplace(path, "1\n");
    head.emplace(path, "2\n");
  }
  const Sha common = room.git.commit(root);
  CHECK(room.merge(room.git.commit(base, {common}), room.git.commit(head, {common})).conflicts.size() ==
        kMaxConflictsNamed);
}

TEST_CASE("a change follows a file that the other side has moved") {
  Room room;
  const Sha root = room.git.commit({{"net/main.tf", kLong}});
  const Sha base = room.git.commit({{"network/main.tf", kLong}}, {root});
  const Sha head = room.git.commit({{"net/main.tf", with(kLong, "four", "FOUR")}}, {root});
  const MergeResult merged = room.merge(base, head);
  CHECK(merged.tree == room.git.tree({{"network/main.tf", with(kLong, "four", "FOUR")}}));
}

TEST_CASE("histories that cross merge over what they have in common") {
  Room room;
  const auto file = [](std::string_view a, std::string_view b) {
    return std::string(a) + "\n" + kLong + std::string(b) + "\n";
  };
  const Sha root = room.git.commit({{"f", file("a0", "b0")}});
  const Sha left = room.git.commit({{"f", file("a1", "b0")}}, {root});
  const Sha right = room.git.commit({{"f", file("a0", "b1")}}, {root});
  const Sha left2 = room.git.commit({{"f", file("a1", "b1")}}, {left, right});
  const Sha right2 = room.git.commit({{"f", file("a1", "b1")}}, {right, left});
  const Sha base = room.git.commit({{"f", file("a2", "b1")}}, {left2});
  const Sha head = room.git.commit({{"f", file("a1", "b2")}}, {right2});
  CHECK(room.merge(base, head).tree == room.git.tree({{"f", file("a2", "b2")}}));
}

TEST_CASE("histories without a common commit are refused") {
  Room room;
  const Sha base = room.git.commit({{"main.tf", "a"}});
  const Sha head = room.git.commit({{"main.tf", "b"}});
  try {
    room.merge(base, head);
    FAIL("it merged");
  } catch (const Failure& failure) {
    CHECK(failure.retry() == Retry::Never);
    CHECK_THAT(failure.what(), Catch::Contains("no history in common"));
  }
}

TEST_CASE("attributes of the tree name no merge driver") {
  Room room;
  const NewFile attributes("*.tf merge=union\n");
  const Sha root = room.git.commit({{".gitattributes", attributes}, {"a.tf", "1\n"}});
  const Sha base = room.git.commit({{".gitattributes", attributes}, {"a.tf", "2\n"}}, {root});
  const Sha head = room.git.commit({{".gitattributes", attributes}, {"a.tf", "3\n"}}, {root});
  CHECK(room.merge(base, head).conflicts == std::vector<std::string>{"a.tf"});
}

TEST_CASE("a commit that was never fetched is named") {
  Room room;
  const Sha base = room.git.commit({{"a.tf", "1\n"}});
  CHECK_THROWS_WITH(room.merge(base, std::string(40, '1')), Catch::Contains("no commit 1111111"));
  CHECK_THROWS_AS(room.merge(base, "main"), Failure);
}

TEST_CASE("a tree that unfolds to billions of files is refused before it does") {
  Room room;
  const Sha base = room.git.commit({{"a.tf", "1\n"}});
  Sha tree = room.git.tree({{"a", "x"}, {"b", "x"}});
  for (int level = 0; level < 30; ++level) {
    std::vector<GitRoom::Entry> entries;
    for (int i = 0; i < 8; ++i) entries.push_back({kFolder, "d" + std::to_string(i), tree});
    tree = room.git.raw_tree(entries);
  }
  const Sha head = room.git.commit_tree(tree, {base});
  CHECK_THROWS_WITH(room.merge(base, head), Catch::Contains("more than 500000 files"));
}

TEST_CASE("a tree that is deeper than any honest one is refused") {
  Room room;
  const Sha base = room.git.commit({{"a.tf", "1\n"}});
  Sha tree = room.git.tree({{"a", "x"}});
  for (int level = 0; level < 200; ++level) tree = room.git.raw_tree({{kFolder, "d", tree}});
  CHECK_THROWS_WITH(room.merge(base, room.git.commit_tree(tree, {base})), Catch::Contains("deeper"));
}

TEST_CASE("a name that no honest tree has is refused, wherever it stands") {
  Room room;
  const Sha base = room.git.commit({{"a.tf", "1\n"}});
  const Sha blob = room.git.blob("x");
  for (const char* const name : {".git", ".GIT", ".gIt", "git~1", "..", ".", "a\nb", "a\x1b", "a\x7f"}) {
    INFO(name);
    const Sha folder = room.git.raw_tree({{kPlainFile, name, blob}});
    const Sha tree = room.git.raw_tree({{kFolder, "deep", folder}});
    CHECK_THROWS_WITH(room.merge(base, room.git.commit_tree(tree, {base})), Catch::Contains("is refused"));
  }
  const Sha overlong = room.git.raw_tree({{kPlainFile, std::string(300, 'x'), blob}});
  CHECK_THROWS_WITH(room.merge(base, room.git.commit_tree(overlong, {base})), Catch::Contains("is refused"));
}

}  // namespace slipway::vcs
