#include "templates/diagnostics_text.h"

#include "templates/characters.h"
#include "templates/limits.h"
#include "templates/sentences.h"
#include "templates/text_diff.h"

#include <fmt/format.h>

#include <algorithm>

namespace slipway::templates {
namespace {

constexpr std::size_t kMaxDiagnostics = 10;
constexpr std::size_t kMaxDetailLines = 40;
constexpr std::size_t kMaxWarningsOpen = 3;

void add(std::vector<Line>& out, std::string_view text) {
  out.push_back({Sign::None, shortened(text, kMaxString)});
}

std::string place(const Diagnostic& diagnostic) {
  if (diagnostic.line <= 0) return diagnostic.file;
  return fmt::format("{}:{}", diagnostic.file, diagnostic.line);
}

void add_diagnostic(const Diagnostic& diagnostic, std::vector<Line>& out) {
  if (!out.empty()) add(out, "");
  add(out, fmt::format("{}: {}", diagnostic.error ? "Error" : "Warning", diagnostic.summary));
  if (!diagnostic.file.empty() || !diagnostic.address.empty()) {
    const bool both = !diagnostic.file.empty() && !diagnostic.address.empty();
    add(out, "");
    add(out, fmt::format("  {}{}{}", place(diagnostic), both ? ", in " : "", diagnostic.address));
  }
  if (!diagnostic.code.empty()) {
    for (const std::string_view line : lines_of(diagnostic.code)) add(out, fmt::format("  │ {}", line));
  }
  if (diagnostic.detail.empty()) return;
  add(out, "");
  const auto lines = lines_of(diagnostic.detail);
  for (std::size_t i = 0; i < std::min(lines.size(), kMaxDetailLines); ++i) add(out, lines[i]);
  if (lines.size() > kMaxDetailLines)
    add(out, fmt::format("… {} more lines", grouped(lines.size() - kMaxDetailLines)));
}

Inline warning(const Diagnostic& diagnostic) {
  Inline out;
  const std::string where = diagnostic.file.empty() ? diagnostic.address : place(diagnostic);
  if (!where.empty()) out += code(shortened(where, kMaxName)) + words(" ");
  std::string text = diagnostic.summary;
  if (!diagnostic.detail.empty()) text += ": " + diagnostic.detail;
  return out + said(shortened(text, kMaxSentence));
}

}  // namespace

Fence diagnostics_fence(const std::vector<Diagnostic>& diagnostics) {
  Fence fence;
  for (std::size_t i = 0; i < std::min(diagnostics.size(), kMaxDiagnostics); ++i)
    add_diagnostic(diagnostics[i], fence.lines);
  if (diagnostics.size() > kMaxDiagnostics) {
    add(fence.lines, "");
    add(fence.lines, fmt::format("… {} more", grouped(diagnostics.size() - kMaxDiagnostics)));
  }
  return fence;
}

Blocks warnings_section(const std::vector<Diagnostic>& warnings) {
  if (warnings.empty()) return {};
  std::vector<Inline> items;
  for (std::size_t i = 0; i < std::min(warnings.size(), kMaxListed); ++i)
    items.push_back(warning(warnings[i]));
  if (warnings.size() > kMaxListed) items.push_back(words(grouped(warnings.size() - kMaxListed) + " more"));
  Inline title = words(counted(warnings.size(), "warning", "warnings"));
  return {{Details{std::move(title), warnings.size() <= kMaxWarningsOpen, {{BulletList{std::move(items)}}}}}};
}

}  // namespace slipway::templates
