#include "runner/cli/unwritten.h"

#include "runner/terraform.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace slipway::runner;

namespace {

std::string state(const std::string& lineage, int serial, const std::string& resource) {
  return fmt::format(
      R"({{"version": 4, "lineage": "{}", "serial": {}, "outputs": {{}}, "resources": ["{}"]}})", lineage,
      serial, resource);
}

}  // namespace

TEST_CASE("a state that was left takes the place of an older one of its lineage, or of none") {
  const std::string left = state("a", 2, "web");
  CHECK(fit(left, "").refusal.empty());
  CHECK(fit(left, state("a", 1, "")).refusal.empty());
  CHECK(fit(left, state("", 0, "")).refusal.empty());
  CHECK_FALSE(fit(left, "").is_there);
  CHECK(fit(state("", 0, "web"), "").refusal.empty());
}

TEST_CASE("a state that was left does not take the place of what others wrote") {
  const std::string left = state("a", 2, "web");
  CHECK(fit(left, state("b", 1, "")).refusal == "its lineage is \"a\", and the state that is kept has \"b\"");
  CHECK(fit(left, state("a", 2, "db")).refusal ==
        "its serial is 2, and the state that is kept has 2 with other content");
  CHECK_FALSE(fit(left, state("a", 3, "db")).refusal.empty());
  CHECK_FALSE(fit(state("", 0, "web"), state("a", 1, "db")).refusal.empty());
  CHECK_FALSE(fit("half of it", "").refusal.empty());
}

TEST_CASE("a state that was pushed before is there, whatever lineage and serial it was given") {
  CHECK(fit(state("a", 2, "web"), state("b", 1, "web")).is_there);
  CHECK(fit(state("a", 2, "web"), state("a", 3, "web")).is_there);
}

TEST_CASE("only a lock taken by a run of ours names one") {
  CHECK(run_of({"id", "slipway@slipway-0123456789abcdef", {}, {}}) == "0123456789abcdef");
  CHECK(run_of({"id", "root@" + host_of_run("r2"), {}, {}}) == "r2");
  for (const char* who : {"", "alice@laptop", "slipway@slipway", "slipway-0123456789abcdef"})
    CHECK(run_of({"id", who, {}, {}}).empty());
}
