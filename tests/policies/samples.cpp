#include "tests/policies/samples.h"

#include "core/crypto.h"

#include <catch2/catch.hpp>
#include <unistd.h>

#include <cstdlib>

namespace slipway::policies {

PlanFile::PlanFile(const std::string& json) {
  std::string path = "/tmp/slipway-plan-XXXXXX";
  const int file = mkstemp(path.data());
  REQUIRE(file >= 0);
  REQUIRE(write(file, json.data(), json.size()) == static_cast<ssize_t>(json.size()));
  close(file);
  document_ = {path, sha256_hex(json)};
}

PlanFile::~PlanFile() { unlink(document_.path.c_str()); }

Settings entry(Entry keys) {
  Settings::Map map;
  for (auto& [key, value] : keys) map.emplace_back(key, std::move(value));
  return {std::move(map), "slipway.yaml:1"};
}

Settings text(const std::string& scalar) { return {scalar, "slipway.yaml:2"}; }

Settings list(const std::vector<std::string>& scalars) {
  Settings::List items;
  for (const std::string& scalar : scalars) items.push_back(text(scalar));
  return {std::move(items), "slipway.yaml:3"};
}

}  // namespace slipway::policies
