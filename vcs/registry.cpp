#include "vcs/registry.h"

#include "vcs/github.h"

#include <algorithm>

namespace slipway::vcs {

const std::vector<HostKind>& host_kinds() {
  static const std::vector<HostKind> kinds = {
      {"github", "GitHub.com, a ghe.com tenant, or a GitHub Enterprise Server", make_github, true},
  };
  return kinds;
}

const HostKind* find_host_kind(std::string_view kind) {
  const auto& kinds = host_kinds();
  const auto found =
      std::find_if(kinds.begin(), kinds.end(), [&](const HostKind& one) { return one.kind == kind; });
  return found == kinds.end() ? nullptr : &*found;
}

}  // namespace slipway::vcs
