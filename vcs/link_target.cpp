#include "vcs/link_target.h"

#include <algorithm>
#include <cstddef>

namespace slipway::vcs {

bool stays_inside(std::string_view path, std::string_view target) {
  if (target.empty() || target.front() == '/' || target.find('\0') != std::string_view::npos) return false;
  auto levels = std::count(path.begin(), path.end(), '/');
  bool climbing = true;
  while (!target.empty()) {
    const auto slash = std::min(target.find('/'), target.size());
    const auto step = target.substr(0, slash);
    target.remove_prefix(std::min(slash + 1, target.size()));
    if (step.empty() || step == ".") continue;
    if (step != "..") {
      climbing = false;
    } else if (!climbing || levels-- == 0) {
      return false;
    }
  }
  return true;
}

}  // namespace slipway::vcs
