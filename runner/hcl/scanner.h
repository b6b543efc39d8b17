#pragma once

#include "runner/hcl/paths.h"

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace slipway::runner {

/// What is more is not read.
inline constexpr std::size_t kMaxHclFile = 4u << 20;

/// What one file of a module says, as far as it can be told without evaluating it.
struct ScannedFile {
  std::string backend;  // its type; "cloud" for a cloud block; empty: none is declared
  std::string local_backend_path;
  std::map<std::string, std::string>
      backend_arguments;  // its plain strings; of nested blocks "workspaces.name"
  bool has_resources = false;
  bool has_providers = false;
  std::set<std::string> module_sources;
  std::set<std::string> required_providers;  // sources; of the old form without one: its name
  std::vector<NamedPath> paths;
  bool reads_unknown = false;

  struct Problem {
    std::size_t line = 0;
    std::string text;
  };
  std::vector<Problem> problems;
};

/// A *.tf or *.tofu file. Never fails; linear in the text.
ScannedFile scan_hcl(std::string_view text);
/// A *.tf.json or *.tofu.json file: the same in JSON (specification: "JSON Configuration Syntax").
ScannedFile scan_json(std::string_view text);

}  // namespace slipway::runner
