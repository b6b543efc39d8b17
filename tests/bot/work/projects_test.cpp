#include "bot/work/projects.h"

#include "bot/config/repo_file.h"
#include "bot/config/yaml.h"
#include "store/sqlite_store.h"
#include "tests/bot/work/world.h"

#include <catch2/catch.hpp>

using namespace slipway;
using namespace slipway::work;

namespace {

const std::string kRoot = "resource \"x\" \"y\" {}\n";

/// A tree, what a pull request does to it, and what a repository's atlantis.yaml says.
struct Room {
  World world;
  FakeRepository& repository = world.repositories.repository;
  FakeRepository::Files before;
  std::string file;
  bool destroy_removed = false;

  Room() {
    world.start([&] { return store::open_sqlite(world.data_dir()); });
  }

  Found find(const FakeRepository::Files& after) {
    auto config = *world.tools().config.repo({"github", "acme/infra"});
    config.destroy_removed = destroy_removed;
    if (!file.empty()) {
      auto read = config::with_repo_file(config, {"atlantis.yaml", "version: 3\n" + file, "main"});
      REQUIRE(read);
      config = *read;
    }
    const auto tree = [&](const FakeRepository::Files& files) {
      return repository.tree_of(repository.commit(files, {}));
    };
    return find_projects(world.tools(), repository, config, tree(before), tree(after));
  }
  /// With one more line in these files.
  Found touch(const std::vector<std::string>& paths) {
    FakeRepository::Files after = before;
    for (const std::string& path : paths) after[path] += "# more\n";
    return find(after);
  }
};

std::vector<std::string> names(const Found& found) {
  std::vector<std::string> out;
  for (const auto& project : found.projects) out.push_back(to_string(project.id));
  return out;
}
using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a list is all there is, and says by patterns what touches a project") {
  Room room;
  room.before = {{"net/main.tf", kRoot}, {"web/main.tf", kRoot}, {"shared/a.json", "{}"}};
  room.file = "projects:\n  - {dir: web, name: shop, autoplan: {when_modified: ['*.tf', ../shared/**]}}\n";
  CHECK(names(room.touch({"net/main.tf"})).empty());
  CHECK(names(room.touch({"web/main.tf"})) == Names{"shop"});
  CHECK(names(room.touch({"shared/a.json"})) == Names{"shop"});
  CHECK(names(room.touch({"web/README.md"})).empty());
}

TEST_CASE("a listed directory that is no project by its look is planned as Atlantis would") {
  Room room;
  room.before = {{"examples/one/main.tf", kRoot}, {"examples/one/README.md", ""}};
  CHECK(names(room.touch({"examples/one/main.tf"})).empty());
  room.file = "projects: [{dir: examples/one}]\n";
  CHECK(names(room.touch({"examples/one/main.tf"})) == Names{"examples/one"});
  CHECK(names(room.touch({"examples/one/README.md"})).empty());
}

TEST_CASE("a directory that is written as a pattern is every project that it means") {
  Room room;
  room.before = {{"envs/a/main.tf", kRoot}, {"envs/b/main.tf", kRoot}, {"net/main.tf", kRoot}};
  room.file = "projects:\n  - {dir: 'envs/*'}\n  - {dir: envs/b, name: bee}\n";
  const Names both = {"bee", "envs/a"};
  CHECK(names(room.touch({"envs/a/main.tf", "envs/b/main.tf", "net/main.tf"})) == both);
}

TEST_CASE("projects are found besides a list where the file asks for it") {
  Room room;
  room.before = {{"net/main.tf", kRoot}, {"web/main.tf", kRoot}, {"lab/x/main.tf", kRoot}};
  room.file =
      "projects: [{dir: net, name: network}]\nautodiscover: {mode: enabled, ignore_paths: ['lab/**']}\n";
  CHECK(names(room.touch({"net/main.tf", "web/main.tf", "lab/x/main.tf"})) == Names{"network", "web"});
  room.file = "autodiscover: {mode: disabled}\n";
  CHECK(names(room.touch({"net/main.tf"})).empty());
}

