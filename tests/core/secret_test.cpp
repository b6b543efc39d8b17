#include "core/secret.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <fmt/ostream.h>

#include <sstream>

namespace slipway {
namespace {

TEST_CASE("a secret prints as stars by every road") {
  const Secret secret("hunter2");
  std::ostringstream out;
  out << secret;
  CHECK(out.str() == "***");
  CHECK(fmt::format("{}", format_as(secret)) == "***");
  CHECK(Catch::Detail::stringify(secret) == "***");
}

TEST_CASE("a secret is revealed on purpose only, and survives being copied and moved") {
  Secret secret("hunter2");
  Secret copy = secret;
  CHECK(copy == secret);
  const Secret moved = std::move(copy);
  CHECK(moved.reveal() == "hunter2");
  secret = Secret("other");
  CHECK_FALSE(moved == secret);
  secret = moved;
  CHECK(secret.reveal() == "hunter2");
  CHECK(Secret().empty());
  CHECK_FALSE(Secret("a") == Secret("ab"));
}

}  // namespace
}  // namespace slipway
