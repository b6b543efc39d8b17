#include "vcs/json_fields.h"

#include <catch2/catch.hpp>

namespace slipway::vcs {
namespace {

constexpr std::string_view kFields[] = {"a", "list"};

std::string kept(std::string_view text) { return parse_json_fields(text, kFields).value().dump(); }

}  // namespace

TEST_CASE("only the members that are asked for are kept, at any depth") {
  CHECK(kept(R"({"a":1,"b":2})") == R"({"a":1})");
  CHECK(kept(R"({"b":{"a":1},"a":{"a":2,"c":[1,{"a":3}]}})") == R"({"a":{"a":2}})");
  CHECK(kept(R"([{"a":1,"b":[[]]},{"c":null,"a":[true,"x"]}])") == R"([{"a":1},{"a":[true,"x"]}])");
  CHECK(kept(R"({"b":[],"list":[{"b":{}},{"a":null}]})") == R"({"list":[{},{"a":null}]})");
  CHECK(kept("3") == "3");
}

TEST_CASE("a document that is broken in a part nobody wants is still broken") {
  CHECK_FALSE(parse_json_fields(R"({"b":[1,2})", kFields).has_value());
  CHECK_FALSE(parse_json_fields("", kFields).has_value());
  CHECK_FALSE(parse_json_fields(std::string(100'000, '['), kFields).has_value());
}

}  // namespace slipway::vcs
