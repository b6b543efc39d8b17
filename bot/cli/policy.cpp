#include "bot/cli/cli.h"
#include "policies/policy_test.h"
#include "runner/runner.h"

#include <CLI/CLI.hpp>

#include <iostream>

namespace slipway::cli {
namespace {

int test(const std::string& directory) {
  const auto children = runner::make_children();
  std::size_t passed = 0;
  std::size_t failed = 0;
  for (const policies::PolicyCase& one : policies::test_policies(directory, *children, {})) {
    ++(one.passed() ? passed : failed);
    if (one.passed()) continue;
    std::cout << one.name << ": " << one.policy << '\n';
    if (!one.error.empty()) std::cout << "  could not be asked: " << one.error << '\n';
    for (const std::string& message : one.missing) std::cout << "  expected: " << message << '\n';
    for (const std::string& message : one.unexpected) std::cout << "  said:     " << message << '\n';
  }
  std::cout << passed << " passed, " << failed << " failed\n";
  return failed == 0 ? kDone : kFailed;
}

}  // namespace

void add_policy(CLI::App& app, int& code) {
  CLI::App* command = app.add_subcommand("policy", "Works with policies");
  command->require_subcommand(1);
  CLI::App* tests = command->add_subcommand("test", "Runs the tests of a directory of rules");
  tests->footer(
      "Example: slipway policy test policies/\n"
      "The directory holds NAME.jq (a rule), CASE.plan.json (a plan as `terraform show -json` gives it) and "
      "CASE.expect.json ({\"NAME\": [\"message\"]}).");
  auto directory = std::make_shared<std::string>();
  tests->add_option("DIR", *directory, "The directory")->required();
  tests->callback([directory, &code] { code = test(*directory); });
}

}  // namespace slipway::cli
