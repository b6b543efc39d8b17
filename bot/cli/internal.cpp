#include "bot/cli/cli.h"
#include "policies/engine.h"
#include "runner/runner.h"
#include "vcs/repository.h"

#include <iostream>

namespace slipway::cli {
namespace {

struct ChildKind {
  std::string_view name;
  int (*main)();
};
constexpr ChildKind kChildren[] = {
    {"enter", [] { return runner::enter_child(internal); }},
    {"keep", runner::keep_child},
    {"fetch", vcs::fetch_child},
    {"jq", policies::jq_child},
};

}  // namespace

int internal(std::string_view name) {
  for (const ChildKind& child : kChildren)
    if (child.name == name) return child.main();
  std::cerr << "slipway: there is no child \"" << name << "\"\n";
  return kUsage;
}

}  // namespace slipway::cli
