#include "core/plan_value.h"

#include <catch2/catch.hpp>

namespace slipway {
namespace {

PlanValue number(std::string text) { return PlanValue::Value(Json::Number{std::move(text)}); }
PlanValue text(std::string value) { return PlanValue::Value(std::move(value)); }

PlanValue everything() {
  return PlanValue::Value(PlanValue::Map{
      {"null", PlanValue()},
      {"true", PlanValue::Value(true)},
      {"number", number("12345678901234567890.10")},
      {"text", text("é\n")},
      {"list",
       PlanValue::Value(PlanValue::List{text("a"), PlanValue::Value(PlanValue::Unknown{}), PlanValue()})},
      {"empty list", PlanValue::Value(PlanValue::List{})},
      {"empty map", PlanValue::Value(PlanValue::Map{})},
      {"unknown", PlanValue::Value(PlanValue::Unknown{})},
      {"sensitive", PlanValue::Value(PlanValue::Sensitive{"0123456789abcdef"})},
      {"sensitive and unknown", PlanValue::Value(PlanValue::Sensitive{})},
      {"$unknown", PlanValue::Value(true)},
      {"$$sensitive", text("x")},
      {"looks unknown", PlanValue::Value(PlanValue::Map{{"$unknown", PlanValue::Value(true)}})},
      {"looks sensitive", PlanValue::Value(PlanValue::Map{{"$sensitive", text("tag")}})},
  });
}

TEST_CASE("a plan's value comes back as it was, whatever is in it") {
  const PlanValue value = everything();
  const auto stored = parse_json(value.to_json().dump());
  REQUIRE(stored);
  CHECK(PlanValue::from_json(*stored) == value);
}

TEST_CASE("unknown and sensitive parts are null to rules, and everything else is as it was") {
  const Json known = everything().known();
  CHECK(known.find("unknown")->is_null());
  CHECK(known.find("sensitive")->is_null());
  CHECK(known.find("list")->dump() == R"(["a",null,null])");
  CHECK(known.find("number")->dump() == "12345678901234567890.10");
  CHECK(known.find("looks sensitive")->dump() == R"({"$sensitive":"tag"})");
}

TEST_CASE("a plain value has nothing unknown or sensitive in it, whatever its keys are") {
  const Json json = Json::object({{"$unknown", true}});
  CHECK_FALSE(PlanValue::plain(json).is_unknown());
  CHECK(PlanValue::plain(json).known() == json);
}

TEST_CASE("stored text that is damaged is read as plain, and breaks nothing") {
  CHECK_FALSE(PlanValue::from_json(Json::object({{"$sensitive", 5}})).is_sensitive());
}

}  // namespace
}  // namespace slipway
