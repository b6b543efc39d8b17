#include "tests/templates/golden.h"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace slipway::templates {

void check_golden(const std::string& name, const std::string& text) {
  const std::string path = std::string(SLIPWAY_TEST_DIR) + "/../golden/" + name;
  const std::string with_newline = text + "\n";
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path, std::ios::binary) << with_newline;
    return;
  }
  std::ifstream file(path, std::ios::binary);
  std::ostringstream held;
  held << file.rdbuf();
  INFO("UPDATE_GOLDEN=1 rewrites " << path);
  CHECK(with_newline == held.str());
}

}  // namespace slipway::templates
