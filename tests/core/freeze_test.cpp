#include "core/freeze.h"

#include <catch2/catch.hpp>

using namespace slipway;

namespace {

const RepoId kRepo{"github", "acme/infra"};
const ChangeId kWeb{{kRepo, 12}, {"prod/web", "blue", "web"}};

}  // namespace

TEST_CASE("a freeze covers everything, a repository, or what is chosen of it") {
  CHECK(FreezeScope{}.covers(kWeb));
  CHECK(FreezeScope{kRepo}.covers(kWeb));
  CHECK_FALSE(FreezeScope{{"github", "acme/other"}}.covers(kWeb));
  CHECK_FALSE(FreezeScope{{"gitea", "acme/infra"}}.covers(kWeb));
  CHECK(FreezeScope{kRepo, "prod/web"}.covers(kWeb));
  CHECK_FALSE(FreezeScope{kRepo, "prod"}.covers(kWeb));
  CHECK(FreezeScope{kRepo, {}, "blue"}.covers(kWeb));
  CHECK_FALSE(FreezeScope{kRepo, "prod/web", "green"}.covers(kWeb));
  CHECK(FreezeScope{kRepo, {}, {}, "web"}.covers(kWeb));
  CHECK_FALSE(FreezeScope{kRepo, {}, {}, "db"}.covers(kWeb));
  CHECK(FreezeScope{kRepo, "prod/web"}.covers(kRepo));
}

TEST_CASE("a freeze's scope is said as people say it") {
  CHECK(to_string(FreezeScope{}) == "everything");
  CHECK(to_string(FreezeScope{kRepo}) == "github/acme/infra");
  CHECK(to_string(FreezeScope{kRepo, "prod/web"}) == "github/acme/infra prod/web");
  CHECK(to_string(FreezeScope{kRepo, "prod/web", "blue"}) == "github/acme/infra prod/web@blue");
  CHECK(to_string(FreezeScope{kRepo, {}, "blue"}) == "github/acme/infra @blue");
  CHECK(to_string(FreezeScope{kRepo, {}, {}, "web"}) == "github/acme/infra web");
}

TEST_CASE("a freeze with an end is over at that moment") {
  const Time now = from_millis(60'000);
  CHECK(Freeze{{}, "why", "bob", false, now, {}}.holds(now));
  CHECK(Freeze{{}, "why", "bob", false, now, now + std::chrono::milliseconds(1)}.holds(now));
  CHECK_FALSE(Freeze{{}, "why", "bob", false, now, now}.holds(now));
}

TEST_CASE("how long a freeze lasts is written with units, and is bounded") {
  CHECK(parse_freeze_length("90m").value() == std::chrono::minutes(90));
  CHECK(parse_freeze_length("366d").value() == kLongestFreeze);
  const auto refusal = [](std::string_view text) { return parse_freeze_length(text).error().text(); };
  CHECK(refusal("367d") ==
        "--for: a freeze lasts at most 366d; without --for it lasts until a person ends it");
  CHECK(refusal("0s") == "--for: a freeze lasts at least 1m");
  CHECK(refusal("tomorrow") ==
        "--for: \"tomorrow\" is no length of time; write it like 90s, 5m, 24h or 1h30m");
}

TEST_CASE("what withholds an apply is said in words") {
  const Time since = from_millis(1'795'305'600'000);
  CHECK(words_of(Freeze{{}, "a move", "root", true, since, {}}) ==
        "it is frozen by `root` since Nov 22, 00:00 UTC: a move");
  CHECK(words_of(Freeze{{}, "a move", "root", true, since, since + std::chrono::hours(1)}) ==
        "it is frozen by `root` since Nov 22, 00:00 UTC until Nov 22, 01:00 UTC: a move");
  CHECK(words_of(WindowClosed{since, "Mon Nov 23, 09:00 (Europe/Berlin)"}) ==
        "its next window opens Mon Nov 23, 09:00 (Europe/Berlin)");
  CHECK(words_of(WindowClosed{}) == "none of its windows opens within a year");
}
