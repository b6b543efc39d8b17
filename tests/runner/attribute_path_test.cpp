#include "runner/plan/attribute_path.h"

#include <catch2/catch.hpp>

namespace slipway::runner {
namespace {

TEST_CASE("an attribute's path is written as people write it") {
  CHECK(to_text({"image"}) == "image");
  CHECK(to_text({"disk", std::size_t{0}, "size"}) == "disk[0].size");
  CHECK(to_text({"tags", "a.b", "c"}) == "tags[\"a.b\"].c");
  CHECK(to_text({}).empty());
  CHECK(path_text(Json::Array{"disk", 0, "size"}) == "disk[0].size");
  CHECK(path_text(Json::Array{"set", Json::object({{"a", 1}})}) == "set[{\"a\":1}]");
}

TEST_CASE("the keys of instances are left out of an address, whatever is in them") {
  CHECK(without_indexes("a.b") == "a.b");
  CHECK(without_indexes("a.b[0]") == "a.b");
  CHECK(without_indexes("module.m[\"x\"].a.b[\"y\"]") == "module.m.a.b");
  CHECK(without_indexes("a.b[\"]\\\"].c\"]") == "a.b");
  CHECK(without_indexes("a.b[\"unended") == "a.b");
  CHECK(without_indexes("") == "");
  CHECK(address_words("module.m[\"x.y\"].a.b") == std::vector<std::string>{"module", "m", "a", "b"});
}

}  // namespace
}  // namespace slipway::runner
