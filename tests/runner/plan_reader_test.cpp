#include "runner/plan_reader.h"

#include "core/crypto.h"
#include "core/failure.h"
#include "tests/runner/plans.h"

#include <catch2/catch.hpp>

namespace slipway::runner {
namespace {

std::string refusal_of_text(const std::string& text) {
  const auto read = read_plan_text(text);
  return read ? "read" : read.error().text();
}

std::string refusal(const Json& json) { return refusal_of_text(json.dump()); }

std::string dump(const PlanValue& value) { return value.to_json().dump(); }

TEST_CASE("every action of a plan is read as what it is") {
  const Plan plan = read_plan_json(plan_fixture("every_action")).plan;
  const auto action = [&](std::string_view address, std::string_view deposed = {}) {
    const ResourceChange* change = find_change(plan.changes, address, deposed);
    return change != nullptr ? std::string(name_of(change->action)) : "no change";
  };
  CHECK(action("hci_instance.web[2]") == "create");
  CHECK(action("hci_instance.web[0]") == "update");
  CHECK(action("hci_instance.old") == "delete");
  CHECK(action("module.db[\"a.b\"].hci_instance.node[\"x\"]") == "delete-create");
  CHECK(action("hci_network.lan") == "create-delete");
  CHECK(action("hci_network.lan", "1a2b3c4d") == "delete");
  CHECK(action("data.hci_image.debian") == "read");
  CHECK(action("hci_instance.let_go") == "forget");
  CHECK(action("hci_instance.same") == "no change");
  CHECK(action("hci_instance.renamed") == "no-op");
  CHECK(action("hci_instance.found") == "no-op");
  CHECK(plan.counts == PlanCounts{.create = 1,
                                  .update = 1,
                                  .destroy = 2,
                                  .replace = 2,
                                  .read = 1,
                                  .import = 1,
                                  .move = 1,
                                  .forget = 1,
                                  .outputs = 2});
  CHECK(plan.destroys() == std::vector<std::string>{"hci_instance.old", "hci_network.lan",
                                                    "module.db[\"a.b\"].hci_instance.node[\"x\"]"});
}

TEST_CASE("a change is read with all that describes it") {
  const Plan plan = read_plan_json(plan_fixture("every_action")).plan;
  const ResourceChange& node = *find_change(plan.changes, "module.db[\"a.b\"].hci_instance.node[\"x\"]");
  CHECK(node.type == "hci_instance");
  CHECK(node.name == "node");
  CHECK(node.index == Json("x"));
  CHECK(node.provider == "registry.example.com/acme/hci");
  CHECK(node.reason == "replace_because_cannot_update");
  CHECK(node.replace_paths == std::vector<std::string>{"image", "disk[0].size", "tags[\"a.b\"]"});
  CHECK(find_change(plan.changes, "hci_instance.web[2]")->index == Json(2));
  CHECK(find_change(plan.changes, "hci_instance.old")->index.is_null());
  CHECK(find_change(plan.changes, "hci_instance.renamed")->previous_address == "hci_instance.name");
  CHECK(find_change(plan.changes, "hci_instance.found")->importing_id == "vm-7");
  CHECK(find_change(plan.changes, "data.hci_image.debian")->data_source);
  CHECK_FALSE(node.data_source);
  CHECK(plan.terraform_version == "1.11.4");
  CHECK(plan.complete);
  CHECK(plan.applyable);
  CHECK_FALSE(plan.errored);
}

TEST_CASE("changes are sorted by address, then by deposed key") {
  const Plan plan = read_plan_json(plan_fixture("every_action")).plan;
  std::vector<std::string> order;
  for (const ResourceChange& change : plan.changes) order.push_back(change.address + change.deposed);
  CHECK(order == std::vector<std::string>{
                     "data.hci_image.debian", "hci_instance.found", "hci_instance.let_go", "hci_instance.old",
                     "hci_instance.renamed", "hci_instance.web[0]", "hci_instance.web[2]", "hci_network.lan",
                     "hci_network.lan1a2b3c4d", "module.db[\"a.b\"].hci_instance.node[\"x\"]"});
}

TEST_CASE("what is not known before the apply is folded into the value") {
  const Plan plan = read_plan_json(plan_fixture("every_action")).plan;
  const ResourceChange& web = *find_change(plan.changes, "hci_instance.web[2]");
  REQUIRE(web.body);
  CHECK(web.body->before.is_null());
  CHECK(dump(web.body->after) ==
        R"({"cpu":4,"disk":[{"size":20},{"size":{"$unknown":true}}],"id":{"$unknown":true},)"
        R"("ip":{"$unknown":true},"name":"web-03","tags":{"a.b":"c"}})");
}

TEST_CASE("outputs that change are read by name") {
  const Plan plan = read_plan_json(plan_fixture("every_action")).plan;
  REQUIRE(plan.outputs.size() == 2);
  CHECK(plan.outputs[0].name == "gone");
  CHECK(plan.outputs[0].action == Action::Delete);
  CHECK(plan.outputs[1].name == "ips");
  CHECK(dump(plan.outputs[1].after) == R"(["10.0.0.1",{"$unknown":true}])");
}

TEST_CASE("drift is what differs really") {
  const Plan plan = read_plan_json(plan_fixture("every_action")).plan;
  REQUIRE(plan.drift.size() == 2);
  CHECK(plan.drift[0].address == "hci_instance.lost");
  CHECK(plan.drift[1].address == "hci_instance.web[0]");
  CHECK(plan.drift[1].digest.empty());
}

TEST_CASE("each problem of a failing check is a warning") {
  const Plan plan = read_plan_json(plan_fixture("every_action")).plan;
  REQUIRE(plan.warnings.size() == 3);
  CHECK(plan.warnings[0].detail == "web-01 is down");
  CHECK(plan.warnings[1].detail == "web-02 is down");
  CHECK(plan.warnings[1].address == "check.health");
  CHECK_FALSE(plan.warnings[1].error);
  CHECK(plan.warnings[2].address == "check.broken");
}

TEST_CASE("the document is the plan's, and its digest that of the file") {
  const Json plan = plan_fixture("every_action");
  const PlanReadBack read = read_plan_json(plan);
  CHECK(read.document_digest == sha256_hex(read.document));
  CHECK(parse_json(read.document).value() == plan);
}

TEST_CASE("a plan with an error is not complete") {
  Json json = plan_fixture("every_action");
  json["errored"] = true;
  json.object_members().erase("complete");
  json["applyable"] = false;
  const Plan plan = read_plan_json(json).plan;
  CHECK(plan.errored);
  CHECK_FALSE(plan.complete);
  CHECK_FALSE(plan.applyable);
}

TEST_CASE("an empty plan is a plan") {
  const Plan plan =
      read_plan_json(parse_json(R"({"format_version":"1.2","resource_changes":null})").value()).plan;
  CHECK(plan.changes.empty());
  CHECK(plan.counts.none());
  CHECK(plan.semantic_digest.size() == 64);
}

TEST_CASE("bodies beyond the limit are left out, and everything else of their changes is not") {
  Json json = parse_json(R"({"format_version":"1.2","resource_changes":[]})").value();
  const Json change =
      parse_json(R"({"address":"a.b","type":"a","name":"b","change":{"actions":["create"],"before":null,)"
                 R"("after":{"x":1},"after_unknown":{},"before_sensitive":false,"after_sensitive":{}}})")
          .value();
  for (std::size_t i = 0; i < kMaxChangeBodies + 5; ++i) {
    Json one = change;
    one["address"] = "a.b[" + std::to_string(i) + "]";
    json["resource_changes"].push_back(std::move(one));
  }
  const Plan plan = read_plan_json(json).plan;
  CHECK(plan.changes.size() == kMaxChangeBodies + 5);
  CHECK(plan.bodies_left_out == 5);
  for (const ResourceChange& one : plan.changes) REQUIRE(one.digest.size() == 64);

  change_in(json, "a.b[0]")["change"]["after"]["x"] = std::string(kMaxBodyBytes, 'x');
  const Plan heavy = read_plan_json(json).plan;
  CHECK_FALSE(find_change(heavy.changes, "a.b[0]")->body);
  CHECK(find_change(heavy.changes, "a.b[1]")->body);
}

TEST_CASE("a format of another age, or another document, is refused with what it is") {
  Json json = plan_fixture("every_action");
  json["format_version"] = "2.0";
  CHECK(refusal(json) == "format_version: expected 1.x, and this is 2.0");
  json.object_members().erase("format_version");
  CHECK(refusal(json) == "format_version: is missing");
  CHECK(refusal_of_text(R"({"format_version":"1.0","values":{"root_module":{}}})") ==
        "values: expected a plan, and this is a state");
  CHECK(refusal_of_text("[]") == "expected an object");
  CHECK(refusal_of_text("7") == "expected an object");
}

TEST_CASE("a plan that is cut short is refused, wherever that is") {
  const std::string text = plan_fixture("every_action").dump();
  for (std::size_t size = 0; size < text.size(); size += 97) {
    INFO(size);
    REQUIRE_FALSE(read_plan_text(text.substr(0, size)));
  }
}

TEST_CASE("what has another type than the format says is refused with its path") {
  const Json good = plan_fixture("every_action");
  const auto spoiled = [&](std::initializer_list<std::string_view> path, Json value) {
    Json json = good;
    at(change_in(json, "hci_instance.web[2]"), path) = std::move(value);
    return refusal(json);
  };
  CHECK(spoiled({"address"}, 5) == "resource_changes[0].address: expected a string");
  CHECK(spoiled({"change"}, "x") == "resource_changes[0].change: expected an object");
  CHECK(spoiled({"change", "actions"}, nullptr) == "resource_changes[0].change.actions: expected a list");
  CHECK(spoiled({"change", "actions"}, Json::Array{"explode"}) ==
        "resource_changes[0].change.actions: expected actions that this version knows, not \"explode\"");
  CHECK(spoiled({"change", "importing"}, true) == "resource_changes[0].change.importing: expected an object");
  CHECK(spoiled({"change", "replace_paths"}, 1) ==
        "resource_changes[0].change.replace_paths: expected a list");

  Json json = good;
  json["resource_changes"] = Json::object({{"a", Json::object()}});
  CHECK(refusal(json) == "resource_changes: expected a list");
  json = good;
  json["resource_changes"] = "none";
  CHECK(refusal(json) == "resource_changes: expected a list");
  json = good;
  json["output_changes"] = Json::Array{1};
  CHECK(refusal(json) == "output_changes: expected an object");
  json = good;
  json["variables"] = Json::Array{1};
  CHECK(refusal(json) == "variables: expected an object");
  json = good;
  json["complete"] = "yes";
  CHECK(refusal(json) == "complete: expected true or false");
}

TEST_CASE("a file that is not there is a failure of the world, not of the plan") {
  CHECK_THROWS_AS(read_plan("/nonexistent/plan.json", {Secret("k"), {}, ""}), Failure);
  const Scratch scratch;
  replace_file(scratch / "plan.json", "{}");
  CHECK_THROWS_AS(read_plan(scratch / "plan.json", {Secret("k"), {}, "/nonexistent/document.json"}), Failure);
}

TEST_CASE("without a place for the document none is written") {
  const Scratch scratch;
  replace_file(scratch / "plan.json", plan_fixture("every_action").dump());
  const auto read = read_plan(scratch / "plan.json", {Secret("tag key"), {}, ""});
  REQUIRE(read);
  CHECK(read->document_digest.empty());
  CHECK(read->plan == read_plan_json(plan_fixture("every_action")).plan);
}

}  // namespace
}  // namespace slipway::runner
