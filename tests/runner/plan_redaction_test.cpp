#include "tests/runner/plans.h"

#include <catch2/catch.hpp>

namespace slipway::runner {
namespace {

/// Every value of tests/runner/plans/masks.json that ends so is a secret; types end with "_secret".
bool holds_secret(const std::string& text) { return text.find("-secret") != std::string::npos; }

std::string tag(const PlanValue& value, std::string_view member) {
  return std::get<PlanValue::Sensitive>(value.map()->find(member)->second.value()).tag;
}

TEST_CASE("no sensitive value is left in a plan or its document") {
  const PlanReadBack read = read_plan_json(plan_fixture("masks"));
  CHECK_FALSE(holds_secret(read.plan.to_json().dump()));
  CHECK_FALSE(holds_secret(read.document));
  // Too short to be known by its value: it is hidden where the masks and the configuration say so.
  CHECK(read.document.find("1234") == std::string::npos);
  CHECK(read.plan.to_json().dump().find("\"1234\"") == std::string::npos);
}

TEST_CASE("what is not sensitive stays") {
  const PlanReadBack read = read_plan_json(plan_fixture("masks"));
  for (const std::string kept : {"shown-value", "public-one", "alice", "db-01", "seoul-east", "module-size",
                                 "hci_secret", "\"owner\":\"dba\""}) {
    INFO(kept);
    CHECK(read.document.find(kept) != std::string::npos);
  }
  const ResourceChange& db = *find_change(read.plan.changes, "hci_instance.db");
  const auto& after = *db.body->after.map();
  CHECK(*after.find("name")->second.string() == "db-01");
  CHECK(*(*after.find("tokens")->second.list())[0].string() == "public-one");
  CHECK(*after.find("labels")->second.map()->find("owner")->second.string() == "dba");
}

TEST_CASE("two sensitive values have one tag if they are equal, and tell nothing else") {
  const Plan plan = read_plan_json(plan_fixture("masks")).plan;
  const auto& body = *find_change(plan.changes, "hci_instance.db")->body;
  CHECK(tag(body.before, "password") != tag(body.after, "password"));
  CHECK(tag(body.before, "pin") == tag(body.after, "pin"));
  CHECK(tag(body.before, "all") == tag(body.after, "all"));
  CHECK(tag(body.before, "password").size() == 16);
  const Plan other = read_plan_json(plan_fixture("masks"), {}, "another key").plan;
  CHECK(tag(find_change(other.changes, "hci_instance.db")->body->before, "password") !=
        tag(body.before, "password"));
}

TEST_CASE("a value that lost its mark is hidden by being known, with the tag of the marked one") {
  const Plan plan = read_plan_json(plan_fixture("masks")).plan;
  const auto& body = *find_change(plan.changes, "hci_instance.db")->body;
  CHECK(tag(body.after, "copy") == tag(body.before, "password"));
}

TEST_CASE("a value that is found to be sensitive only later in the document is hidden all the same") {
  const Plan plan = read_plan_json(plan_fixture("masks")).plan;
  REQUIRE(plan.outputs.size() == 2);
  CHECK(plan.outputs[0].name == "leak");
  CHECK_FALSE(tag(plan.outputs[0].after, "url").empty());
}

TEST_CASE("what is sensitive and not known yet has no tag; what is not set is no secret") {
  const Plan plan = read_plan_json(plan_fixture("masks")).plan;
  const auto& body = *find_change(plan.changes, "hci_instance.db")->body;
  const auto& bob = (*body.after.map()->find("users")->second.list())[1];
  CHECK(tag(bob, "key").empty());
  CHECK(body.after.map()->find("none")->second.is_null());
}

TEST_CASE("a mask of another shape than its value covers the whole") {
  const Plan plan = read_plan_json(plan_fixture("masks")).plan;
  const auto& body = *find_change(plan.changes, "hci_instance.db")->body;
  CHECK(body.before.map()->find("odd")->second.is_sensitive());
  CHECK(body.after.map()->find("odd")->second.is_sensitive());
  CHECK(find_change(plan.changes, "hci_secret.whole")->body->after.is_sensitive());
}

TEST_CASE("a constant that is given to a sensitive variable of a module is hidden") {
  const Json document = parse_json(read_plan_json(plan_fixture("masks")).document).value();
  const Json& call = *document.find("configuration")->find("root_module")->find("module_calls")->find("in");
  CHECK(call.find("expressions")->find("key")->find("constant_value")->is_null());
  CHECK(*call.find("expressions")->find("size")->find("constant_value") == Json("module-size"));
}

TEST_CASE("a constant that is given to a sensitive attribute is hidden, however short it is") {
  const Json document = parse_json(read_plan_json(plan_fixture("masks")).document).value();
  const Json& resource =
      document.find("configuration")->find("root_module")->find("resources")->array_items().at(0);
  CHECK(resource.find("expressions")->find("pin")->find("constant_value")->is_null());
  CHECK(*resource.find("expressions")->find("name")->find("constant_value") == Json("db-01"));
}

TEST_CASE("a short word is not hidden everywhere because it is a secret somewhere") {
  Json json = plan_fixture("masks");
  at(change_in(json, "hci_instance.db"), {"change", "after", "size"}) = "1234";
  const PlanReadBack read = read_plan_json(json);
  CHECK(
      *find_change(read.plan.changes, "hci_instance.db")->body->after.map()->find("size")->second.string() ==
      "1234");
}

TEST_CASE("a secret that equals a word of the format does not make the document unreadable") {
  Json json = plan_fixture("masks");
  at(change_in(json, "hci_instance.db"), {"change", "before", "password"}) = "hci_instance";
  const PlanReadBack read = read_plan_json(json);
  CHECK(find_change(read.plan.changes, "hci_instance.db")->type == "hci_instance");
  CHECK(read_plan_text(read.document));
}

TEST_CASE("what is imported by a sensitive name is not named") {
  Json json = plan_fixture("masks");
  at(change_in(json, "hci_instance.db"), {"change", "importing", "id"}) = "after-secret";
  const PlanReadBack read = read_plan_json(json);
  CHECK(find_change(read.plan.changes, "hci_instance.db")->importing_id == "(sensitive)");
  CHECK_FALSE(holds_secret(read.document));
}

TEST_CASE("the constants of a resource that is sensitive as a whole are hidden") {
  Json json = plan_fixture("masks");
  json["configuration"]["root_module"]["resources"].push_back(
      Json::object({{"address", "hci_secret.whole"},
                    {"expressions", Json::object({{"a", Json::object({{"constant_value", "tiny"}})}})}}));
  CHECK(read_plan_json(json).document.find("tiny") == std::string::npos);
}

TEST_CASE("without a configuration every variable counts as sensitive") {
  Json json = plan_fixture("masks");
  json.object_members().erase("configuration");
  CHECK(read_plan_json(json).document.find("seoul-east") == std::string::npos);
}

TEST_CASE("a section that a later version adds is redacted by the same conventions") {
  Json json = plan_fixture("every_action");
  json["action_invocations"] = Json::Array{
      Json::object({{"address", "action.hci_reboot.x"},
                    {"config_values", Json::object({{"token", "future-secret"}, {"mode", "soft-reboot"}})},
                    {"config_values_sensitive", Json::object({{"token", true}})}})};
  const std::string document = read_plan_json(json).document;
  CHECK_FALSE(holds_secret(document));
  CHECK(document.find("soft-reboot") != std::string::npos);
}

}  // namespace
}  // namespace slipway::runner
