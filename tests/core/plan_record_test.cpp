#include "core/plan_record.h"

#include <catch2/catch.hpp>

namespace slipway {
namespace {

PlanRecord whole_record() {
  PlanRecord record;
  record.id = "7f3a9e";
  record.change = {{{"github", "acme/infra"}, 12}, {"prod/web", "blue", "shop"}};
  record.run = "run";
  record.head = std::string(40, 'a');
  record.base = std::string(40, 'b');
  record.inputs = {std::string(40, 'c'), "files",    "terraform 1.11.4", "lock",
                   "variables",          "policies", {"lineage", 42}};
  record.plan_sha256 = "sha";
  record.semantic_digest = "semantic";
  record.destroys = {"a.b"};
  record.change_digests = {"1", "2"};
  record.counts = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  record.flags = {"-target=a.b"};
  record.complete = false;
  record.verdicts = {{"no-db-destroy",
                      PolicyLevel::Overridable,
                      PolicyOutcome::Deny,
                      {"a.b would be destroyed"},
                      {"@acme/dba"},
                      "alice"},
                     {"broken", PolicyLevel::Advisory, PolicyOutcome::Error, {}, {}, ""}};
  record.sandbox = "full";
  record.made = from_millis(1'763'800'000'123);
  record.expires = from_millis(1'763'886'400'123);
  record.shown_at = from_millis(1'763'800'005'000);
  record.plan_file = "blob1";
  record.materials = "blob2";
  record.summary = "blob3";
  return record;
}

TEST_CASE("a plan's record comes back from storage as it was") {
  PlanRecord unseen = whole_record();
  unseen.shown_at.reset();
  for (const PlanRecord& record : {PlanRecord(), whole_record(), unseen}) {
    const auto stored = parse_json(to_json(record).dump());
    REQUIRE(stored);
    const auto read = plan_record_from_json(*stored);
    REQUIRE(read);
    CHECK(*read == record);
  }
}

TEST_CASE("a plan's record that was damaged in storage is refused with its place") {
  Json json = to_json(whole_record());
  json["inputs"]["state"]["serial"] = "42";
  const auto refused = plan_record_from_json(json);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().text() == "inputs.state.serial: expected a whole number");
}

}  // namespace
}  // namespace slipway
