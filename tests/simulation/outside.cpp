#include "tests/simulation/outside.h"

#include "bot/config/yaml.h"

#include <fmt/format.h>

namespace slipway::simulation {
namespace {

/// Each is read once: a simulation begins thousands of worlds.
const config::Config& config_of(const std::string& repo) {
  static std::map<std::string, config::Config> read;
  const auto known = read.find(repo);
  if (known != read.end()) return known->second;
  const std::string text = fmt::format(R"(
forges: [{{kind: github, url: "https://github.com", token: {{env: HOME}}, webhook_secret: {{env: HOME}}}}]
repos: [{{match: acme/*, {}}}]
)",
                                       repo);
  return read
      .emplace(repo, config::read_config(config::read_yaml(text, "slipway.yaml"), "slipway.yaml", false))
      .first->second;
}

}  // namespace

Outside::Outside(Random& chance, const std::string& repo)
    : random(chance),
      config(config_of(repo)),
      keyring({Secret(std::string(kKeyBytes, 'k'))}, chance),
      room_(store::quick_parent()) {
  config.data_dir = data_dir();
  forge.repo(std::string(kTestRepo));
}

}  // namespace slipway::simulation
