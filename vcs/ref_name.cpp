#include "vcs/ref_name.h"

#include <fmt/format.h>

#include <algorithm>

namespace slipway::vcs {
namespace {

bool forbidden(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= 0x20 || byte == 0x7f || std::string_view("~^:?*[\\").find(c) != std::string_view::npos;
}

bool good_segment(std::string_view segment) {
  return !segment.empty() && segment.front() != '.' && !segment.ends_with(".lock");
}

}  // namespace

Result<std::string> parse_branch(std::string_view text) {
  if (text.empty() || text.size() > kMaxBranch)
    return refuse(fmt::format("a branch's name has 1 to {} bytes", kMaxBranch));
  if (text.front() == '-' || text == "@" || text.back() == '.' || text.find("..") != std::string_view::npos ||
      text.find("@{") != std::string_view::npos || std::any_of(text.begin(), text.end(), forbidden))
    return refuse("this is not a branch's name as git allows it");
  for (std::string_view rest = text;;) {
    const auto slash = rest.find('/');
    if (!good_segment(rest.substr(0, slash))) return refuse("this is not a branch's name as git allows it");
    if (slash == std::string_view::npos) return std::string(text);
    rest.remove_prefix(slash + 1);
  }
}

}  // namespace slipway::vcs
