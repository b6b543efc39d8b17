#include "vcs/mirror.h"

#include "core/failure.h"
#include "runner/runner.h"
#include "tests/vcs/git_room.h"
#include "tests/vcs/small_server.h"
#include "vcs/repack.h"

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

namespace slipway::vcs {
namespace {

namespace fs = std::filesystem;

/// Children that are looked at on their way.
class WatchedChildren final : public Children {
 public:
  ChildAnswer ask(const ChildRequest& request, std::stop_token stop) override {
    asked.push_back(request);
    return real_->ask(request, stop);
  }
  std::vector<ChildRequest> asked;

 private:
  std::unique_ptr<Children> real_ = runner::make_children();
};

/// A forge's repository, and our mirror of it.
struct Room {
  TempFolder folder;
  GitRoom forge{folder / "acme/infra.git"};
  WatchedChildren children;
  FetchLimits limits{std::chrono::seconds(60), 64u << 20};
  std::unique_ptr<Repositories> repositories = make_repositories(folder / "data", children, limits);
  GitAccess access{forge.path(), "x-access-token", Secret("ghp_hush-hush"), ""};
  std::stop_token stop;

  Room() = default;
  explicit Room(FetchLimits other) : limits(other) {
    repositories = make_repositories(folder / "data", children, limits);
  }
  Repository& ours() { return repositories->of({"github", "acme/infra"}); }
  std::string mirror() const { return folder / "data/mirrors/github+acme+infra.git"; }
  void fetch(const std::string& pull_ref = "") { ours().fetch(access, "main", pull_ref, stop); }

  Failure failure_of_fetch() {
    try {
      fetch();
    } catch (const Failure& failure) {
      return failure;
    }
    throw std::logic_error("it did not fail");
  }
  std::size_t packs() const {
    std::size_t count = 0;
    for (const auto& file : fs::directory_iterator(mirror() + "/objects/pack"))
      count += file.path().extension() == ".pack";
    return count;
  }
};

/// The same, spoken to over HTTP.
struct HttpRoom : Room {
  SmallServer server;
  explicit HttpRoom(const std::string& password = "") : server(git_over_http(folder.path(), password)) {
    access.url = server.url() + "/acme/infra.git";
  }
};

std::string all_files_of(const std::string& folder) {
  std::string out;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    out.append(std::istreambuf_iterator<char>(in), {});
  }
  return out;
}

}  // namespace

TEST_CASE("a branch and a pull request's ref are fetched as they are now") {
  Room room;
  const Sha base = room.forge.commit({{"main.tf", "a"}});
  const Sha head = room.forge.commit({{"main.tf", "b"}}, {base});
  room.forge.set("refs/heads/main", base);
  room.forge.set("refs/heads/other", base);
  room.forge.set("refs/pull/12/head", head);
  CHECK_FALSE(room.ours().head("main").has_value());
  room.fetch("refs/pull/12/head");
  CHECK(room.ours().head("main") == base);
  CHECK(room.ours().head("refs/heads/main") == base);
  CHECK(room.ours().head("refs/pull/12/head") == head);
  CHECK_FALSE(room.ours().head("other").has_value());
  CHECK(room.ours().contains(head, base));
  CHECK(room.ours().tree_of(head) == room.forge.tree({{"main.tf", "b"}}));

  const Sha forced = room.forge.commit({{"main.tf", "c"}});
  room.forge.set("refs/heads/main", forced);
  room.fetch();
  CHECK(room.ours().head("main") == forced);
}

TEST_CASE("a ref that is gone from the forge is gone from the mirror") {
  Room room;
  const Sha base = room.forge.commit({{"main.tf", "a"}});
  room.forge.set("refs/heads/main", base);
  room.forge.set("refs/pull/12/head", base);
  room.fetch("refs/pull/12/head");
  room.forge.drop("refs/pull/12/head");
  room.fetch("refs/pull/12/head");
  CHECK(room.ours().head("main") == base);
  CHECK_FALSE(room.ours().head("refs/pull/12/head").has_value());
}

TEST_CASE("a branch that makes room for a folder of branches is followed") {
  Room room;
  const Sha base = room.forge.commit({{"main.tf", "a"}});
  room.forge.set("refs/heads/release", base);
  room.ours().fetch(room.access, "release", "", room.stop);
  room.forge.drop("refs/heads/release");
  room.forge.set("refs/heads/release/1", base);
  room.ours().fetch(room.access, "release/1", "", room.stop);
  CHECK(room.ours().head("release/1") == base);
  room.forge.drop("refs/heads/release/1");
  room.forge.set("refs/heads/release", base);
  room.ours().fetch(room.access, "release", "", room.stop);
  CHECK(room.ours().head("release") == base);
}

