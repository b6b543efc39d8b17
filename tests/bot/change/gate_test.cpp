#include "bot/change/gate.h"

#include <catch2/catch.hpp>

using namespace slipway;
using namespace slipway::change;

namespace {

const Time kNow = from_millis(10'000'000);

PlanRecord shown_plan() {
  PlanRecord plan;
  plan.id = "plan";
  plan.inputs = {"tree", "files", "terraform 1.11.4", "lock", "variables", "policies", {"lineage", 7}, {}};
  plan.semantic_digest = "digest";
  plan.change_digests = {"add a", "add b"};
  plan.shown_at = kNow - std::chrono::minutes(5);
  plan.expires = kNow + std::chrono::hours(1);
  return plan;
}

phase::Trigger merge() {
  phase::Trigger trigger;
  trigger.at = kNow;
  return trigger;
}

std::string compare(const PlanRecord* plan, const PlanRecord& fresh) {
  const phase::Trigger trigger = merge();
  return Gate::compare({{trigger, plan}}, fresh, kNow);
}

bool exact(const Gate::Answer& answer) { return std::holds_alternative<Gate::Exact>(answer); }
bool moved(const Gate::Answer& answer) { return std::holds_alternative<Gate::Moved>(answer); }
bool asks(const Gate::Answer& answer) { return std::holds_alternative<Gate::Ask>(answer); }

}  // namespace

TEST_CASE("equal inputs let the saved plan through") {
  const PlanRecord plan = shown_plan();
  CHECK(exact(Gate::judge({merge(), &plan}, plan.inputs, kNow)));
}

TEST_CASE("another tree with the same files is still exact") {
  const PlanRecord plan = shown_plan();
  PlanInputs now = plan.inputs;
  now.merge_tree = "squashed";
  CHECK(exact(Gate::judge({merge(), &plan}, now, kNow)));
}

TEST_CASE("files that could not be told apart are never taken as equal") {
  PlanRecord plan = shown_plan();
  plan.inputs.files_digest = "";
  PlanInputs now = plan.inputs;
  now.merge_tree = "other";
  CHECK(moved(Gate::judge({merge(), &plan}, now, kNow)));
}

TEST_CASE("each input that moved asks for a new plan") {
  const PlanRecord plan = shown_plan();
  const auto with = [&](auto&& change) {
    PlanInputs now = plan.inputs;
    change(now);
    return Gate::judge({merge(), &plan}, now, kNow);
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
  CHECK(moved(Gate::judge({merge(), &plan}, plan.inputs, plan.expires)));
}

TEST_CASE("without a plan, or with one that was shown too late, it asks") {
  PlanRecord plan = shown_plan();
  CHECK(asks(Gate::judge({merge(), nullptr}, plan.inputs, kNow)));
  plan.shown_at.reset();
  CHECK(asks(Gate::judge({merge(), &plan}, plan.inputs, kNow)));
  plan.shown_at = kNow + std::chrono::minutes(1);
  CHECK(asks(Gate::judge({merge(), &plan}, plan.inputs, kNow)));
}

TEST_CASE("a plan with extra flags is never applied by a merge") {
  PlanRecord plan = shown_plan();
  plan.flags = {"-target=a.b"};
  plan.complete = false;
  CHECK(asks(Gate::judge({merge(), &plan}, plan.inputs, kNow)));
  phase::Trigger comment = merge();
  comment.merge = false;
  CHECK(exact(Gate::judge({comment, &plan}, plan.inputs, kNow)));
}

TEST_CASE("a policy in the way asks, an overridden or advisory one does not") {
  PlanRecord plan = shown_plan();
  plan.verdicts = {{"p", PolicyLevel::Overridable, PolicyOutcome::Error, {}, {}, {}}};
  CHECK(asks(Gate::judge({merge(), &plan}, plan.inputs, kNow)));
  plan.verdicts[0].overridden_by = "dba";
  CHECK(exact(Gate::judge({merge(), &plan}, plan.inputs, kNow)));
  plan.verdicts = {{"p", PolicyLevel::Advisory, PolicyOutcome::Deny, {}, {}, {}}};
  CHECK(exact(Gate::judge({merge(), &plan}, plan.inputs, kNow)));
}

TEST_CASE("parity is the same changes or fewer, never one that is new") {
  const PlanRecord plan = shown_plan();
  PlanRecord fresh = plan;
  fresh.id = "fresh";
  CHECK(compare(&plan, fresh).empty());
  fresh.change_digests = {"add a"};
  CHECK(compare(&plan, fresh).empty());
  fresh.change_digests = {"add a", "add c"};
  CHECK(compare(&plan, fresh) == "it differs from what was reviewed");
  CHECK(compare(nullptr, fresh) == "no plan of it had been shown");
}

TEST_CASE("a new plan that is not complete asks, whatever it holds") {
  const PlanRecord plan = shown_plan();
  PlanRecord fresh = plan;
  fresh.complete = false;
  CHECK_FALSE(compare(&plan, fresh).empty());
}

TEST_CASE("a new plan that expired before it could be applied asks") {
  const PlanRecord plan = shown_plan();
  PlanRecord fresh = plan;
  fresh.expires = kNow;
  CHECK(compare(&plan, fresh).find("expired") != std::string::npos);
}

TEST_CASE("merges that wait together are approved together, each for what it showed") {
  const PlanRecord first = shown_plan();
  PlanRecord second = shown_plan();
  second.change_digests = {"add c"};
  PlanRecord fresh = shown_plan();
  fresh.change_digests = {"add a", "add b", "add c"};
  const phase::Trigger trigger = merge();
  CHECK(Gate::compare({{trigger, &second}, {trigger, &first}}, fresh, kNow).empty());
  second.verdicts = {{"p", PolicyLevel::Mandatory, PolicyOutcome::Deny, {}, {}, {}}};
  CHECK_FALSE(Gate::compare({{trigger, &second}, {trigger, &first}}, fresh, kNow).empty());
}

TEST_CASE("a merge without what the config requires approves nothing until somebody confirms") {
  const PlanRecord plan = shown_plan();
  phase::Trigger trigger = merge();
  trigger.lacks = "it was merged without `approved`";
  CHECK(asks(Gate::judge({trigger, &plan}, plan.inputs, kNow)));
  CHECK(Gate::compare({{trigger, &plan}}, plan, kNow) == trigger.lacks);
  trigger.confirmed = true;
  CHECK(exact(Gate::judge({trigger, &plan}, plan.inputs, kNow)));
}

TEST_CASE("the same changes with a provisioner ask when what it may run changed") {
  PlanRecord plan = shown_plan();
  plan.inputs.scripts_digest = "scripts";
  PlanRecord fresh = plan;
  fresh.inputs.merge_tree = "moved";
  CHECK(compare(&plan, fresh).empty());
  fresh.inputs.scripts_digest = "other scripts";
  CHECK(compare(&plan, fresh) == "its provisioners may run files that changed since they were reviewed");
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
