#include "tests/hooks/sandbox.h"

#include "runner/runner.h"
#include "tests/children.h"
#include "tests/hooks/samples.h"

#include <catch2/catch.hpp>
#include <unistd.h>

namespace slipway {

int child_main(std::string_view name) { return name == "enter" ? runner::enter_child(child_main) : 2; }

Sandbox& hooks::sandbox() {
  static const Directory directory;
  static const std::unique_ptr<Sandbox> made = runner::make_sandbox(directory.path());
  return *made;
}

bool hooks::has_program(const char* path) {
  if (access(path, X_OK) == 0) return true;
  WARN("SKIPPED: " << path << " is not installed");
  return false;
}

}  // namespace slipway