TEST_CASE("a project waits for those it names and, of its pull request, for lower groups") {
  Room room;
  room.before = {{"a/main.tf", kRoot}, {"b/main.tf", kRoot}, {"c/main.tf", kRoot}, {"d/main.tf", kRoot}};
  room.file =
      "projects:\n  - {dir: a}\n  - {dir: b, execution_order_group: 1}\n"
      "  - {dir: c, execution_order_group: 2, depends_on: [d]}\n  - {dir: d}\n";
  const Found found = room.touch({"a/main.tf", "b/main.tf", "c/main.tf"});
  REQUIRE(names(found) == Names{"a", "b", "c"});
  const auto id = [](const char* dir) { return ProjectId{dir, "default", {}}; };
  CHECK(found.projects[0].depends_on.empty());
  CHECK(found.projects[1].depends_on == std::vector<ProjectId>{id("a")});
  CHECK(found.projects[2].depends_on == std::vector<ProjectId>{id("d"), id("a"), id("b")});
}

TEST_CASE("a project whose directory is gone is told of, listed or found") {
  Room room;
  room.before = {{"net/main.tf", kRoot}, {"web/main.tf", kRoot}};
  for (const std::string file : {"", "projects: [{dir: net}]\n"}) {
    room.file = file;
    const Found found = room.find({{"web/main.tf", kRoot}});
    CHECK(found.projects.empty());
    REQUIRE(found.notes.size() == 1);
    CHECK(found.notes.front().find("The project `net` is removed") == 0);
  }
}

TEST_CASE("a project that never was there is not planned, and said") {
  Room room;
  room.before = {{"web/README.md", ""}};
  room.file = "projects: [{dir: web, autoplan: {when_modified: ['*']}}]\n";
  const Found found = room.touch({"web/README.md"});
  CHECK(found.projects.empty());
  REQUIRE(found.notes.size() == 1);
  CHECK(found.notes.front().find("has no Terraform files") != std::string::npos);
}

TEST_CASE("a removed project that lives on elsewhere is not destroyed, and that is said") {
  const auto with_key = [](const std::string& key) {
    return "terraform {\n  backend \"s3\" {\n    key = \"" + key + "\"\n  }\n}\n" + kRoot;
  };
  Room room;
  room.destroy_removed = true;
  room.before = {{"net/main.tf", with_key("net")}, {"web/main.tf", with_key("web")}};
  const Found gone = room.find({{"web/main.tf", with_key("web")}});
  REQUIRE(names(gone) == Names{"net"});
  CHECK(gone.projects.front().removed_from ==
        room.repository.tree_of(room.repository.commit(room.before, {})));
  CHECK(gone.notes.front().find("what it made is destroyed") != std::string::npos);

  const Found shared = room.find({{"web/main.tf", with_key("web")}, {"core/net.tf", with_key("net")}});
  CHECK(names(shared) == Names{"core"});
  CHECK(shared.notes.front().find("by their backends `core` may keep the same state") != std::string::npos);
}

TEST_CASE("a removed project waits for those that stood on it") {
  Room room;
  room.destroy_removed = true;
  room.before = {{"net/main.tf", kRoot}, {"web/main.tf", kRoot}};
  room.file = "projects:\n  - {dir: net, name: net}\n  - {dir: web, depends_on: [net]}\n";
  const ProjectId net = {"net", "default", "net"};
  const ProjectId web = {"web", "default", {}};
  const Found one = room.find({{"web/main.tf", kRoot + "# let go\n"}});
  REQUIRE(names(one) == Names{"web", "net"});
  CHECK(one.projects[0].depends_on.empty());
  CHECK(one.projects[1].depends_on == std::vector<ProjectId>{web});
  const Found both = room.find({{"README.md", ""}});
  REQUIRE(names(both) == Names{"net", "web"});
  CHECK(both.projects[0].depends_on == std::vector<ProjectId>{web});
  CHECK(both.projects[1].depends_on.empty());
}
