#include "policies/engine.h"
#include "tests/policies/children.h"
#include "tests/policies/samples.h"

#include <catch2/catch.hpp>

namespace slipway::policies {
namespace {

std::string refusal(const Entry& keys) {
  try {
    (void)read_policy(entry(keys));
  } catch (const SettingsError& error) {
    return error.what();
  }
  return {};
}

TEST_CASE("a policy is mandatory and builtin unless it says otherwise") {
  const Policy policy = read_policy(entry({{"name", text("p")}, {"deny", text("empty")}}));
  CHECK(policy.name == "p");
  CHECK(policy.engine == "builtin");
  CHECK(policy.level == PolicyLevel::Mandatory);
  CHECK(policy.owners.empty());
}

TEST_CASE("a shipped rule lends its name to a policy that has none") {
  CHECK(read_policy(entry({{"use", text("no-destroy")}})).name == "no-destroy");
  CHECK(read_policy(entry({{"use", text("no-destroy")}, {"name", text("keep")}})).name == "keep");
}

TEST_CASE("what a policy judges by is part of its source") {
  const auto source = [](const Entry& more) {
    Entry keys = {{"name", text("p")}};
    keys.insert(keys.end(), more.begin(), more.end());
    return read_policy(entry(keys)).source;
  };
  const Settings one = entry({{"types", list({"a"})}});
  const Settings two = entry({{"types", list({"b"})}});
  CHECK(source({{"deny", text("1")}}) != source({{"deny", text("2")}}));
  CHECK(source({{"deny", text("1")}}) != source({{"warn", text("1")}}));
  CHECK(source({{"use", text("no-destroy")}, {"with", one}}) !=
        source({{"use", text("no-destroy")}, {"with", two}}));
  CHECK(source({{"use", text("no-destroy")}}) != source({{"use", text("no-stateful-replacement")}}));
}

TEST_CASE("a policy that can't be understood is refused with what to write instead") {
  CHECK(refusal({{"deny", text("x")}}) ==
        "slipway.yaml:1: \"name\" is missing: comments call the policy by it");
  CHECK(refusal({{"name", text("p")}}) ==
        "slipway.yaml:1: a policy needs a rule: write `deny:`, `warn:` or `use:`");
  CHECK(refusal({{"name", text("p")}, {"deny", text("x")}, {"level", text("hard")}}) ==
        "slipway.yaml:2: \"hard\" is none of advisory, overridable, mandatory");
  CHECK(refusal({{"name", text("p")}, {"deny", text("x")}, {"engine", text("opa")}}) ==
        "slipway.yaml:2: \"opa\" is not one of: builtin");
  CHECK(refusal({{"name", text("p")}, {"deny", text("x")}, {"levl", text("advisory")}}) ==
        "slipway.yaml:2: unknown key \"levl\"; did you mean \"level\"?");
  CHECK(refusal({{"use", text("no-distroy")}})
            .starts_with("slipway.yaml:2: there is no shipped rule \"no-distroy\"; there are: no-destroy, "));
  CHECK(
      refusal({{"name", text("p")}, {"deny", text("x")}, {"level", text("overridable")}}).find("`owners`") !=
      std::string::npos);
  CHECK(refusal({{"name", text("p")}, {"deny", text("x")}, {"use", text("no-destroy")}}).find("two rules") !=
        std::string::npos);
}

TEST_CASE("every registered engine says what it is and can be made") {
  for (const EngineKind& kind : engine_kinds()) {
    INFO(kind.name);
    CHECK_FALSE(kind.help.empty());
    CHECK(kind.make(children()) != nullptr);
  }
}

}  // namespace
}  // namespace slipway::policies
