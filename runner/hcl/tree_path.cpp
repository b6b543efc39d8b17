#include "runner/hcl/tree_path.h"

#include <algorithm>
#include <vector>

namespace slipway::runner {

std::optional<std::string> join_in_tree(std::string_view base, std::string_view path) {
  if (path.starts_with('/') || path.starts_with('~') || path.find('\\') != std::string_view::npos) return {};
  std::vector<std::string_view> steps;
  for (std::string_view rest : {base, path}) {
    while (!rest.empty()) {
      const std::size_t slash = std::min(rest.find('/'), rest.size());
      const std::string_view step = rest.substr(0, slash);
      rest.remove_prefix(std::min(slash + 1, rest.size()));
      if (step.empty() || step == ".") continue;
      if (step != "..") {
        steps.push_back(step);
      } else if (steps.empty()) {
        return {};
      } else {
        steps.pop_back();
      }
    }
  }
  std::string out;
  for (const std::string_view step : steps) out.append(out.empty() ? "" : "/").append(step);
  return out.empty() ? "." : out;
}

std::string parent_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? "." : std::string(path.substr(0, slash));
}

std::string_view name_of(std::string_view path) { return path.substr(path.rfind('/') + 1); }

bool is_within(std::string_view path, std::string_view directory) {
  if (directory == ".") return true;
  return path.starts_with(directory) && (path.size() == directory.size() || path[directory.size()] == '/');
}

}  // namespace slipway::runner
