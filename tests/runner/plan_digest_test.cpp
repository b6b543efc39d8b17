#include "tests/runner/plans.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>
#include <set>

namespace slipway::runner {
namespace {

constexpr const char* kWeb0 = "hci_instance.web[0]";
constexpr const char* kWeb2 = "hci_instance.web[2]";
constexpr const char* kNode = "module.db[\"a.b\"].hci_instance.node[\"x\"]";

Plan with(const std::function<void(Json&)>& edit, const std::vector<std::string>& noise = {}) {
  Json json = plan_fixture("every_action");
  edit(json);
  return read_plan_json(json, noise).plan;
}

std::string digest_with(const std::function<void(Json&)>& edit) { return with(edit).semantic_digest; }

const std::string& unchanged() {
  static const std::string kDigest = digest_with([](Json&) {});
  return kDigest;
}

Json& change_of(Json& json, std::string_view address) { return change_in(json, address)["change"]; }

TEST_CASE("time, prior state, drift and refreshed values that stay do not change what a plan means") {
  CHECK(digest_with([](Json& json) { json["timestamp"] = "2030-01-01T00:00:00Z"; }) == unchanged());
  CHECK(digest_with([](Json& json) { json["terraform_version"] = "1.12.0"; }) == unchanged());
  CHECK(digest_with([](Json& json) { json.object_members().erase("resource_drift"); }) == unchanged());
  CHECK(digest_with([](Json& json) { json["relevant_attributes"] = Json::Array{"x"}; }) == unchanged());
  CHECK(digest_with([](Json& json) { json["checks"] = Json::array(); }) == unchanged());
  CHECK(digest_with([](Json& json) {
          at(json, {"prior_state", "values", "root_module"}) = Json::object({{"resources", Json::array()}});
        }) == unchanged());
  CHECK(digest_with([](Json& json) {
          at(change_of(json, kWeb0), {"before", "seen"}) = "10:00";
          at(change_of(json, kWeb0), {"after", "seen"}) = "10:00";
        }) == unchanged());
  CHECK(digest_with([](Json& json) { at(change_of(json, "hci_instance.old"), {"before", "cpu"}) = 8; }) ==
        unchanged());
  CHECK(digest_with([](Json& json) { change_in(json, "data.hci_image.debian")["name"] = "other"; }) ==
        unchanged());
  CHECK(digest_with([](Json& json) { change_in(json, "hci_instance.same")["name"] = "other"; }) ==
        unchanged());
}

TEST_CASE("the order of changes does not change what a plan means") {
  CHECK(digest_with([](Json& json) {
          auto& changes = json["resource_changes"].array_items();
          std::reverse(changes.begin(), changes.end());
        }) == unchanged());
}

TEST_CASE("whatever a change does is part of what the plan means") {
  const std::function<void(Json&)> edits[] = {
      [](Json& json) { change_in(json, kWeb2)["address"] = "hci_instance.web[3]"; },
      [](Json& json) { change_in(json, kWeb2)["type"] = "hci_machine"; },
      [](Json& json) { change_in(json, kWeb2)["provider_name"] = "registry.example.com/other/hci"; },
      [](Json& json) { change_in(json, kWeb2)["action_reason"] = "why"; },
      [](Json& json) { at(change_of(json, kWeb2), {"after", "cpu"}) = 8; },
      [](Json& json) { at(change_of(json, kWeb2), {"after", "new"}) = nullptr; },
      [](Json& json) { at(change_of(json, kWeb2), {"after_unknown", "cpu"}) = true; },
      [](Json& json) { at(change_of(json, kWeb2), {"after_unknown"}).object_members().erase("ip"); },
      [](Json& json) { at(change_of(json, kWeb2), {"after_sensitive", "cpu"}) = true; },
      [](Json& json) { at(change_of(json, kWeb0), {"before", "cpu"}) = 1; },
      [](Json& json) { at(change_of(json, kWeb0), {"after", "cpu"}) = 8; },
      [](Json& json) { at(change_of(json, kWeb0), {"after", "seen"}) = "10:00"; },
      [](Json& json) { at(change_of(json, kWeb0), {"after_unknown", "seen"}) = true; },
      [](Json& json) { at(change_of(json, kWeb0), {"after", "disk"}).push_back(nullptr); },
      [](Json& json) { at(change_of(json, kWeb0), {"after", "extra"}) = nullptr; },
      [](Json& json) { change_of(json, kNode)["replace_paths"] = Json::Array{Json::Array{"image"}}; },
      [](Json& json) { change_of(json, kNode)["actions"] = Json::Array{"create", "delete"}; },
      [](Json& json) { change_of(json, "hci_instance.old")["actions"] = Json::Array{"forget"}; },
      [](Json& json) { change_in(json, "hci_network.lan")["deposed"] = "99999999"; },
      [](Json& json) { at(change_of(json, "hci_instance.found"), {"importing", "id"}) = "vm-70"; },
      [](Json& json) { change_in(json, "hci_instance.renamed")["previous_address"] = "hci_instance.other"; },
      [](Json& json) { json["resource_changes"].array_items().pop_back(); },
      [](Json& json) { at(json, {"output_changes", "ips", "after"}) = Json::Array{"10.0.0.2", nullptr}; },
      [](Json& json) { at(json, {"output_changes", "ips", "after_unknown"}) = false; },
      [](Json& json) { json["output_changes"].object_members().erase("gone"); },
      [](Json& json) { at(json, {"output_changes", "same", "actions"}) = Json::Array{"delete"}; },
  };
  std::set<std::string> digests = {unchanged()};
  for (const auto& edit : edits) {
    INFO(digests.size());
    CHECK(digests.insert(digest_with(edit)).second);
  }
}

TEST_CASE("a provider that is set up otherwise makes another plan of the same changes") {
  const auto provider = [](Json& json, const char* key) -> Json& {
    return at(json, {"configuration", "provider_config", key});
  };
  CHECK(digest_with([&](Json& json) {
          at(provider(json, "hci"), {"expressions", "server", "constant_value"}) = "other.example.com";
        }) != unchanged());
  CHECK(digest_with([&](Json& json) { provider(json, "hci")["alias"] = "west"; }) != unchanged());
  CHECK(digest_with([&](Json& json) { provider(json, "module.db:hci")["expressions"] = Json::object(); }) !=
        unchanged());
  CHECK(digest_with([&](Json& json) { provider(json, "hci")["version_constraint"] = "~> 2.0"; }) ==
        unchanged());
  CHECK(digest_with([&](Json& json) { at(provider(json, "unused"), {"name"}) = "unused"; }) == unchanged());
}

TEST_CASE("a variable that a provider refers to belongs to what the plan means") {
  CHECK(digest_with([](Json& json) { at(json, {"variables", "site", "value"}) = "busan"; }) != unchanged());
  const auto without_references = [](Json& json) {
    at(json, {"configuration", "provider_config", "hci", "expressions"}).object_members().erase("site");
    json["configuration"]["provider_config"].object_members().erase("module.db:hci");
  };
  CHECK(digest_with(without_references) == digest_with([&](Json& json) {
          without_references(json);
          at(json, {"variables", "site", "value"}) = "busan";
        }));
}

TEST_CASE("a reference that can't be followed makes every variable part of what the plan means") {
  const auto local = [](Json& json) {
    json["configuration"]["provider_config"].object_members().erase("module.db:hci");
    at(json, {"configuration", "provider_config", "hci", "expressions", "site", "references"}) =
        Json::Array{"local.site"};
  };
  CHECK(digest_with(local) != digest_with([&](Json& json) {
          local(json);
          at(json, {"variables", "unrelated", "value"}) = "busan";
        }));
}

TEST_CASE("a provisioner that does something else makes another plan of the same changes") {
  const auto provisioners = [](Json& json) -> Json& {
    return json["configuration"]["root_module"]["resources"].array_items()[0]["provisioners"];
  };
  CHECK(digest_with([&](Json& json) {
          at(provisioners(json).array_items()[0], {"expressions", "command", "constant_value"}) =
              "./leave.sh";
        }) != unchanged());
  CHECK(digest_with([&](Json& json) { provisioners(json) = nullptr; }) != unchanged());
  CHECK(digest_with([](Json& json) {
          json["configuration"]["root_module"]["resources"].array_items()[0]["expressions"] = Json::object();
        }) == unchanged());
}

TEST_CASE("each change has a digest of its own, which others do not move") {
  const Plan before = with([](Json&) {});
  const Plan after = with([](Json& json) { at(change_of(json, kWeb2), {"after", "cpu"}) = 8; });
  for (const ResourceChange& change : before.changes) {
    INFO(change.address);
    const ResourceChange& other = *find_change(after.changes, change.address, change.deposed);
    CHECK((other.digest == change.digest) == (change.address != kWeb2));
    CHECK(change.digest.empty() == (change.action == Action::Read));
  }
}

TEST_CASE("digests of sensitive values depend on their key, and the others do not") {
  const Json plain = plan_fixture("every_action");
  CHECK(read_plan_json(plain, {}, "a").plan.semantic_digest ==
        read_plan_json(plain, {}, "b").plan.semantic_digest);
  const Json sensitive = plan_fixture("masks");
  CHECK(read_plan_json(sensitive, {}, "a").plan.semantic_digest !=
        read_plan_json(sensitive, {}, "b").plan.semantic_digest);
}

TEST_CASE("a sensitive value that changes makes another plan") {
  const Json before = plan_fixture("masks");
  Json after = before;
  at(change_of(after, "hci_instance.db"), {"after", "password"}) = "other-secret";
  CHECK(read_plan_json(before).plan.semantic_digest != read_plan_json(after).plan.semantic_digest);
}

TEST_CASE("noise is left out of the digest, and named") {
  const auto seen = [](const char* value) {
    return [value](Json& json) { at(change_of(json, kWeb0), {"after", "seen"}) = value; };
  };
  const std::vector<std::string> noise = {"hci_instance.*.seen"};
  const Plan at_ten = with(seen("10:00"), noise);
  CHECK(at_ten.semantic_digest == with(seen("11:00"), noise).semantic_digest);
  CHECK(with(seen("10:00")).semantic_digest != with(seen("11:00")).semantic_digest);
  CHECK(at_ten.noise_left_out == std::vector<std::string>{"hci_instance.web.seen"});
  CHECK(with([](Json&) {}, noise).noise_left_out.empty());
}

TEST_CASE("noise within what is created is left out too, whatever its instance and its index") {
  const auto size = [](int value) {
    return [value](Json& json) {
      change_of(json, kWeb2)["after"]["disk"].array_items()[0]["size"] = value;
      change_of(json, kNode)["after"]["disk"].array_items()[0]["size"] = value;
    };
  };
  const std::vector<std::string> noise = {"hci_instance.web.disk.size",
                                          "module.*.hci_instance.node[\"x\"].disk[0].size"};
  CHECK(with(size(20), noise).semantic_digest == with(size(30), noise).semantic_digest);
  CHECK(with(size(20), noise).noise_left_out ==
        std::vector<std::string>{"hci_instance.web.disk.size", "module.db.hci_instance.node.disk.size"});
  CHECK(with(size(20), {noise[0]}).semantic_digest != with(size(30), {noise[0]}).semantic_digest);
}

TEST_CASE("a pattern reaches no further than its words") {
  const auto moved = [](Json& json) { at(change_of(json, kNode), {"after", "image"}) = "debian-13"; };
  for (const std::string pattern :
       {"hci_instance.node.image", "module.db.hci_instance.node.ima", "hci_instance.*",
        "module.db.hci_instance.node", "*.*.*.image", "module.db.hci_instance.node.image.x", ""}) {
    INFO(pattern);
    CHECK(with(moved, {pattern}).semantic_digest != with([](Json&) {}, {pattern}).semantic_digest);
  }
}

}  // namespace
}  // namespace slipway::runner
