#include "tests/state/query.h"

#include "policies/engine.h"
#include "runner/runner.h"
#include "tests/children.h"

namespace slipway {

int child_main(std::string_view name) {
  if (name == "enter") return runner::enter_child(child_main);
  return name == "jq" ? policies::jq_child() : 2;
}

Query& state::query() {
  static const std::unique_ptr<Children> children = runner::make_children();
  static const std::unique_ptr<Query> made = policies::make_query(*children);
  return *made;
}

}  // namespace slipway
