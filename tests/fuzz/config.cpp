#include "bot/config/config.h"

#include "bot/config/yaml.h"
#include "core/settings.h"
#include "tests/fuzz/must.h"

#include <cstddef>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace slipway;
  try {
    const Settings settings = config::read_yaml({reinterpret_cast<const char*>(data), size}, "slipway.yaml");
    const auto read = config::read_config(settings, "slipway.yaml", false);
    read.repo({"github", "acme/infra"});
  } catch (const SettingsError& refusal) {
    must(std::string_view(refusal.what()).find("slipway.yaml") != std::string_view::npos,
         "a refusal names the file");
  }
  return 0;
}
