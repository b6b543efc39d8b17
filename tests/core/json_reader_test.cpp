#include "core/json_reader.h"

#include <catch2/catch.hpp>

#include <functional>

namespace slipway {
namespace {

constexpr std::string_view kDocument =
    R"({"pull":{"number":12,"title":"Add","draft":false,"labels":["a","b"],"body":null},"big":9223372036854775808,)"
    R"("half":1.5})";

std::string complaint(const std::function<void(const JsonReader&)>& read) {
  const auto outcome = read_json(kDocument, [&](const JsonReader& in) {
    read(in);
    return true;
  });
  return outcome ? "none" : outcome.error().text();
}

TEST_CASE("a reader takes what is there") {
  const auto outcome = read_json(kDocument, [](const JsonReader& in) {
    CHECK(in["pull"]["number"].integer() == 12);
    CHECK(in["pull"]["title"].string() == "Add");
    CHECK_FALSE(in["pull"]["draft"].boolean());
    CHECK(in["pull"]["labels"].items().at(1).string() == "b");
    CHECK(in["pull"]["labels"].items().at(1).path() == "pull.labels[1]");
    CHECK(in["pull"].members().size() == 5);
    CHECK(in["pull"].members().back().first == "title");
    CHECK(in["pull"].members().back().second.path() == "pull.title");
    return 0;
  });
  CHECK(outcome);
}

TEST_CASE("what is missing or null has the value that was asked for instead") {
  const auto outcome = read_json(kDocument, [](const JsonReader& in) {
    CHECK(in["pull"]["body"].exists());
    CHECK(in["pull"]["body"].empty());
    CHECK_FALSE(in["nothing"].exists());
    CHECK(in["pull"]["body"].string_or("none") == "none");
    CHECK(in["pull"]["body"]["deeper"].integer_or(7) == 7);
    CHECK(in["nothing"]["at"]["all"].boolean_or(true));
    CHECK(in["nothing"].items_or_none().empty());
    CHECK(in["nothing"].members_or_none().empty());
    return 0;
  });
  CHECK(outcome);
}

TEST_CASE("what is something else is refused with its path") {
  CHECK(complaint([](const JsonReader& in) { in["pull"]["number"].string(); }) ==
        "pull.number: expected a string");
  CHECK(complaint([](const JsonReader& in) { in["pull"]["title"].integer(); }) ==
        "pull.title: expected a whole number");
  CHECK(complaint([](const JsonReader& in) { in["pull"]["title"].boolean(); }) ==
        "pull.title: expected true or false");
  CHECK(complaint([](const JsonReader& in) { in["pull"].items(); }) == "pull: expected a list");
  CHECK(complaint([](const JsonReader& in) { in["big"].members(); }) == "big: expected an object");
  CHECK(complaint([](const JsonReader& in) { in["big"]["x"].string(); }) == "big: expected an object");
  CHECK(complaint([](const JsonReader& in) { in["pull"]["labels"].items().at(0).integer(); }) ==
        "pull.labels[0]: expected a whole number");
  CHECK(complaint([](const JsonReader& in) { in["pull"]["title"].integer_or(1); }) ==
        "pull.title: expected a whole number");
}

TEST_CASE("a number that does not fit, or is not whole, is no whole number") {
  CHECK(complaint([](const JsonReader& in) { in["big"].integer(); }) == "big: expected a whole number");
  CHECK(complaint([](const JsonReader& in) { in["half"].integer(); }) == "half: expected a whole number");
}

TEST_CASE("what is missing is named") {
  CHECK(complaint([](const JsonReader& in) { in["pull"]["head"]["sha"].string(); }) ==
        "pull.head.sha: is missing");
  CHECK(complaint([](const JsonReader& in) { in["nothing"].value(); }) == "nothing: is missing");
  CHECK(complaint([](const JsonReader& in) { in["nothing"].items(); }) == "nothing: is missing");
}

TEST_CASE("text that is no JSON is refused before it is read") {
  const auto outcome = read_json("{", [](const JsonReader&) { return 0; });
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().place == "byte 2");
}

}  // namespace
}  // namespace slipway
