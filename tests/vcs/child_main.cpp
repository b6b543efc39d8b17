#include "runner/runner.h"
#include "tests/children.h"
#include "vcs/repository.h"

#include <map>

/// What the tests of this folder run as children of themselves.
int slipway::child_main(std::string_view name) {
  static const std::map<std::string_view, int (*)()> children = {
      {"enter", [] { return runner::enter_child(child_main); }}, {"fetch", vcs::fetch_child}};
  const auto child = children.find(name);
  return child == children.end() ? 2 : child->second();
}
