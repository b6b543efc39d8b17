#include "vcs/answer_cache.h"

#include <catch2/catch.hpp>

namespace slipway::vcs {
namespace {

CachedAnswer of_size(std::size_t size) { return {"e", std::string(size, 'x')}; }

}  // namespace

TEST_CASE("the answer that was longest not asked for goes first") {
  AnswerCache cache(100);
  cache.put("a", of_size(40));
  cache.put("b", of_size(40));
  CHECK(cache.find("a").has_value());
  cache.put("c", of_size(40));
  CHECK(cache.find("a").has_value());
  CHECK_FALSE(cache.find("b").has_value());
  CHECK(cache.find("c").has_value());
  CHECK(cache.bytes() <= 100);
}

TEST_CASE("a newer answer replaces the older, and one that never fits is forgotten") {
  AnswerCache cache(100);
  cache.put("a", of_size(40));
  cache.put("a", of_size(10));
  CHECK(cache.find("a")->body.size() == 10);
  CHECK(cache.bytes() == 12);
  cache.put("a", of_size(200));
  CHECK_FALSE(cache.find("a").has_value());
  CHECK(cache.bytes() == 0);
}

}  // namespace slipway::vcs
