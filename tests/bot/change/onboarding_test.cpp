#include "tests/bot/change/story.h"

#include <catch2/catch.hpp>

using namespace slipway;
using namespace slipway::change;

namespace {

/// Applied, with this many hooks that have not ended.
RunId onboarding(Story& story, std::size_t hooks) {
  story.ready();
  story.merged({"net"});
  story.verified("net");
  const RunId run = story.in<phase::Applying>("net").run;
  story.applied("net", hooks);
  return run;
}

}  // namespace

TEST_CASE("hooks that end one after the other finish the change") {
  Story story;
  const RunId run = onboarding(story, 2);
  CHECK(story.state("net") == "Onboarding");
  story.happens(event::HookEnded{story.id("net"), run, {"cmdb", "web-01"}});
  CHECK(story.state("net") == "Onboarding");
  story.happens(event::HookEnded{story.id("net"), run, {"cmdb", "web-02"}});
  CHECK(story.state("net") == "Done");
}

TEST_CASE("a change whose hook gave up is done when that hook was done after all") {
  Story story;
  const RunId run = onboarding(story, 3);
  const auto ends = [&](const std::string& hook, const std::string& machine, const std::string& why,
                        std::int64_t job) {
    story.happens(event::HookEnded{story.id("net"), run, {hook, machine, why, job}});
  };
  ends("cmdb", "web-01", "refused", 7);
  REQUIRE(story.state("net") == "Degraded");
  CHECK(story.has<action::SayNotice>());
  ends("ansible", "web-01", "no route", 8);
  REQUIRE(story.in<phase::Degraded>("net").failures.size() == 2);
  ends("cmdb", "web-01", "refused again", 9);
  REQUIRE(story.in<phase::Degraded>("net").failures.size() == 2);
  CHECK(story.in<phase::Degraded>("net").failures.back().job == 9);
  ends("cmdb", "web-01", {}, 0);
  ends("ansible", "web-01", {}, 0);
  CHECK(story.state("net") == "Onboarding");  // one has not ended yet
  ends("cmdb", "web-02", {}, 0);
  CHECK(story.state("net") == "Done");
  CHECK(story.has<action::SaySticky>());
  CHECK(story.pull.settled);
}

TEST_CASE("a hook of an earlier apply changes nothing") {
  Story story;
  onboarding(story, 1);
  story.happens(event::HookEnded{story.id("net"), "another run", {"cmdb", "web-01", "refused"}});
  CHECK(story.state("net") == "Onboarding");
}