TEST_CASE("what was fetched is merged and checked out") {
  Room room;
  const Sha root = room.forge.commit({{"a/main.tf", "1"}, {"b/main.tf", "1"}});
  const Sha base = room.forge.commit({{"a/main.tf", "2"}, {"b/main.tf", "1"}}, {root});
  const Sha head = room.forge.commit({{"a/main.tf", "1"}, {"b/main.tf", "2"}}, {root});
  room.forge.set("refs/heads/main", base);
  room.forge.set("refs/pull/12/head", head);
  room.fetch("refs/pull/12/head");
  const MergeResult merged = room.ours().merge(base, head);
  const auto checkout = room.ours().checkout(merged.tree, room.stop);
  CHECK(listing(checkout->path()) == std::vector<std::string>{"a/main.tf: 2", "b/main.tf: 2"});
  CHECK(room.ours().merge_base(base, head) == root);
  CHECK(room.ours().parents(head) == std::vector<Sha>{root});
  CHECK(room.ours().first_parents(base, root, 10) == std::vector<Sha>{base});
  const auto changed = room.ours().changed(room.ours().tree_of(base), merged.tree);
  REQUIRE(changed.size() == 1);
  CHECK(changed[0].path == "b/main.tf");
  const auto entries = room.ours().entries(merged.tree);
  REQUIRE(entries.size() == 2);
  CHECK(room.ours().blob(entries[1].blob, 100) == "2");
  CHECK(room.ours().entries(merged.tree).size() == 2);
}

TEST_CASE("before the first fetch nothing is known, and that is said") {
  Room room;
  CHECK_FALSE(room.ours().head("main").has_value());
  CHECK_THROWS_WITH(
      room.ours().tree_of(std::string(40, '1')),
      Catch::Contains("github/acme/infra") && Catch::Contains("nothing of it has been fetched"));
  CHECK_THROWS_AS(room.ours().checkout(std::string(40, '1'), room.stop), Failure);
}

TEST_CASE("over HTTP the token is given when it is asked for, and only then") {
  HttpRoom room("ghp_hush-hush");
  room.forge.set("refs/heads/main", room.forge.commit({{"main.tf", "a"}}));
  room.fetch();
  CHECK(room.ours().head("main").has_value());
  const auto seen = room.server.seen();
  REQUIRE_FALSE(seen.empty());
  CHECK(seen[0].headers.count("authorization") == 0);
  for (const auto& request : seen) {
    CHECK(request.target.find("hush") == std::string::npos);
    CHECK_THAT(request.headers.at("user-agent"), Catch::Contains("slipway/"));
  }
}

TEST_CASE("a token is nowhere but in the child's input") {
  HttpRoom room("ghp_hush-hush");
  room.forge.set("refs/heads/main", room.forge.commit({{"main.tf", "a"}}));
  room.fetch();
  REQUIRE(room.children.asked.size() == 1);
  CHECK(room.children.asked[0].name == "fetch");
  CHECK(room.children.asked[0].input.find("ghp_hush-hush") != std::string::npos);
  CHECK(all_files_of(room.folder / "data").find("hush") == std::string::npos);
}

TEST_CASE("a refused token is tried once and says which key of the config to look at") {
  HttpRoom room("another");
  room.forge.set("refs/heads/main", room.forge.commit({{"main.tf", "a"}}));
  const Failure failure = room.failure_of_fetch();
  CHECK(failure.retry() == Retry::Never);
  CHECK_THAT(failure.what(), Catch::Contains("refused the token") && Catch::Contains("`token:`") &&
                                 Catch::Contains("github/acme/infra") && !Catch::Contains("hush"));
  CHECK(room.server.seen().size() <= 3);
}

TEST_CASE("a forge that asks for a token where there is none says so") {
  HttpRoom room("ghp_hush-hush");
  room.forge.set("refs/heads/main", room.forge.commit({{"main.tf", "a"}}));
  room.access.password = Secret();
  CHECK_THAT(room.failure_of_fetch().what(), Catch::Contains("asks for a token"));
}

TEST_CASE("a repository that isn't there is not tried again") {
  HttpRoom room;
  room.access.url = room.server.url() + "/none";
  const Failure failure = room.failure_of_fetch();
  CHECK(failure.retry() == Retry::Never);
  CHECK_THAT(failure.what(), Catch::Contains("404") && Catch::Contains("may not see it"));
}

