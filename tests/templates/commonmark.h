#pragma once

#include <optional>
#include <string>

namespace slipway::templates {

/// What cmark-gfm (the reference of GitHub's dialect, a Debian package) draws of a comment, raw HTML and
/// automatic links included; nothing when it is not installed.
std::optional<std::string> drawn_by_cmark(const std::string& markdown);

/// Everything that must hold of a comment, whatever it was made of: fences and details are closed, the only
/// HTML is ours. An empty answer is good; else the complaint.
std::string complaint(const std::string& markdown);
/// The same of the drawn HTML: only our elements, links to `base` only, nothing outside of code that a forge
/// would take for a mention, a reference or a link.
std::string complaint_about_html(const std::string& html, const std::string& base);

}  // namespace slipway::templates
