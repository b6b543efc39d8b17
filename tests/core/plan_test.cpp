#include "core/plan.h"

#include <catch2/catch.hpp>

namespace slipway {
namespace {

constexpr Action kActions[] = {Action::NoOp,
                               Action::Create,
                               Action::Read,
                               Action::Update,
                               Action::Delete,
                               Action::DeleteThenCreate,
                               Action::CreateThenDelete,
                               Action::Forget};

ResourceChange change(std::string address, Action action) {
  ResourceChange out;
  out.address = std::move(address);
  out.action = action;
  return out;
}

ResourceChange whole_change() {
  ResourceChange out;
  out.address = "module.db[\"a\"].hci_instance.node[0]";
  out.previous_address = "hci_instance.node[0]";
  out.type = "hci_instance";
  out.name = "node";
  out.index = 0;
  out.provider = "example.com/acme/hci";
  out.data_source = true;
  out.deposed = "1a2b3c4d";
  out.action = Action::CreateThenDelete;
  out.reason = "replace_because_cannot_update";
  out.replace_paths = {"image", "disk[0].size"};
  out.importing_id = "vm-1";
  out.digest = std::string(64, 'd');
  out.body =
      ResourceChange::Body{PlanValue::Value(std::string("before")), PlanValue::Value(PlanValue::Unknown{})};
  return out;
}

Plan whole_plan() {
  Plan plan;
  plan.terraform_version = "1.11.4";
  plan.complete = false;
  plan.errored = true;
  plan.applyable = false;
  plan.changes = {whole_change(), change("a.b", Action::Delete)};
  plan.drift = {change("c.d", Action::Update)};
  plan.outputs = {{"ip", Action::Update, PlanValue(), PlanValue::Value(true), "digest"}};
  plan.warnings = {{false, "summary", "detail", "a.b", "main.tf", 12, "code"}};
  plan.counts = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  plan.bodies_left_out = 4;
  plan.noise_left_out = {"a.b.triggers.now"};
  plan.semantic_digest = std::string(64, 's');
  return plan;
}

TEST_CASE("a plan comes back from storage as it was") {
  for (const Plan& plan : {Plan(), whole_plan()}) {
    const auto stored = parse_json(plan.to_json().dump());
    REQUIRE(stored);
    const auto read = Plan::from_json(*stored);
    REQUIRE(read);
    CHECK(*read == plan);
  }
}

TEST_CASE("every action comes back from storage as it was") {
  for (const Action action : kActions) {
    Plan plan;
    plan.changes = {change("a.b", action)};
    CHECK(Plan::from_json(plan.to_json()).value().changes.at(0).action == action);
  }
}

TEST_CASE("a plan that was damaged in storage is refused with its place") {
  Json json = whole_plan().to_json();
  json["changes"].array_items()[1]["action"] = "explode";
  const auto refused = Plan::from_json(json);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().place == "changes[1].action");
  CHECK_FALSE(Plan::from_json(Json("text")));
}

TEST_CASE("what destroys is a delete or a replacement, each address once and in order") {
  Plan plan;
  for (const Action action : kActions)
    plan.changes.push_back(change("x." + std::string(name_of(action)), action));
  plan.changes.push_back(change("x.delete", Action::Delete));
  CHECK(plan.destroys() == std::vector<std::string>{"x.create-delete", "x.delete", "x.delete-create"});
}

TEST_CASE("changes are counted by what is done, a replacement once") {
  std::vector<ResourceChange> changes;
  for (const Action action : kActions) changes.push_back(change("x.y", action));
  changes.push_back(whole_change());
  const OutputChange same{"a", Action::NoOp, {}, {}, {}};
  const OutputChange new_one{"b", Action::Create, {}, {}, {}};
  const PlanCounts counts = count(changes, {same, new_one});
  CHECK(counts == PlanCounts{.create = 1,
                             .update = 1,
                             .destroy = 1,
                             .replace = 3,
                             .read = 1,
                             .import = 1,
                             .move = 1,
                             .forget = 1,
                             .outputs = 1});
  CHECK_FALSE(counts.none());
}

TEST_CASE("reading data changes nothing") {
  CHECK(count({change("data.x.y", Action::Read), change("x.y", Action::NoOp)}, {}).none());
  ResourceChange moved = change("x.y", Action::NoOp);
  moved.previous_address = "x.z";
  CHECK_FALSE(count({moved}, {}).none());
}

}  // namespace
}  // namespace slipway
