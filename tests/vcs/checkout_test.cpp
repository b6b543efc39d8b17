#include "vcs/checkout.h"

#include "core/failure.h"
#include "core/guarded.h"
#include "tests/vcs/git_room.h"

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <thread>

namespace slipway::vcs {
namespace {

namespace fs = std::filesystem;
using Lines = std::vector<std::string>;

struct Room {
  TempFolder folder;
  GitRoom git{folder / "infra.git"};
  std::string trees = folder / "trees";
  std::unique_ptr<Checkouts> checkouts = std::make_unique<Checkouts>(trees, git.path());
  std::stop_token stop;

  std::shared_ptr<Checkout> lease(const Sha& tree) { return checkouts->lease(tree, stop); }
  std::shared_ptr<Checkout> lease(const NewFiles& files) { return lease(git.tree(files)); }
  /// The server ends (leases are not given back, as when it is killed) and another one starts.
  void restart() { checkouts = std::make_unique<Checkouts>(trees, git.path()); }
  std::size_t slots() const {
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(trees)) count += entry.is_directory();
    return count;
  }
  /// Brings one slot from the first tree to the second and says what it holds then.
  Lines brought(const NewFiles& from, const NewFiles& to) {
    const std::string first = lease(from)->path();
    const auto second = lease(to);
    CHECK(second->path() == first);
    return listing(second->path());
  }
};

ino_t inode(const std::string& path) {
  struct stat about{};
  REQUIRE(::stat(path.c_str(), &about) == 0);
  return about.st_ino;
}

}  // namespace

TEST_CASE("a checkout holds the tree and nothing else") {
  Room room;
  const Sha commit = room.git.commit({{"x", "1"}});
  const auto checkout = room.lease({{"main.tf", "a"},
                                    {"bin/run", NewFile("#!", kProgram)},
                                    {"deep/er/file", "b"},
                                    {"deep/link", NewFile("er/file", kLink)},
                                    {"module", NewFile(commit, kSubmodule)}});
  CHECK(fs::path(checkout->path()).is_absolute());
  CHECK(listing(checkout->path()) ==
        Lines{"bin/run* #!", "deep/er/file: b", "deep/link -> er/file", "main.tf: a", "module/"});
}

TEST_CASE("files come as they were committed, whatever the attributes say") {
  Room room;
  const std::string pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n";
  const auto checkout = room.lease({{".gitattributes", "* text eol=crlf\n*.bin filter=lfs\n*.id ident\n"},
                                    {"a.txt", "one\ntwo\n"},
                                    {"b.txt", "one\r\ntwo\r\n"},
                                    {"c.bin", NewFile(pointer)},
                                    {"d.id", "$Id$\n"}});
  const auto found = listing(checkout->path());
  CHECK(std::find(found.begin(), found.end(), "a.txt: one\ntwo\n") != found.end());
  CHECK(std::find(found.begin(), found.end(), "b.txt: one\r\ntwo\r\n") != found.end());
  CHECK(std::find(found.begin(), found.end(), "c.bin: " + pointer) != found.end());
  CHECK(std::find(found.begin(), found.end(), "d.id: $Id$\n") != found.end());
}

TEST_CASE("the same tree is shared, and stays until the last lease ends") {
  Room room;
  const Sha tree = room.git.tree({{"a", "1"}});
  auto first = room.lease(tree);
  const auto second = room.lease(tree);
  CHECK(first->path() == second->path());
  first.reset();
  const auto other = room.lease({{"a", "2"}});
  CHECK(other->path() != second->path());
  CHECK(listing(second->path()) == Lines{"a: 1"});
}

TEST_CASE("an idle slot is brought to the next tree by what differs") {
  Room room;
  const std::string path = room.lease({{"same", "s"}, {"changed", "1"}, {"gone/deep/file", "x"}})->path();
  const ino_t untouched = inode(path + "/same");
  const auto next = room.lease({{"same", "s"}, {"changed", "2"}, {"new/file", "y"}});
  CHECK(next->path() == path);
  CHECK(listing(path) == Lines{"changed: 2", "new/file: y", "same: s"});
  CHECK(inode(path + "/same") == untouched);
}

