#include "policies/policy_test.h"

#include "core/failure.h"
#include "policies/shipped_rules.h"
#include "tests/policies/children.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace slipway::policies {
namespace {

/// A directory of rules, plans and expectations for the length of a test.
class Directory {
 public:
  Directory() { REQUIRE(mkdtemp(path_.data()) != nullptr); }
  ~Directory() { std::filesystem::remove_all(path_); }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  void write(const std::string& name, const std::string& text) { std::ofstream(path_ + "/" + name) << text; }

  /// A line for each case and policy.
  std::string tested() {
    std::string out;
    for (const PolicyCase& result : test_policies(path_, children(), {})) {
      out += fmt::format("{} {}: {}\n", result.name, result.policy,
                         result.passed() ? "passed"
                                         : fmt::format("missing [{}] unexpected [{}] error [{}]",
                                                       fmt::join(result.missing, ", "),
                                                       fmt::join(result.unexpected, ", "), result.error));
    }
    return out;
  }

 private:
  std::string path_ = "/tmp/slipway-policies-XXXXXX";
};

TEST_CASE("the shipped rules say what their tests expect") {
  std::size_t tested = 0;
  for (const PolicyCase& result :
       test_policies(SLIPWAY_TEST_DIR "/../../policies/rules/tests", children(), {})) {
    INFO(result.name << " " << result.policy << "\nmissing "
                     << fmt::format("{}", fmt::join(result.missing, "\n")) << "\nunexpected "
                     << fmt::format("{}", fmt::join(result.unexpected, "\n")) << "\n"
                     << result.error);
    CHECK(result.passed());
    ++tested;
  }
  CHECK(tested >= 2 * shipped_rules().size());
}

TEST_CASE("the directory of a rule may be named from where one stands") {
  const auto from_here = std::filesystem::relative(SLIPWAY_TEST_DIR "/../../policies/rules/tests");
  for (const PolicyCase& result : test_policies(from_here.string(), children(), {})) {
    INFO(result.name << " " << result.policy << ": " << result.error);
    CHECK(result.passed());
  }
}

TEST_CASE("each shipped rule begins with what it denies and how it is used") {
  for (const ShippedRule& rule : shipped_rules()) {
    INFO(rule.name);
    CHECK(rule.text.starts_with("# Denies "));
    CHECK(rule.text.find(fmt::format("#   use: {}\n", rule.name)) != std::string_view::npos);
  }
}

TEST_CASE("a rule is tested against what it should say of a plan") {
  Directory directory;
  directory.write("ours.jq", ".names[] | select(. != \"good\")");
  directory.write("a.plan.json", R"({"names":["bad","good","worse"]})");
  directory.write("a.expect.json", R"({"ours":["worse","bad"]})");
  directory.write("b.plan.json", R"({"names":["bad"]})");
  directory.write("b.expect.json", R"({"ours":["good"]})");
  directory.write("c.plan.json", R"({"names":["unnamed"]})");
  directory.write("c.expect.json", "{}");
  CHECK(directory.tested() ==
        "a ours: passed\n"
        "b ours: missing [good] unexpected [bad] error []\n"
        "c ours: missing [] unexpected [unnamed] error []\n");
}

TEST_CASE("a rule is tested with what it takes, and for how it fails") {
  Directory directory;
  directory.write("ours.jq", "$with.words[], ($with.fail // empty | error)");
  directory.write("a.plan.json", "{}");
  directory.write("a.expect.json", R"({"ours":{"with":{"words":["10"]},"messages":["10"]}})");
  directory.write("b.plan.json", "{}");
  directory.write("b.expect.json", R"({"ours":{"with":{"words":[],"fail":"no"},"error":"no"}})");
  directory.write("c.plan.json", "{}");
  directory.write("c.expect.json",
                  R"({"ours":{"with":{"words":[],"fail":"no"},"messages":["x"]},"other":[]})");
  directory.write("d.plan.json", "{}");
  directory.write("d.expect.json", R"({"ours":{"with":{"words":[]},"error":"no"}})");
  CHECK(directory.tested() ==
        "a ours: passed\n"
        "b ours: passed\n"
        "c other: missing [] unexpected [] error [there is neither a file other.jq nor a shipped rule of "
        "that name]\n"
        "c ours: missing [x] unexpected [] error [no]\n"
        "d ours: missing [no] unexpected [] error []\n");
}

TEST_CASE("a directory that tests nothing is a failure") {
  Directory directory;
  directory.write("ours.jq", "empty");
  CHECK_THROWS_AS(directory.tested(), Failure);
  directory.write("a.plan.json", "{}");
  CHECK_THROWS_AS(directory.tested(), Failure);
  directory.write("a.expect.json", "[]");
  CHECK_THROWS_AS(directory.tested(), Failure);
  CHECK_THROWS_AS(test_policies("/nowhere", children(), {}), Failure);
}

}  // namespace
}  // namespace slipway::policies
