#include "bot/change/gate.h"

#include <catch2/catch.hpp>

using namespace slipway;
using namespace slipway::change;

namespace {

const Time kNow = from_millis(10'000'000);

PlanRecord shown_plan() {
  PlanRecord plan;
  plan.id = "plan";
  plan.inputs = {"tree", "files", "terraform 1.11.4", "lock", "variables", "policies", {"lineage", 7}};
  plan.semantic_digest = "digest";
  plan.shown_at = kNow - std::chrono::minutes(5);
  plan.expires = kNow + std::chrono::hours(1);
  return plan;
}

phase::Trigger merge() {
  phase::Trigger trigger;
  trigger.at = kNow;
  return trigger;
}

bool exact(const Gate::Answer& answer) { return std::holds_alternative<Gate::Exact>(answer); }
bool moved(const Gate::Answer& answer) { return std::holds_alternative<Gate::Moved>(answer); }
bool asks(const Gate::Answer& answer) { return std::holds_alternative<Gate::Ask>(answer); }

}  // namespace

TEST_CASE("equal inputs let the saved plan through") {
  const PlanRecord plan = shown_plan();
  CHECK(exact(Gate::judge(&plan, merge(), plan.inputs, kNow)));
}

TEST_CASE("another tree with the same files is still exact") {
  const PlanRecord plan = shown_plan();
  PlanInputs now = plan.inputs;
  now.merge_tree = "squashed";
  CHECK(exact(Gate::judge(&plan, merge(), now, kNow)));
}

TEST_CASE("files that could not be told apart are never taken as equal") {
  PlanRecord plan = shown_plan();
  plan.inputs.files_digest = "";
  PlanInputs now = plan.inputs;
  now.merge_tree = "other";
  CHECK(moved(Gate::judge(&plan, merge(), now, kNow)));
}

TEST_CASE("each input that moved asks for a new plan") {
  const PlanRecord plan = shown_plan();
  const auto with = [&](auto&& change) {
    PlanInputs now = plan.inputs;
    change(now);
    return Gate::judge(&plan, merge(), now, kNow);
  };
  CHECK(moved(with([](PlanInputs& now) { now.tool = "terraform 1.12.0"; })));
  CHECK(moved(with([](PlanInputs& now) { now.variables_digest = "x"; })));
  CHECK(moved(with([](PlanInputs& now) { now.policies_digest = "x"; })));
  CHECK(moved(with([](PlanInputs& now) { now.state.serial = 8; })));
  CHECK(moved(with([](PlanInputs& now) { now.state.lineage = "x"; })));
  CHECK(moved(with([](PlanInputs& now) {
    now.merge_tree = "x";
    now.files_digest = "x";
  })));
}

TEST_CASE("an expired plan is made again") {
  const PlanRecord plan = shown_plan();
  CHECK(moved(Gate::judge(&plan, merge(), plan.inputs, plan.expires)));
}

TEST_CASE("without a plan, or with one that was shown too late, it asks") {
  PlanRecord plan = shown_plan();
  CHECK(asks(Gate::judge(nullptr, merge(), plan.inputs, kNow)));
  plan.shown_at.reset();
  CHECK(asks(Gate::judge(&plan, merge(), plan.inputs, kNow)));
  plan.shown_at = kNow + std::chrono::minutes(1);
  CHECK(asks(Gate::judge(&plan, merge(), plan.inputs, kNow)));
}

TEST_CASE("a plan with extra flags is never applied by a merge") {
  PlanRecord plan = shown_plan();
  plan.flags = {"-target=a.b"};
  plan.complete = false;
  CHECK(asks(Gate::judge(&plan, merge(), plan.inputs, kNow)));
  phase::Trigger comment = merge();
  comment.merge = false;
  CHECK(exact(Gate::judge(&plan, comment, plan.inputs, kNow)));
}

TEST_CASE("a policy in the way asks, an overridden or advisory one does not") {
  PlanRecord plan = shown_plan();
  plan.verdicts = {{"p", PolicyLevel::Overridable, PolicyOutcome::Error, {}, {}, {}}};
  CHECK(asks(Gate::judge(&plan, merge(), plan.inputs, kNow)));
  plan.verdicts[0].overridden_by = "dba";
  CHECK(exact(Gate::judge(&plan, merge(), plan.inputs, kNow)));
  plan.verdicts = {{"p", PolicyLevel::Advisory, PolicyOutcome::Deny, {}, {}, {}}};
  CHECK(exact(Gate::judge(&plan, merge(), plan.inputs, kNow)));
}

TEST_CASE("parity is an equal semantic digest, nothing less") {
  const PlanRecord plan = shown_plan();
  PlanRecord fresh = plan;
  fresh.id = "fresh";
  CHECK(Gate::compare(&plan, merge(), fresh).empty());
  fresh.semantic_digest = "other";
  CHECK_FALSE(Gate::compare(&plan, merge(), fresh).empty());
  CHECK_FALSE(Gate::compare(nullptr, merge(), fresh).empty());
}

TEST_CASE("an approved plan exists only for a change that is being applied with it") {
  Change change;
  PlanRecord plan = shown_plan();
  CHECK_THROWS(Gate::approved(change, plan));
  change.state = phase::Applying{{}, "another", "run"};
  CHECK_THROWS(Gate::approved(change, plan));
  change.state = phase::Applying{{}, "plan", "run"};
  CHECK(Gate::approved(change, plan).record().id == "plan");
  plan.verdicts = {{"p", PolicyLevel::Mandatory, PolicyOutcome::Deny, {}, {}, {}}};
  CHECK_THROWS(Gate::approved(change, plan));
}
