#include "tests/simulation/comment.h"

#include <algorithm>

namespace slipway::simulation {
namespace {

std::string_view between(std::string_view text, std::string_view from, std::string_view to) {
  const auto begin = text.find(from);
  if (begin == std::string_view::npos) return {};
  text.remove_prefix(begin + from.size());
  return text.substr(0, text.find(to));
}

std::vector<std::string_view> lines_of(std::string_view body) {
  std::vector<std::string_view> out;
  while (!body.empty()) {
    const auto end = body.find('\n');
    out.push_back(body.substr(0, end));
    body.remove_prefix(end == std::string_view::npos ? body.size() : end + 1);
  }
  return out;
}

bool hex(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

void find_plans(std::string_view body, std::string_view before, std::vector<PlanId>& out) {
  for (auto at = body.find(before); at != std::string_view::npos; at = body.find(before, at + 1)) {
    const std::string_view rest = body.substr(at + before.size());
    const std::string_view id = rest.substr(0, rest.find('`'));
    if (hex(id) && std::find(out.begin(), out.end(), id) == out.end()) out.emplace_back(id);
  }
}

std::string heading(const std::vector<std::string_view>& lines) {
  for (const std::string_view line : lines)
    if (line.starts_with("### ")) return std::string(line.substr(4));
  return {};
}

/// The last line in bold outside of any section.
std::string closing(const std::vector<std::string_view>& lines) {
  int depth = 0;
  std::string out;
  for (const std::string_view line : lines) {
    if (line.starts_with("<details")) ++depth;
    if (line.find("</details>") != std::string_view::npos) --depth;
    if (depth == 0 && line.starts_with("**")) out = line;
  }
  return out;
}

}  // namespace

std::string slot_of(std::string_view body) {
  if (!body.starts_with("<!-- slipway:v1 ")) return {};
  return std::string(between(body.substr(0, body.find('\n')), " slot=", " "));
}

std::vector<PlanId> plans_named(std::string_view body) {
  std::vector<PlanId> out;
  find_plans(body, "plan `", out);
  find_plans(body, "`slipway apply ", out);
  return out;
}

std::string next_of(std::string_view body, std::string_view dir) {
  const auto lines = lines_of(body);
  const std::string name = "`" + std::string(dir) + "`";
  for (const std::string_view line : lines) {
    if (!line.starts_with("|") || line.find(name) == std::string_view::npos) continue;
    const auto end = line.rfind(" |");
    const auto begin = line.rfind("| ", end - 1);
    return std::string(line.substr(begin + 2, end - begin - 2));
  }
  return heading(lines) + " / " + closing(lines);
}

std::string gist(std::string_view body) {
  const auto lines = lines_of(body);
  std::string out = heading(lines) + " / " + closing(lines);
  for (const std::string_view line : lines)
    if (line.starts_with("| ") && line.find("](") != std::string_view::npos)
      out += " / " + std::string(line.substr(line.find("[`")));
  return out;
}

}  // namespace slipway::simulation
