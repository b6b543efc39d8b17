#include "vcs/history.h"

#include "core/failure.h"
#include "tests/vcs/git_room.h"

#include <catch2/catch.hpp>

namespace slipway::vcs {
namespace {

struct Room {
  TempFolder folder;
  GitRoom git{folder / "infra.git"};
  GitRepository repository = open_repository(git.path());
};

}  // namespace

TEST_CASE("what is reachable and what is common is told by the graph") {
  Room room;
  const Sha root = room.git.commit({{"a", "0"}});
  const Sha one = room.git.commit({{"a", "1"}}, {root});
  const Sha two = room.git.commit({{"a", "2"}}, {root});
  const Sha alone = room.git.commit({{"b", "0"}});
  CHECK(common_ancestor(room.repository.get(), one, two) == root);
  CHECK(common_ancestor(room.repository.get(), one, alone).empty());
  CHECK(reaches(room.repository.get(), one, root));
  CHECK(reaches(room.repository.get(), one, one));
  CHECK_FALSE(reaches(room.repository.get(), root, one));
  CHECK_FALSE(reaches(room.repository.get(), one, std::string(40, '1')));
  CHECK(parents_of(room.repository.get(), one) == std::vector<Sha>{root});
}

TEST_CASE("the first-parent line is the base branch's own") {
  Room room;
  const Sha root = room.git.commit({{"a", "0"}});
  const Sha side = room.git.commit({{"a", "side"}}, {root});
  const Sha one = room.git.commit({{"a", "1"}}, {root});
  const Sha merge = room.git.commit({{"a", "2"}}, {one, side});
  const Sha tip = room.git.commit({{"a", "3"}}, {merge});
  const auto line = [&](const Sha& until, std::size_t limit) {
    return first_parent_line(room.repository.get(), tip, until, limit);
  };
  CHECK(line(root, 100) == std::vector<Sha>{tip, merge, one});
  CHECK(line("", 100) == std::vector<Sha>{tip, merge, one, root});
  CHECK(line(side, 100) == std::vector<Sha>{tip, merge, one, root});
  CHECK(line("", 2) == std::vector<Sha>{tip, merge});
  CHECK(line(tip, 100).empty());
}

TEST_CASE("one file is found by its path without the others being listed") {
  Room room;
  const Sha tree =
      room.git.tree({{"slipway.yaml", "projects: auto"}, {"a/b/c", "x"}, {"link", {"a", kLink}}});
  const auto file = entry_of(room.repository.get(), tree, "slipway.yaml");
  REQUIRE(file);
  CHECK(blob_of(room.repository.get(), file->blob, 100) == "projects: auto");
  CHECK(file->mode == kPlainFile);
  CHECK(entry_of(room.repository.get(), tree, "a/b/c"));
  CHECK(entry_of(room.repository.get(), tree, "a/b")->mode == kFolder);
  CHECK(entry_of(room.repository.get(), tree, "link")->mode == kLink);
  CHECK_FALSE(entry_of(room.repository.get(), tree, "atlantis.yaml"));
  CHECK_FALSE(entry_of(room.repository.get(), tree, "a/b/c/d"));
}

TEST_CASE("added, changed, deleted and renamed files are told apart") {
  Room room;
  const std::string body = "a file\nof several\nlines\nthat is\nrenamed\n";
  const Sha from = room.git.tree({{"a", "1"}, {"b/gone", "x"}, {"c/old", NewFile(body)}, {"same", "s"}});
  const Sha to = room.git.tree({{"a", "2"}, {"c/new", NewFile(body)}, {"d", "added"}, {"same", "s"}});
  const auto changes = changed_paths(room.repository.get(), from, to);
  REQUIRE(changes.size() == 4);
  CHECK((changes[0].path == "a" && changes[0].old_path == "a" && !changes[0].deleted));
  CHECK((changes[1].path == "b/gone" && changes[1].deleted));
  CHECK((changes[2].path == "c/new" && changes[2].old_path == "c/old"));
  CHECK((changes[3].path == "d" && !changes[3].deleted));
  CHECK(changed_paths(room.repository.get(), to, to).empty());
}

TEST_CASE("compared with nothing every file is new") {
  Room room;
  const Sha tree = room.git.tree({{"a", "1"}, {"b/c", "2"}});
  CHECK(changed_paths(room.repository.get(), "", tree).size() == 2);
  const auto gone = changed_paths(room.repository.get(), tree, "");
  REQUIRE(gone.size() == 2);
  CHECK(gone[0].deleted);
}

TEST_CASE("a file that became a link, a program or a folder has changed") {
  Room room;
  const Sha from = room.git.tree({{"a", "x"}, {"b", "x"}, {"c", "x"}});
  const Sha to = room.git.tree({{"a", NewFile("x", kLink)}, {"b", NewFile("x", kProgram)}, {"c/d", "x"}});
  const auto changes = changed_paths(room.repository.get(), from, to);
  std::vector<std::string> paths;
  for (const auto& change : changes) paths.push_back(change.path);
  CHECK(std::find(paths.begin(), paths.end(), "a") != paths.end());
  CHECK(std::find(paths.begin(), paths.end(), "b") != paths.end());
  CHECK(std::find(paths.begin(), paths.end(), "c/d") != paths.end());
}

TEST_CASE("a tree's entries are all its files, by path") {
  Room room;
  const Sha commit = room.git.commit({{"x", "1"}});
  const Sha tree = room.git.tree({{"b.tf", "1"},
                                  {"b/c", NewFile("2", kProgram)},
                                  {"a/d/e", NewFile("../x", kLink)},
                                  {"sub", NewFile(commit, kSubmodule)}});
  const auto entries = entries_of(room.repository.get(), tree);
  REQUIRE(entries.size() == 4);
  CHECK((entries[0].path == "a/d/e" && entries[0].mode == kLink));
  CHECK((entries[1].path == "b.tf" && entries[1].mode == kPlainFile));
  CHECK(entries[1].blob == room.git.blob("1"));
  CHECK((entries[2].path == "b/c" && entries[2].mode == kProgram));
  CHECK((entries[3].path == "sub" && entries[3].mode == kSubmodule));
}

TEST_CASE("a blob is read up to a limit") {
  Room room;
  const Sha blob = room.git.blob(std::string("a\0b", 3));
  CHECK(blob_of(room.repository.get(), blob, 3) == std::string("a\0b", 3));
  CHECK_THROWS_WITH(blob_of(room.repository.get(), blob, 2), Catch::Contains("larger"));
  CHECK_THROWS_AS(blob_of(room.repository.get(), std::string(40, '1'), 2), Failure);
}

}  // namespace slipway::vcs
