#include "tests/runner/plan_generator.h"
#include "tests/runner/plans.h"

#include <catch2/catch.hpp>

#include <algorithm>

namespace slipway::runner {
namespace {

constexpr std::uint64_t kSeeds = 100;

/// Does the plan's value show what the document shows, and nothing where it is null?
void same_as_shown(const PlanValue& value, const Json& shown) {
  if (value.is_unknown() || value.is_sensitive()) {
    CHECK(shown.is_null());
  } else if (const auto* map = value.map()) {
    for (const auto& [name, member] : *map)
      if (const Json* below = shown.find(name)) same_as_shown(member, *below);
  } else if (const auto* list = value.list()) {
    REQUIRE(shown.size() == list->size());
    for (std::size_t i = 0; i < list->size(); ++i) same_as_shown((*list)[i], shown.array_items()[i]);
  } else {
    CHECK(value.known() == shown);
  }
}

TEST_CASE("no sensitive value of any generated plan is left in it") {
  std::size_t hidden = 0;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    INFO("seed " << seed);
    PlanGenerator generator(seed);
    const Json json = generator.plan();
    const PlanReadBack read = read_plan_json(json);
    const std::string stored = read.plan.to_json().dump();
    for (const std::string& secret : generator.secrets()) {
      REQUIRE(json.dump().find(secret) != std::string::npos);
      REQUIRE(stored.find(secret) == std::string::npos);
      REQUIRE(read.document.find(secret) == std::string::npos);
      ++hidden;
    }
  }
  CHECK(hidden > kSeeds);
}

TEST_CASE("a generated plan and its document tell the same") {
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    INFO("seed " << seed);
    const PlanReadBack read = read_plan_json(PlanGenerator(seed).plan());
    Json document = parse_json(read.document).value();
    for (const ResourceChange& change : read.plan.changes) {
      Json& shown = change_in(document, change.address)["change"];
      same_as_shown(change.body->before, shown["before"]);
      same_as_shown(change.body->after, shown["after"]);
    }
    CHECK(Plan::from_json(read.plan.to_json()).value() == read.plan);
  }
}

TEST_CASE("a generated plan means the same in whatever order it is written") {
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    INFO("seed " << seed);
    PlanGenerator generator(seed);
    Json json = generator.plan();
    const Plan plan = read_plan_json(json).plan;
    auto& changes = json["resource_changes"].array_items();
    std::reverse(changes.begin(), changes.end());
    json["timestamp"] = "2030-01-01T00:00:00Z";
    const Plan other = read_plan_text(shuffled_dump(json, generator)).value().plan;
    CHECK(other.semantic_digest == plan.semantic_digest);
  }
}

TEST_CASE("a generated plan means something else once a created value is another") {
  std::size_t moved = 0;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    INFO("seed " << seed);
    PlanGenerator generator(seed);
    Json json = generator.plan();
    const Plan plan = read_plan_json(json).plan;
    for (Json& change : json["resource_changes"].array_items()) {
      Json& after = change["change"]["after"];
      if (*change["change"].find("actions") != Json(Json::Array{"create"})) continue;
      after["added"] = "something else";
      ++moved;
      REQUIRE(read_plan_json(json).plan.semantic_digest != plan.semantic_digest);
      after.object_members().erase("added");
      REQUIRE(read_plan_json(json).plan.semantic_digest == plan.semantic_digest);
    }
  }
  CHECK(moved > kSeeds / 4);
}

}  // namespace
}  // namespace slipway::runner
