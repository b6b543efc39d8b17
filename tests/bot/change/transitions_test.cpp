#include "bot/change/transitions.h"

#include "bot/change/decide.h"
#include "tests/bot/change/story.h"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <iterator>

using namespace slipway;
using namespace slipway::change;

TEST_CASE("a change can't move but by a row of the table") {
  CHECK(checked(Way::PlanIsReady, phase::Planning{"run"}).to == index_of<phase::Ready>());
  CHECK_THROWS_WITH(checked(Way::PlanIsReady, phase::Done{}),
                    "a change in state Done can't become Ready by Planned");
  CHECK_THROWS(checked(Way::HoldsExactly, phase::Queued{}));
}

TEST_CASE("every state is reached, and every state but an end is left") {
  States reached = any_of<phase::Waiting, phase::Applied>();  // the beginning; a part of the three after it
  States left = any_of<phase::Applied>();
  for (const Transition& row : transitions()) {
    reached |= States{1} << row.to;
    left |= row.from;
  }
  const States all = (States{1} << std::variant_size_v<ChangeState>)-1;
  CHECK(reached == all);
  CHECK(left == all);
}

TEST_CASE("nothing that is being applied is moved by anything but its own end") {
  for (const Transition& row : transitions()) {
    if ((row.from & any_of<phase::Applying>()) == 0) continue;
    INFO(row.event);
    CHECK((row.event == "Applied" || row.event == "ApplyFailed" || row.event == "ApplyLost" ||
           row.event == "ApplyHeldBack"));
  }
}

TEST_CASE("an apply begins only behind the gate") {
  for (const Transition& row : transitions()) {
    if (row.to != index_of<phase::Applying>()) continue;
    CHECK((row.from == any_of<phase::Verifying>() || row.from == any_of<phase::Replanning>()));
  }
}

TEST_CASE("docs/changes.md is what the table says") {
  const std::string path = std::string(SLIPWAY_TEST_DIR) + "/../../../docs/changes.md";
  if (std::getenv("UPDATE_GOLDEN") != nullptr) std::ofstream(path) << transitions_as_markdown();
  std::ifstream file(path);
  INFO("UPDATE_GOLDEN=1 rewrites " << path);
  CHECK(std::string{std::istreambuf_iterator<char>(file), {}} == transitions_as_markdown());
}
