#define CATCH_CONFIG_RUNNER
#include "tests/children.h"

#include <catch2/catch.hpp>

#include <cstdio>
#include <cstdlib>
#include <iostream>

/// Every test program can also be a child of itself ("internal NAME"), as the real program is: a folder's
/// tests that need children define `child_main`, the others get the one below.
__attribute__((weak)) int slipway::child_main(std::string_view) { return 2; }

int main(int argc, char** argv) {
  if (argc == 3 && std::string_view(argv[1]) == "internal") {
    const int code = slipway::child_main(argv[2]);
    std::cout.flush();
    std::fflush(nullptr);
    // Not by `return`: a sanitizer's search for leaks needs ptrace, which the walls around a child deny it.
    std::_Exit(code);
  }
  return Catch::Session().run(argc, argv);
}
