#include "policies/policy_test.h"

#include "core/failure.h"
#include "core/json_reader.h"
#include "policies/builtin.h"
#include "policies/shipped_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>

namespace slipway::policies {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kRule = ".jq";
constexpr std::string_view kPlan = ".plan.json";
constexpr std::string_view kExpectation = ".expect.json";

struct Expectation {
  Json with = Json::object();
  std::vector<std::string> messages;
  std::string error;
};
using Expectations = std::map<std::string, Expectation>;  // by policy

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in) throw Failure(fmt::format("cannot read {}", path.string()));
  return text;
}

Expectation read_expectation(const JsonReader& in) {
  Expectation out;
  const bool bare = in.value().is_array();
  for (const auto& message : bare ? in.items() : in["messages"].items_or_none())
    out.messages.push_back(message.string());
  if (bare) return out;
  if (!in["with"].empty()) out.with = in["with"].value();
  out.error = in["error"].string_or("");
  return out;
}

Expectations read_expectations(const fs::path& path) {
  const auto read = read_json(read_file(path), [](const JsonReader& in) {
    Expectations out;
    for (const auto& [policy, expected] : in.members()) out.emplace(policy, read_expectation(expected));
    return out;
  });
  if (!read) throw Failure(fmt::format("{}: {}", path.string(), read.error().text()));
  return *read;
}

/// Names of the files that end so, without that end, sorted.
std::vector<std::string> names(const std::string& directory, std::string_view end) {
  std::vector<std::string> out;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    const std::string name = entry.path().filename().string();
    if (name.size() > end.size() && name.ends_with(end))
      out.push_back(name.substr(0, name.size() - end.size()));
  }
  if (error) throw Failure(fmt::format("cannot read {}: {}", directory, error.message()));
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<std::string> without(std::vector<std::string> of, std::vector<std::string> these) {
  std::sort(of.begin(), of.end());
  std::sort(these.begin(), these.end());
  std::vector<std::string> out;
  std::set_difference(of.begin(), of.end(), these.begin(), these.end(), std::back_inserter(out));
  return out;
}

class PolicyTest {
 public:
  PolicyTest(std::string directory, Children& children, std::stop_token stop)
      : directory_(std::move(directory)), children_(children), stop_(std::move(stop)) {
    for (const std::string& name : names(directory_, kRule))
      rules_.emplace(name, read_file(file(name, kRule)));
  }

  std::vector<PolicyCase> run() {
    const std::vector<std::string> cases = names(directory_, kPlan);
    if (cases.empty())
      throw Failure(fmt::format("{} has no case: a file whose name ends in {}", directory_, kPlan));
    std::vector<PolicyCase> out;
    for (const std::string& name : cases) run_case(name, out);
    return out;
  }

 private:
  fs::path file(const std::string& name, std::string_view end) const {
    return fs::path(directory_) / (name + std::string(end));
  }

  void run_case(const std::string& name, std::vector<PolicyCase>& out) {
    Expectations expectations = read_expectations(file(name, kExpectation));
    for (const auto& [policy, text] : rules_) expectations.try_emplace(policy);
    for (const auto& [policy, expected] : expectations) {
      PolicyCase result;
      result.name = name;
      result.policy = policy;
      compare(expected, result);
      out.push_back(std::move(result));
    }
  }

  void compare(const Expectation& expected, PolicyCase& result) {
    Rule rule;
    rule.with = expected.with;
    const auto text = text_of(result.policy);
    if (!text) {
      result.error =
          fmt::format("there is neither a file {}.jq nor a shipped rule of that name", result.policy);
      return;
    }
    rule.deny = *text;
    const Verdict verdict = judge(children_, {file(result.name, kPlan).string(), ""}, rule, stop_);
    const bool failed = verdict.outcome == PolicyOutcome::Error;
    if (failed && verdict.messages[0] == expected.error) return;
    if (failed) {
      result.error = verdict.messages[0];
    } else {
      result.unexpected = without(verdict.messages, expected.messages);
    }
    result.missing = without(expected.messages, failed ? std::vector<std::string>() : verdict.messages);
    if (!expected.error.empty()) result.missing.push_back(expected.error);
  }

  std::optional<std::string> text_of(const std::string& policy) const {
    if (const auto found = rules_.find(policy); found != rules_.end()) return found->second;
    const ShippedRule* const shipped = find_shipped_rule(policy);
    return shipped != nullptr ? std::optional<std::string>(shipped->text) : std::nullopt;
  }

  std::string directory_;
  Children& children_;
  std::stop_token stop_;
  std::map<std::string, std::string> rules_;
};

}  // namespace

std::vector<PolicyCase> test_policies(const std::string& directory, Children& children,
                                      std::stop_token stop) {
  // The child that asks a rule stands elsewhere.
  const std::string from_anywhere = std::filesystem::absolute(directory).string();
  return PolicyTest(from_anywhere, children, std::move(stop)).run();
}

}  // namespace slipway::policies
