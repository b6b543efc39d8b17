#include "tests/bot/work/repository_room.h"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace slipway;
using namespace slipway::work;

namespace {

/// Comparisons with the forge, and what they cost together.
struct Rounds {
  std::size_t count = 0;
  std::size_t requests = 0;
  std::size_t conditional = 0;  // with an ETag: while nothing changes they cost nothing of the limit
  std::size_t fetches = 0;
};

Rounds compare(RepositoryRoom& room) {
  auto& requests = room.world.forge.requests;
  requests.clear();
  Rounds out;
  room.repository.on_fetch = [&] { ++out.fetches; };
  room.world.clock.time += std::chrono::minutes(3);
  room.world.settle();
  room.repository.on_fetch = nullptr;
  out.requests = requests.size();
  for (const HttpRequest& request : requests) {
    out.count += request.url.find("/pulls?state=open") != std::string::npos;
    out.conditional += std::any_of(request.headers.begin(), request.headers.end(),
                                   [](const auto& header) { return header.first == "If-None-Match"; });
  }
  REQUIRE(out.count > 0);
  return out;
}

}  // namespace

TEST_CASE("where nothing happened a comparison asks four questions, all with ETags, and fetches nothing") {
  RepositoryRoom room({{"net/main.tf", RepositoryRoom::resources("vlan")}}, R"(, branch: ["main"])");
  for (int i = 0; i < 5; ++i) room.open({{"net/main.tf", RepositoryRoom::resources("vlan dns")}});
  auto& branches = room.world.forge.repo("acme/infra").branches;
  branches["main"] = room.repository.refs.at("refs/heads/main");
  room.world.clock.time += std::chrono::hours(1);  // what was written lately is read again for a while
  room.world.settle();
  compare(room);

  const Rounds idle = compare(room);
  // The repositories, the open and the closed pull requests, where the branch stands.
  CHECK(idle.requests == 4 * idle.count);
  CHECK(idle.conditional == idle.requests);
  CHECK(idle.fetches == 0);

  room.commit(room.files());
  branches["main"] = room.repository.refs.at("refs/heads/main");
  CHECK(compare(room).fetches > 0);
}

TEST_CASE("where the forge does not tell of branches, git is asked") {
  RepositoryRoom room({{"net/main.tf", RepositoryRoom::resources("vlan")}});
  compare(room);
  const Rounds idle = compare(room);
  CHECK(idle.fetches == 2 * idle.count);  // main and master, which the config lists
}
