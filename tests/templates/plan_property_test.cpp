#include "templates/change_printer.h"
#include "templates/characters.h"
#include "templates/signs.h"
#include "templates/value_text.h"
#include "tests/templates/generated.h"
#include "tests/templates/printed.h"

#include <catch2/catch.hpp>

namespace slipway::templates {
namespace {

using Map = PlanValue::Map;

const Map& members(const PlanValue& value) {
  static const Map kNone;
  const Map* map = value.map();
  return map == nullptr ? kNone : *map;
}

/// An independent reading of what a person must be able to see: walks the values, and looks each difference
/// up in the printed lines, from where the last one was found.
class Reader {
 public:
  Reader(const std::vector<Line>& lines, bool with_signs) : lines_(lines), with_signs_(with_signs) {}

  /// Each member that differs has a line of its own name, with a sign; if its value stands on that line, so
  /// does what it becomes.
  void expect_members(const Map& before, const Map& after, std::size_t indent) {
    std::map<std::string, std::pair<PlanValue, PlanValue>> all;
    for (const auto& [name, value] : before) all[name].first = value;
    for (const auto& [name, value] : after) all[name].second = value;
    for (const auto& [name, values] : all) {
      if (values.first.is_null() && values.second.is_null()) continue;
      if (unchanged(values.first, values.second)) continue;
      CAPTURE(name);
      const Line* line = find(name, indent);
      REQUIRE(line != nullptr);
      if (with_signs_) CHECK(line->sign != Sign::None);
      const bool both_objects = values.first.map() != nullptr && values.second.map() != nullptr;
      if (both_objects && line->text.ends_with("{"))
        expect_members(*values.first.map(), *values.second.map(), indent + 4);
      if (values.second.is_unknown() && !values.first.is_sensitive())
        CHECK(line->text.find(kUnknownText) != std::string::npos);
      const auto* number = std::get_if<Json::Number>(&values.second.value());
      if (number != nullptr && !values.first.is_sensitive()) expect_value(name, indent, number->text);
    }
  }

 private:
  const Line* find(const std::string& name, std::size_t indent) const {
    const std::string start = std::string(indent, ' ') + name_text(name);
    for (const Line& line : lines_) {
      if (!line.text.starts_with(start)) continue;
      const auto next = line.text.find_first_not_of(' ', start.size());
      if (next != std::string::npos && next > start.size() && line.text[next] == '=') return &line;
    }
    return nullptr;
  }

  void expect_value(const std::string& name, std::size_t indent, const std::string& value) const {
    const std::string start = std::string(indent, ' ') + name_text(name) + " ";
    const bool shown = std::any_of(lines_.begin(), lines_.end(), [&](const Line& line) {
      return line.text.starts_with(start) && line.text.find(value) != std::string::npos;
    });
    CHECK(shown);
  }

  const std::vector<Line>& lines_;
  bool with_signs_;  // what is only read changes nothing
};

TEST_CASE("every attribute that differs is visible, and no sensitive value is") {
  for (std::uint32_t seed = 1; seed <= 400; ++seed) {
    PlanGenerator generator(seed);
    const Plan plan = generator.plan(8);
    for (const ResourceChange& change : plan.changes) {
      std::vector<Line> lines;
      print_change(change, lines);
      CAPTURE(seed, change.address, printed(lines));
      REQUIRE(!lines.empty());
      REQUIRE(lines.front().text.starts_with(change.address));
      REQUIRE(lines.front().essential == destroys(change.action));
      for (const Line& line : lines) REQUIRE(line.text.find(PlanGenerator::kTag) == std::string::npos);
      if (!change.body || change.action == Action::NoOp || change.action == Action::Forget) continue;
      Reader(lines, change.action != Action::Read)
          .expect_members(members(change.body->before), members(change.body->after), 4);
    }
  }
}

TEST_CASE("outputs: each has its line, and no sensitive value is shown") {
  for (std::uint32_t seed = 1; seed <= 400; ++seed) {
    PlanGenerator generator(seed);
    const Plan plan = generator.plan(0);
    const std::string text = printed(printed_changes(plan));
    CAPTURE(seed, text);
    for (const OutputChange& output : plan.outputs) {
      if (output.before.is_null() && output.after.is_null()) continue;
      CHECK(text.find("output." + output.name + " ") != std::string::npos);
    }
    CHECK(text.find(PlanGenerator::kTag) == std::string::npos);
  }
}

TEST_CASE("no line is a second line in disguise") {
  for (std::uint32_t seed = 1; seed <= 200; ++seed) {
    PlanGenerator generator(seed);
    for (const Line& line : printed_changes(generator.plan(8))) {
      const std::string text = line_text(line, true, true);
      REQUIRE(text.find('\n') == std::string::npos);
      REQUIRE(text.find('\x1b') == std::string::npos);
    }
  }
}

TEST_CASE("a plan of 50,000 changes is printed in a moment") {
  Plan plan;
  for (int i = 0; i < 50'000; ++i) {
    ResourceChange change;
    change.address =
        "module.region[" + std::to_string(i % 40) + "].hci_instance.server[" + std::to_string(i) + "]";
    change.action = Action::Create;
    plan.changes.push_back(change);
  }
  CHECK(printed_changes(plan).size() == 50'000);
}

}  // namespace
}  // namespace slipway::templates
