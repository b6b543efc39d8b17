#include "core/settings.h"

#include <catch2/catch.hpp>

namespace slipway {
namespace {

Settings scalar(std::string text, int line) {
  return {std::move(text), "slipway.yaml:" + std::to_string(line)};
}

Settings example() {
  return {Settings::Map{
              {"listen", scalar("127.0.0.1:4141", 1)},
              {"workers", scalar("2", 2)},
              {"draft", scalar("yes", 3)},
              {"open", scalar("true", 4)},
              {"empty", Settings({}, "slipway.yaml:5")},
              {"branches", Settings(Settings::List{scalar("main", 6), scalar("next", 7)}, "slipway.yaml:6")}},
          "slipway.yaml:1"};
}

TEST_CASE("settings are read by their key") {
  const Settings settings = example();
  CHECK(settings.string("listen") == "127.0.0.1:4141");
  CHECK(settings.integer_or("workers", 1) == 2);
  CHECK(settings.boolean_or("open", false));
  CHECK(settings.strings_or_none("branches") == std::vector<std::string>{"main", "next"});
  CHECK(settings.strings_or_none("listen") == std::vector<std::string>{"127.0.0.1:4141"});
}

TEST_CASE("a setting that is missing or null has the value that was asked for instead") {
  const Settings settings = example();
  CHECK(settings.find("empty") == nullptr);
  CHECK(settings.string_or("empty", "x") == "x");
  CHECK(settings.integer_or("missing", 3) == 3);
  CHECK(settings.boolean_or("missing", true));
  CHECK(settings.strings_or_none("missing").empty());
}

TEST_CASE("an error names file and line, and what to write instead") {
  const Settings settings = example();
  CHECK_THROWS_WITH(settings.at("store"), "slipway.yaml:1: \"store\" is missing");
  CHECK_THROWS_WITH(settings.integer_or("listen", 0),
                    "slipway.yaml:1: \"listen\" expects a whole number, not \"127.0.0.1:4141\"");
  CHECK_THROWS_WITH(settings.boolean_or("draft", true),
                    "slipway.yaml:3: \"draft\" expects true or false, not \"yes\"");
  CHECK_THROWS_WITH(settings.string("branches"),
                    Catch::StartsWith("slipway.yaml:6: expected one value here"));
  CHECK_THROWS_WITH(settings.at("listen").list(), Catch::StartsWith("slipway.yaml:1: expected a list here"));
  CHECK_THROWS_WITH(settings.at("listen").map(),
                    Catch::StartsWith("slipway.yaml:1: expected \"key: value\""));
}

TEST_CASE("a length of time is a number with a unit, or several") {
  CHECK(scalar("90s", 1).duration() == std::chrono::seconds(90));
  CHECK(scalar("1h30m", 1).duration() == std::chrono::minutes(90));
  CHECK(scalar("7d", 1).duration() == std::chrono::hours(168));
  for (const std::string wrong : {"", "5", "m", "5x", "5m3", "-5m", "1.5h", "9999999999s", "5 m"})
    CHECK_THROWS_WITH(
        scalar(wrong, 4).duration(),
        "slipway.yaml:4: \"" + wrong + "\" is no length of time; write it like 90s, 5m, 24h or 1h30m");
}

TEST_CASE("an unknown key is an error that asks what was meant") {
  const Settings settings(Settings::Map{{"worker", scalar("2", 9)}}, "slipway.yaml:1");
  CHECK_NOTHROW(settings.only({"worker"}));
  CHECK_THROWS_WITH(settings.only({"workers", "listen"}),
                    "slipway.yaml:9: unknown key \"worker\"; did you mean \"workers\"?");
  CHECK_THROWS_WITH(settings.only({"listen", "store"}),
                    "slipway.yaml:9: unknown key \"worker\"; known here: listen, store");
}

TEST_CASE("the closest word is suggested only if it is close") {
  CHECK(closest("aply", {"apply", "plan"}) == "apply");
  CHECK(closest("plna", {"apply", "plan"}) == "plan");
  CHECK_FALSE(closest("destroy", {"apply", "plan"}));
  CHECK_FALSE(closest("x", {"ab"}));
  CHECK_FALSE(closest("x", {}));
}

}  // namespace
}  // namespace slipway
