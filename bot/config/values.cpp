#include "bot/config/values.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>

namespace slipway::config {
namespace {

/// The runner sets these itself.
constexpr std::string_view kOwned[] = {"TF_CLI_CONFIG_FILE",
                                       "TF_DATA_DIR",
                                       "TF_IN_AUTOMATION",
                                       "TF_WORKSPACE",
                                       "TF_PLUGIN_CACHE_DIR",
                                       "TF_INPUT",
                                       "HOME",
                                       "TMPDIR",
                                       "PATH",
                                       "LD_PRELOAD",
                                       "LD_LIBRARY_PATH",
                                       "TF_REATTACH_PROVIDERS"};

std::string from_file(const Settings& value, const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) value.refuse(fmt::format("cannot read {}: {}", path, std::strerror(errno)));
  std::string text{std::istreambuf_iterator<char>(in), {}};
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

bool variable_name(std::string_view name) {
  const auto good = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  return !name.empty() && !(name.front() >= '0' && name.front() <= '9') &&
         std::all_of(name.begin(), name.end(), good);
}

}  // namespace

Secret secret(const Settings& value, bool resolve) {
  if (!value.is_map()) value.refuse("a secret is not written here; write {env: NAME} or {file: PATH}");
  value.only({"env", "file"});
  if (const Settings* name = value.find("env")) {
    if (!resolve) return {};
    const char* found = std::getenv(name->scalar().c_str());
    if (found == nullptr || *found == '\0')
      name->refuse(fmt::format("the environment variable {} is not set", name->scalar()));
    return Secret(found);
  }
  const std::string path = value.string("file");
  return resolve ? Secret(from_file(value, path)) : Secret();
}

std::map<std::string, Secret> environment(const Settings& value, bool resolve, bool common) {
  std::map<std::string, Secret> out;
  for (const auto& [name, entry] : value.map()) {
    if (!variable_name(name)) entry.refuse(fmt::format("\"{}\" is no name of an environment variable", name));
    if (std::find(std::begin(kOwned), std::end(kOwned), name) != std::end(kOwned))
      entry.refuse(fmt::format("{} is set by Slipway itself", name));
    if (!common && name.starts_with("TF_VAR_"))
      entry.refuse(fmt::format(
          "{} belongs in `common`: a saved plan keeps its variables, so that a value given for one "
          "phase would be used in both",
          name));
    out.emplace(name, entry.is_scalar() ? Secret(entry.scalar()) : secret(entry, resolve));
  }
  return out;
}

}  // namespace slipway::config
