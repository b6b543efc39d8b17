#include "templates/list_pairs.h"

#include "tests/templates/generated.h"
#include "tests/templates/samples.h"

#include <catch2/catch.hpp>

namespace slipway::templates {
namespace {

/// "0-0 1- -1": which element before is which after.
std::string paired(std::string_view before, std::string_view after) {
  std::string out;
  const PlanValue old_list = samples::value(before);
  const PlanValue new_list = samples::value(after);
  for (const ElementPair& pair : paired_elements(*old_list.list(), *new_list.list())) {
    if (!out.empty()) out += " ";
    if (pair.before) out += std::to_string(*pair.before);
    out += "-";
    if (pair.after) out += std::to_string(*pair.after);
  }
  return out;
}

TEST_CASE("equal elements are paired wherever they stand") {
  CHECK(paired("[1, 2, 3]", "[2, 3, 4]") == "0- 1-0 2-1 -2");
  CHECK(paired("[]", "[1]") == "-0");
  CHECK(paired("[1]", "[]") == "0-");
}

TEST_CASE("objects are paired by what names them, before what they share") {
  CHECK(paired(R"([{"name": "a", "x": 1, "y": 1, "z": 1}])",
               R"([{"name": "b", "x": 1, "y": 1, "z": 1}, {"name": "a", "x": 9, "y": 9, "z": 9}])") ==
        "-0 0-1");
  CHECK(paired(R"([{"x": 1, "y": 1}, {"x": 5, "y": 5}])", R"([{"x": 5, "y": 6}, {"x": 1, "y": 2}])") ==
        "1-0 0-1");
}

TEST_CASE("what is removed stands where it stood") {
  CHECK(paired(R"([{"name": "a"}, {"name": "b", "v": 1}, {"name": "c"}])",
               R"([{"name": "b", "v": 2}, {"name": "d"}])") == "0- 1-0 2- -1");
}

TEST_CASE("a single object that became another is that object, changed") {
  CHECK(paired(R"([{"from": 1, "to": 2}])", R"([{"from": 3, "to": 4}])") == "0-0");
}

TEST_CASE("sensitive parts are paired by place: what is compared must not be told") {
  CHECK(paired(R"(["a", {"$sensitive": "1"}])", R"(["b", "a", "c"])") == "0-0 1-1 -2");
}

TEST_CASE("whatever the lists: each element is told once") {
  for (std::uint32_t seed = 1; seed <= 300; ++seed) {
    PlanGenerator generator(seed);
    PlanValue::List before;
    for (std::size_t i = generator.below(8); i > 0; --i) before.push_back(generator.value(2));
    const PlanValue changed = generator.changed(PlanValue::Value(before), 2);
    const PlanValue::List after = changed.list() != nullptr ? *changed.list() : PlanValue::List{};
    std::vector<int> old_told(before.size());
    std::vector<int> new_told(after.size());
    for (const ElementPair& pair : paired_elements(before, after)) {
      if (pair.before) ++old_told.at(*pair.before);
      if (pair.after) ++new_told.at(*pair.after);
    }
    CAPTURE(seed);
    CHECK(old_told == std::vector<int>(before.size(), 1));
    CHECK(new_told == std::vector<int>(after.size(), 1));
  }
}

}  // namespace
}  // namespace slipway::templates