TEST_CASE("a redirect to another server never takes the token there") {
  SmallServer other([](const SmallServer::Seen&) -> SmallServer::Told {
    return {401, {{"WWW-Authenticate", "Basic realm=\"git\""}}, ""};
  });
  const auto redirecting_to = [](std::string url) -> SmallServer::Answer {
    return [url = std::move(url)](const SmallServer::Seen& seen) -> SmallServer::Told {
      return {301, {{"Location", url + seen.target}}, ""};
    };
  };
  Room room;
  SmallServer to_port(redirecting_to(other.url()));
  room.access.url = to_port.url() + "/acme/infra.git";
  CHECK_THAT(room.failure_of_fetch().what(), Catch::Contains("another server than the configured one"));
  for (const auto& request : other.seen()) CHECK(request.headers.count("authorization") == 0);

  const auto asked = other.seen().size();
  std::string by_name = other.url();
  by_name.replace(by_name.find("127.0.0.1"), 9, "localhost");
  SmallServer to_name(redirecting_to(by_name));
  room.access.url = to_name.url() + "/acme/infra.git";
  CHECK_THAT(room.failure_of_fetch().what(), Catch::Contains("cannot redirect"));
  CHECK(other.seen().size() == asked);
}

TEST_CASE("a server that is down or answers nonsense is tried again later") {
  Room room;
  {
    const SilentServer gone;
    room.access.url = gone.url() + "/acme/infra.git";
  }
  CHECK(room.failure_of_fetch().retry() == Retry::Later);
  SmallServer broken([](const SmallServer::Seen&) -> SmallServer::Told { return {502, {}, "bad gateway"}; });
  room.access.url = broken.url() + "/acme/infra.git";
  CHECK(room.failure_of_fetch().retry() == Retry::Later);
  SmallServer nonsense([](const SmallServer::Seen&) -> SmallServer::Told {
    return {200, {{"Content-Type", "application/x-git-upload-pack-advertisement"}}, "zzzz"};
  });
  room.access.url = nonsense.url() + "/acme/infra.git";
  CHECK(room.failure_of_fetch().retry() == Retry::Later);
}

TEST_CASE("a server that accepts and never answers ends at the time limit") {
  Room room(FetchLimits{std::chrono::seconds(1), 64u << 20});
  const SilentServer silent;
  room.access.url = silent.url() + "/acme/infra.git";
  const Failure failure = room.failure_of_fetch();
  CHECK(failure.retry() == Retry::Later);
  CHECK_THAT(failure.what(), Catch::Contains("did not finish within 1 s"));
}

TEST_CASE("a stop ends a fetch that hangs") {
  Room room;
  const SilentServer silent;
  room.access.url = silent.url() + "/acme/infra.git";
  std::stop_source source;
  room.stop = source.get_token();
  const std::jthread stopper([&] { source.request_stop(); });
  CHECK_THROWS_AS(room.fetch(), Stopped);
}

TEST_CASE("a pack above the limit is given up, and leaves nothing behind") {
  std::string noise;
  for (int i = 0; noise.size() < (3u << 20); ++i) noise += std::to_string(i * 2654435761u);
  HttpRoom room;
  room.repositories =
      make_repositories(room.folder / "data", room.children, {std::chrono::seconds(60), 1u << 20});
  room.forge.set("refs/heads/main", room.forge.commit({{"big", noise}}));
  const Failure failure = room.failure_of_fetch();
  CHECK(failure.retry() == Retry::Never);
  CHECK_THAT(failure.what(), Catch::Contains("limit of 1 MiB"));
  room.forge.set("refs/heads/main", room.forge.commit({{"small", "x"}}));
  room.fetch();
  CHECK(all_files_of(room.mirror()).size() < (1u << 20));
}

TEST_CASE("a small pack that unfolds to a huge file is given up") {
  HttpRoom room;
  room.repositories =
      make_repositories(room.folder / "data", room.children, {std::chrono::seconds(60), 1u << 20});
  std::string bomb(64u << 20, '\0');
  const Sha first = room.forge.commit({{"bomb", bomb}});
  bomb[1000] = 'x';
  room.forge.set("refs/heads/main", room.forge.commit({{"bomb", bomb}}, {first}));
  CHECK_THAT(room.failure_of_fetch().what(), Catch::Contains("limit of 1 MiB"));
}

TEST_CASE("one commit is fetched by its id, or by a ref that stands there") {
  HttpRoom room;
  const Sha base = room.forge.commit({{"main.tf", "a"}});
  const Sha group = room.forge.commit({{"main.tf", "b"}}, {base});
  const Sha loose = room.forge.commit({{"main.tf", "c"}}, {base});
  room.forge.set("refs/heads/main", base);
  room.forge.set("refs/heads/gh-readonly-queue/main/pr-12", group);
  room.fetch();
  room.ours().fetch_commit(room.access, group, room.stop);
  CHECK(room.ours().tree_of(group) == room.forge.tree({{"main.tf", "b"}}));
  room.ours().fetch_commit(room.access, loose, room.stop);
  CHECK(room.ours().tree_of(loose) == room.forge.tree({{"main.tf", "c"}}));
  const auto before = room.server.seen().size();
  room.ours().fetch_commit(room.access, loose, room.stop);
  CHECK(room.server.seen().size() == before);
  CHECK_THROWS_AS(room.ours().fetch_commit(room.access, std::string(40, '1'), room.stop), Failure);
  CHECK_THROWS_AS(room.ours().fetch_commit(room.access, "main", room.stop), Failure);
}