TEST_CASE("every change of a file's type is followed") {
  Room room;
  const Sha commit = room.git.commit({{"x", "1"}});
  const NewFile module(commit, kSubmodule);
  CHECK(room.brought({{"a", "x"}}, {{"a/b/c", "x"}}) == Lines{"a/b/c: x"});
  CHECK(room.brought({{"a/b/c", "x"}, {"a/d", "y"}}, {{"a", "x"}}) == Lines{"a: x"});
  CHECK(room.brought({{"a", "x"}}, {{"a", NewFile("b", kLink)}}) == Lines{"a -> b"});
  CHECK(room.brought({{"a", NewFile("b", kLink)}, {"b/f", "1"}}, {{"a/f", "2"}, {"b/f", "1"}}) ==
        Lines{"a/f: 2", "b/f: 1"});
  CHECK(room.brought({{"a", "x"}}, {{"a", NewFile("x", kProgram)}}) == Lines{"a* x"});
  CHECK(room.brought({{"a", module}}, {{"a/f", "1"}}) == Lines{"a/f: 1"});
  CHECK(room.brought({{"a/f", "1"}}, {{"a", module}}) == Lines{"a/"});
  CHECK(room.brought({{"a", module}, {"b", "1"}}, {{"b", "1"}}) == Lines{"b: 1"});
  CHECK(room.brought({{"a", NewFile("b", kLink)}}, {{"a", NewFile("c", kLink)}}) == Lines{"a -> c"});
  CHECK(room.brought({{"a-b", "1"}, {"a/b", "2"}, {"a.b", "3"}}, {{"a", "4"}, {"a-b/c", "5"}}) ==
        Lines{"a-b/c: 5", "a: 4"});
}

TEST_CASE("a link that leaves the tree becomes a loop, and fails only who reads it") {
  Room room;
  const auto checkout = room.lease({{"out", NewFile("/etc/passwd", kLink)},
                                    {"d/up", NewFile("../../x", kLink)},
                                    {"d/in", NewFile("../ok", kLink)},
                                    {"ok", "1"}});
  CHECK(listing(checkout->path()) == Lines{"d/in -> ../ok", "d/up -> up", "ok: 1", "out -> out"});
  errno = 0;
  CHECK(::open((checkout->path() + "/out").c_str(), O_RDONLY) == -1);
  CHECK(errno == ELOOP);
}

TEST_CASE("a chain of links can't leave the tree either") {
  Room room;
  const auto checkout =
      room.lease({{"p/here", NewFile(".", kLink)}, {"p/q/out", NewFile("../here/../../../etc", kLink)}});
  CHECK(listing(checkout->path()) == Lines{"p/here -> .", "p/q/out -> out"});
}

TEST_CASE("a hostile tree is refused whole, and the slot is good for the next") {
  Room room;
  const Sha blob = room.git.blob("x");
  for (const auto name : {".git", "..", ".Git"}) {
    INFO(name);
    CHECK_THROWS_AS(room.lease(room.git.raw_tree({{kPlainFile, name, blob}})), Failure);
  }
  CHECK(listing(room.lease({{"a", "1"}})->path()) == Lines{"a: 1"});
  CHECK(room.slots() == 1);
  CHECK_FALSE(fs::exists(room.trees + "/x"));
}

TEST_CASE("slots are known again after a restart") {
  Room room;
  const Sha tree = room.git.tree({{"a", "1"}});
  const std::string path = room.lease(tree)->path();
  const ino_t before = inode(path + "/a");
  room.restart();
  const auto again = room.lease(tree);
  CHECK(again->path() == path);
  CHECK(inode(path + "/a") == before);
}

TEST_CASE("a slot that was being written when the server died is made anew") {
  Room room;
  const Sha tree = room.git.tree({{"a", "1"}});
  const std::string path = room.lease(tree)->path();
  fs::remove(path + ".whole");
  std::ofstream(path + "/half") << "written";
  room.restart();
  const auto again = room.lease(tree);
  CHECK(again->path() == path);
  CHECK(listing(path) == Lines{"a: 1"});
}

