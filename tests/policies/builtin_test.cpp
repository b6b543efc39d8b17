#include "policies/builtin.h"

#include "tests/policies/children.h"
#include "tests/policies/samples.h"

#include <catch2/catch.hpp>

namespace slipway::policies {
namespace {

Verdict judge(const Policy& policy, const std::string& plan) {
  const PlanFile file(plan);
  return make_builtin(children())->evaluate(file.document(), policy, {});
}

Policy denying(const std::string& deny) {
  return read_policy(entry({{"name", text("p")}, {"deny", text(deny)}}));
}

std::string error_of(const std::string& deny) {
  const Verdict verdict = judge(denying(deny), R"({"a":1})");
  CHECK(verdict.outcome == PolicyOutcome::Error);
  REQUIRE(verdict.messages.size() == 1);
  return verdict.messages[0];
}

TEST_CASE("a plan that no message is about passes") {
  const Verdict verdict = judge(denying(R"jq(.resource_changes[]? | "\(.address)")jq"), "{}");
  CHECK(verdict.outcome == PolicyOutcome::Pass);
  CHECK(verdict.messages.empty());
  CHECK(verdict.policy == "p");
  CHECK_FALSE(verdict.blocks());
}

TEST_CASE("each message denies") {
  const Verdict verdict =
      judge(denying(R"jq(.addresses[] | "\(.) would go")jq"), R"({"addresses":["vm.a","vm.b"]})");
  CHECK(verdict.outcome == PolicyOutcome::Deny);
  CHECK(verdict.messages == std::vector<std::string>{"vm.a would go", "vm.b would go"});
  CHECK(verdict.blocks());
}

TEST_CASE("warnings warn, and stand after what denies") {
  const Policy policy = read_policy(
      entry({{"name", text("p")}, {"deny", text(".denied[]  # those")}, {"warn", text(".warned[]")}}));
  const Verdict warned = judge(policy, R"({"denied":[],"warned":["w"]})");
  CHECK(warned.outcome == PolicyOutcome::Warn);
  CHECK(warned.messages == std::vector<std::string>{"w"});
  CHECK_FALSE(warned.blocks());
  const Verdict denied = judge(policy, R"({"denied":["d"],"warned":["w"]})");
  CHECK(denied.outcome == PolicyOutcome::Deny);
  CHECK(denied.messages == std::vector<std::string>{"d", "w"});
}

TEST_CASE("level and owners come with the verdict") {
  const Policy policy = read_policy(entry({{"name", text("p")},
                                           {"deny", text("\"no\"")},
                                           {"level", text("overridable")},
                                           {"owners", list({"@acme/dba", "alice"})}}));
  const Verdict verdict = judge(policy, "{}");
  CHECK(verdict.level == PolicyLevel::Overridable);
  CHECK(verdict.owners == std::vector<std::string>{"@acme/dba", "alice"});
}

TEST_CASE("what is no message is an error that says what to write") {
  CHECK(error_of(".a == 1") ==
        "`deny` yields true, but what it yields are messages: write select(CONDITION) | \"…\"");
  CHECK(error_of(".a").starts_with("`deny` yields the number 1, "));
  CHECK(error_of("[\"x\"]").starts_with("`deny` yields a list, "));
  CHECK(error_of("null").starts_with("`deny` yields null, "));
}

TEST_CASE("a rule that fails is an error and never a pass") {
  CHECK(error_of(".a[]") == "Cannot iterate over number (1)");
  CHECK(error_of("halt").starts_with("it halts"));
  const Verdict verdict = judge(denying(".a["), "{}");
  CHECK(verdict.outcome == PolicyOutcome::Error);
  CHECK(verdict.blocks());
}

TEST_CASE("a document that can't be read is an error") {
  const Verdict gone = make_builtin(children())->evaluate({"/nowhere", ""}, denying("empty"), {});
  CHECK(gone.outcome == PolicyOutcome::Error);
  CHECK(judge(denying("empty"), "{\"a\":").outcome == PolicyOutcome::Error);
}

TEST_CASE("messages are bounded in number and in length") {
  const Verdict many = judge(denying("range(100000) | tostring"), "{}");
  REQUIRE(many.messages.size() == kMaxMessages + 1);
  CHECK(many.messages[kMaxMessages - 1] == "99");
  CHECK(many.messages.back() == "… and more than these");
  const Verdict endless = judge(denying("repeat(\"x\")"), "{}");
  CHECK(endless.messages.size() == kMaxMessages + 1);
  const Verdict lengthy = judge(denying(R"([range(1000) | "é"] | add)"), "{}");
  CHECK(lengthy.messages[0].size() == kMaxMessageBytes + std::string("…").size());
  CHECK(lengthy.messages[0].ends_with("é…"));
  CHECK(judge(denying("\"\""), "{}").messages[0] == "(without a message)");
}

TEST_CASE("fifty thousand changes are judged", "[slow]") {
  std::string plan = R"({"resource_changes":[)";
  for (int i = 0; i < 50'000; ++i) {
    plan += i == 0 ? "" : ",";
    plan +=
        R"({"address":"hci_instance.n","type":"hci_instance","change":{"actions":["create"],"before":null,"after":)"
        R"({"name":"n","description":")" +
        std::string(300, 'x') + "\"}}}";
  }
  const Policy policy = read_policy(entry({{"use", text("no-destroy")}}));
  CHECK(judge(policy, plan + "]}").outcome == PolicyOutcome::Pass);
}

TEST_CASE("a policy says what is wrong with its expressions before it is asked") {
  const auto engine = make_builtin(children());
  CHECK(engine->check(denying(".resource_changes[]?")).empty());
  CHECK(engine->check(denying("$with.types[]")).empty());
  CHECK(engine->check(denying("\n\n.a |")) ==
        "`deny` is no jq expression: line 3: syntax error, unexpected $end");
  const Policy policy = read_policy(entry({{"name", text("p")}, {"warn", text("nope")}}));
  CHECK(engine->check(policy) == "`warn` is no jq expression: line 1: nope/0 is not defined");
}

}  // namespace
}  // namespace slipway::policies