TEST_CASE("what has not moved is not downloaded") {
  HttpRoom room;
  room.forge.set("refs/heads/main", room.forge.commit({{"main.tf", "a"}}));
  room.fetch();
  const auto before = room.server.seen().size();
  room.fetch();
  CHECK(room.server.seen().size() == before + 1);
}

TEST_CASE("names that are no refs are never fetched") {
  Room room;
  for (const auto name : {"a:b", "a b", "../x", "a*", "a^", "a/"}) {
    INFO(name);
    CHECK_THROWS_AS(room.ours().fetch(room.access, name, "", room.stop), Failure);
    CHECK_THROWS_AS(room.ours().fetch(room.access, "main", std::string("refs/pull/") + name, room.stop),
                    Failure);
  }
  CHECK(room.children.asked.empty());
}

TEST_CASE("fetches of one mirror wait for each other, those of two do not") {
  Room room;
  room.forge.set("refs/heads/main", room.forge.commit({{"main.tf", "a"}}));
  Guarded<int> failed;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 6; ++i) {
      threads.emplace_back([&, i] {
        try {
          const RepoId repo{"github", i % 2 == 0 ? "acme/infra" : "acme/other"};
          auto children = runner::make_children();
          const auto repositories = make_repositories(room.folder / "data", *children, room.limits);
          repositories->of(repo).fetch(room.access, "main", "", {});
        } catch (const Failure&) {
          failed.with([](int& count) { ++count; });
        }
      });
    }
  }
  CHECK(failed.with([](int count) { return count; }) == 0);
  CHECK(room.ours().head("main").has_value());
}

TEST_CASE("another process that writes the mirror is waited for, no longer than the limit") {
  Room room(FetchLimits{std::chrono::seconds(1), 64u << 20});
  room.forge.set("refs/heads/main", room.forge.commit({{"main.tf", "a"}}));
  room.fetch();
  const int lock = ::open((room.mirror() + ".lock").c_str(), O_RDWR | O_CLOEXEC);
  REQUIRE(::flock(lock, LOCK_EX) == 0);
  CHECK(room.failure_of_fetch().retry() == Retry::Later);
  ::close(lock);
  CHECK_NOTHROW(room.fetch());
}

TEST_CASE("what a killed fetch left in the mirror is cleared by the next") {
  Room room;
  room.forge.set("refs/heads/main", room.forge.commit({{"main.tf", "a"}}));
  room.fetch();
  std::ofstream(room.mirror() + "/objects/pack/pack_git2_a1b2c3") << "half";
  room.fetch();
  CHECK_FALSE(fs::exists(room.mirror() + "/objects/pack/pack_git2_a1b2c3"));
}

TEST_CASE("a mirror that was half made when the server died is made anew") {
  Room room;
  room.forge.set("refs/heads/main", room.forge.commit({{"main.tf", "a"}}));
  fs::create_directories(room.mirror() + "/objects");
  room.fetch();
  CHECK(room.ours().head("main").has_value());
}

TEST_CASE("many small packs are joined, and nothing is lost") {
  HttpRoom room;
  std::vector<Sha> commits{room.forge.commit({{"main.tf", "0"}})};
  for (std::size_t i = 0; i < kMaxSmallPacks + 3; ++i) {
    room.forge.set("refs/heads/main", commits.back());
    room.fetch();
    commits.push_back(room.forge.commit({{"main.tf", NewFile(std::to_string(i + 1))}}, {commits.back()}));
  }
  commits.pop_back();
  CHECK(room.packs() < 10);
  for (std::size_t i = 0; i < commits.size(); ++i)
    CHECK(room.ours().tree_of(commits[i]) == room.forge.tree({{"main.tf", NewFile(std::to_string(i))}}));
  CHECK(room.ours().first_parents(commits.back(), "", 1'000).size() == commits.size());
}

TEST_CASE("the folders of two repositories are never one") {
  CHECK(folder_name({"github", "acme/infra"}) == "github+acme+infra");
  CHECK(folder_name({"a", "b/c/d"}) != folder_name({"a", "b/c-d"}));
  CHECK(folder_name({"odd forge", "a/b"}) == "odd%20forge+a+b");
  const std::string segment(120, 'x');
  CHECK(folder_name({"f", segment + "/" + segment + "1"}) !=
        folder_name({"f", segment + "/" + segment + "2"}));
  CHECK(folder_name({"f", segment + "/" + segment}).size() < 200);
}

}  // namespace slipway::vcs