TEST_CASE("a slot of another boot, or with a mark that nobody understands, is made anew") {
  Room room;
  const Sha tree = room.git.tree({{"a", "1"}});
  const std::string path = room.lease(tree)->path();
  for (const std::string& mark : {tree + " another-boot\n", std::string("nonsense"), std::string()}) {
    std::ofstream(path + ".whole", std::ios::trunc) << mark;
    std::ofstream(path + "/stray") << "x";
    room.restart();
    CHECK(listing(room.lease(tree)->path()) == Lines{"a: 1"});
  }
}

TEST_CASE("a slot that a run of the last server may still read is shared, but never changed") {
  Room room;
  const Sha tree = room.git.tree({{"a", "1"}});
  const auto held = room.lease(tree);
  room.restart();
  CHECK(room.lease({{"a", "2"}})->path() != held->path());
  CHECK(room.lease(tree)->path() == held->path());
  CHECK(room.lease({{"a", "3"}})->path() != held->path());
  room.restart();
  CHECK(room.lease({{"a", "4"}})->path() != held->path());
  CHECK(listing(held->path()) == Lines{"a: 1"});
}

TEST_CASE("a lease of a day ago holds nothing any more") {
  Room room;
  const Sha tree = room.git.tree({{"a", "1"}});
  const auto held = room.lease(tree);
  std::ifstream in(held->path() + ".leased");
  std::string since, boot;
  in >> since >> boot;
  std::ofstream(held->path() + ".leased", std::ios::trunc)
      << to_millis(SystemClock().now() - kMaxHeldOver - std::chrono::hours(1)) << ' ' << boot << '\n';
  room.restart();
  CHECK(room.lease({{"a", "2"}})->path() == held->path());
}

TEST_CASE("a checkout that fails or is stopped half way leaves no slot that is believed whole") {
  Room room;
  const std::string path = room.lease({{"a", "1"}, {"b/c", "1"}})->path();
  fs::remove_all(path + "/b");
  std::ofstream(path + "/b") << "in the way";
  CHECK_THROWS_AS(room.lease({{"a", "2"}, {"b/c", "2"}}), Failure);
  CHECK(listing(room.lease({{"a", "2"}, {"b/c", "2"}})->path()) == Lines{"a: 2", "b/c: 2"});

  std::stop_source source;
  source.request_stop();
  CHECK_THROWS_AS(room.checkouts->lease(room.git.tree({{"a", "3"}}), source.get_token()), Stopped);
  CHECK(listing(room.lease({{"a", "3"}})->path()) == Lines{"a: 3"});
  CHECK(room.slots() == 1);
}

TEST_CASE("idle slots beyond a few are removed") {
  Room room;
  std::vector<std::shared_ptr<Checkout>> leases;
  for (int i = 0; i < 10; ++i) leases.push_back(room.lease({{"a", NewFile(std::to_string(i))}}));
  CHECK(room.slots() == 10);
  leases.clear();
  CHECK(room.slots() == kMaxIdleSlots);
  room.lease({{"a", "x"}});
  CHECK(room.slots() == kMaxIdleSlots);
}

TEST_CASE("a lease may outlive the pool") {
  Room room;
  const auto lease = room.lease({{"a", "1"}});
  room.checkouts.reset();
  CHECK(listing(lease->path()) == Lines{"a: 1"});
}

TEST_CASE("many threads that want few trees get each what it asked for") {
  Room room;
  std::vector<Sha> trees;
  for (int i = 0; i < 3; ++i)
    trees.push_back(room.git.tree({{"a", NewFile(std::to_string(i))}, {"b/c", "same"}}));
  Guarded<int> wrong;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < 30; ++i) {
          const auto which = static_cast<std::size_t>((t + i) % 3);
          const auto lease = room.checkouts->lease(trees[which], {});
          if (listing(lease->path()) != Lines{"a: " + std::to_string(which), "b/c: same"})
            wrong.with([](int& count) { ++count; });
        }
      });
    }
  }
  CHECK(wrong.with([](int count) { return count; }) == 0);
}

}  // namespace slipway::vcs
