#include "core/change.h"

#include <catch2/catch.hpp>

#include <set>

namespace slipway {
namespace {

/// One of every state, no member left at its default.
std::vector<ChangeState> every_state() {
  const phase::Trigger trigger{
      .merge = false,
      .actor = "alice",
      .commit = std::string(40, 'a'),
      .base_before = std::string(40, 'b'),
      .order = 7,
      .at = from_millis(1'763'800'000'123),
      .confirmed = true,
      .plan = "7f3a9e",
      .lacks = "it was merged without `approved`",
  };
  const phase::Applied applied{trigger, "7f3a9e", "run", true, {"lineage", 43}};
  const UnwrittenState unwritten{"5b0d", "9dc5", true, "it is another state"};
  const std::vector<Diagnostic> diagnostics = {{false, "summary", "detail", "a.b", "main.tf", 12, "code"}};
  return {
      phase::Waiting{"a draft"},
      phase::Planning{"run"},
      phase::PlanFailed{"run", "main.tf:14 broken", diagnostics},
      phase::NoChanges{"7f3a9e", trigger},
      phase::Ready{"7f3a9e"},
      phase::Blocked{"7f3a9e"},
      phase::Queued{trigger},
      phase::Joined{trigger, {{{"github", "acme/infra"}, 12}, {"net", "default", {}}}},
      phase::Verifying{trigger},
      phase::Replanning{trigger, "run"},
      phase::AwaitingConfirm{trigger, "7f3a9e", "8a4b0f", "it differs"},
      phase::Applying{trigger, "7f3a9e", "run", 3, 5, true, 2},
      applied,
      phase::ApplyFailed{trigger,
                         "7f3a9e",
                         "run",
                         3,
                         5,
                         "broken",
                         diagnostics,
                         "8a4b0f",
                         unwritten,
                         {"9dc5", "alice@laptop", "OperationTypeApply", "noon"}},
      phase::Interrupted{
          trigger, "7f3a9e", "run", {"lineage", 42}, {"lineage", 43}, "serial moved", "8a4b0f", unwritten},
      phase::Onboarding{applied, 2},
      phase::Done{applied},
      phase::Degraded{applied, {{"prometheus", "web-01", "disk full", 17}}, 2},
      phase::Discarded{"closed"},
  };
}

template <std::size_t kIndex = 0>
std::vector<ChangeState> every_bare_state() {
  std::vector<ChangeState> states;
  if constexpr (kIndex < std::variant_size_v<ChangeState>) {
    states = every_bare_state<kIndex + 1>();
    states.emplace_back(std::variant_alternative_t<kIndex, ChangeState>{});
  }
  return states;
}

void comes_back(const ChangeState& state) {
  INFO(name_of(state));
  const auto stored = parse_json(to_json(state).dump());
  REQUIRE(stored);
  const auto read = change_state_from_json(*stored);
  REQUIRE(read);
  CHECK(*read == state);
}

TEST_CASE("every state of a change comes back from storage as it was") {
  CHECK(every_state().size() == std::variant_size_v<ChangeState>);
  for (const ChangeState& state : every_state()) comes_back(state);
  for (const ChangeState& state : every_bare_state()) comes_back(state);
}

TEST_CASE("every state of a change has a name of its own, which storage relies on") {
  std::set<std::string> names;
  for (const ChangeState& state : every_state()) names.emplace(name_of(state));
  CHECK(names == std::set<std::string>{"Applied", "ApplyFailed", "Applying", "AwaitingConfirm", "Blocked",
                                       "Degraded", "Discarded", "Done", "Interrupted", "Joined", "NoChanges",
                                       "Onboarding", "PlanFailed", "Planning", "Queued", "Ready",
                                       "Replanning", "Verifying", "Waiting"});
  CHECK(name_of(phase::Waiting{}) == "Waiting");
  CHECK(name_of(phase::AwaitingConfirm{}) == "AwaitingConfirm");
  CHECK(name_of(phase::Discarded{}) == "Discarded");
}

TEST_CASE("a state that no version knew is refused") {
  const auto refused = change_state_from_json(Json::object({{"state", "Exploded"}}));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().text() == "state: expected the name of a state");
  CHECK_FALSE(change_state_from_json(Json::object()));
  CHECK_FALSE(change_state_from_json(Json("Planning")));
  CHECK_FALSE(change_state_from_json(Json::object({{"state", "Applying"}, {"done", "three"}})));
}

TEST_CASE("what an older version wrote without a member keeps that member's default") {
  const auto read = change_state_from_json(parse_json(R"({"state":"Applying","run":"run"})").value());
  REQUIRE(read);
  phase::Applying expected;
  expected.run = "run";
  CHECK(std::get<phase::Applying>(*read) == expected);
}

}  // namespace
}  // namespace slipway
