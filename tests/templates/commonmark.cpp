#include "tests/templates/commonmark.h"

#include "templates/text_diff.h"
#include "tests/templates/program.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>

namespace slipway::templates {
namespace {

bool contains(const std::set<std::string, std::less<>>& allowed, std::string_view tag) {
  return allowed.contains(tag);
}

/// Line by line what a reader of CommonMark does with fences and HTML blocks, as far as we use them.
class Outline {
 public:
  std::string read(const std::string& markdown) {
    bool first = true;
    for (std::string_view line : lines_of(markdown)) {
      while (line.starts_with("> ")) line.remove_prefix(2);
      if (first && line.starts_with("<!-- slipway:v1 ") && line.ends_with(" -->")) {
        first = false;
        continue;
      }
      first = false;
      if (!fence_.empty()) {
        if (line == fence_) fence_.clear();
      } else if (const auto end = line.find_first_not_of('`');
                 line.starts_with("```") &&
                 (end == std::string_view::npos || line.find('`', end) == std::string_view::npos)) {
        fence_ = std::string(line.substr(0, end));
        if (end == std::string_view::npos) return "a fence without a language: " + std::string(line);
      } else if (const std::string wrong = tags(std::string(line)); !wrong.empty()) {
        return wrong;
      }
    }
    if (!fence_.empty()) return "a fence is open at the end";
    return details_ == 0 ? "" : "a section is open at the end";
  }

 private:
  std::string tags(std::string line) {
    static const std::regex kCode("(`+)[^`](.*?[^`])??\\1(?!`)");
    static const std::regex kTag("<[^ ]?[^>]*>");
    static const std::set<std::string, std::less<>> kOurs = {
        "<details>", "<details open>", "</details>", "<summary>", "</summary>", "<b>",
        "</b>",      "<code>",         "</code>",    "<sub>",     "</sub>"};
    const bool html = line.starts_with("<details");
    if (!html) line = std::regex_replace(line, kCode, "");
    for (auto tag = std::sregex_iterator(line.begin(), line.end(), kTag); tag != std::sregex_iterator();
         ++tag) {
      const std::string text = tag->str();
      if (tag->position() > 0 && line[static_cast<std::size_t>(tag->position()) - 1] == '\\') continue;
      if (!contains(kOurs, text)) return "a tag that is not ours: " + text;
      if (text.starts_with("<details")) ++details_;
      if (text == "</details>" && --details_ < 0) return "a section is closed that was not open";
    }
    return "";
  }

  std::string fence_;
  int details_ = 0;
};

}  // namespace

std::optional<std::string> drawn_by_cmark(const std::string& markdown) {
  const std::string path =
      (std::filesystem::temp_directory_path() / ("slipway-comment-" + std::to_string(getpid()))).string();
  std::ofstream(path, std::ios::binary) << markdown;
  auto drawn =
      output_of({"cmark-gfm", "--unsafe", "-e", "table", "-e", "strikethrough", "-e", "autolink", path});
  std::filesystem::remove(path);
  return drawn;
}

std::string complaint(const std::string& markdown) { return Outline().read(markdown); }

std::string complaint_about_html(const std::string& html, const std::string& base) {
  static const std::regex kTag("<([^>]*)>");
  static const std::set<std::string, std::less<>> kOurs = {"details",
                                                           "details open",
                                                           "summary",
                                                           "b",
                                                           "code",
                                                           "sub",
                                                           "p",
                                                           "h3",
                                                           "table",
                                                           "thead",
                                                           "tbody",
                                                           "tr",
                                                           "th",
                                                           "td",
                                                           "pre",
                                                           "ul",
                                                           "li",
                                                           "strong",
                                                           "a",
                                                           "blockquote",
                                                           "code class=\"language-diff\"",
                                                           "code class=\"language-text\"",
                                                           "th align=\"center\"",
                                                           "td align=\"center\""};
  std::string outside;  // text that is in neither code nor link
  int code = 0;
  std::size_t at = 0;
  for (auto found = std::sregex_iterator(html.begin(), html.end(), kTag); found != std::sregex_iterator();
       ++found) {
    const auto position = static_cast<std::size_t>(found->position());
    if (code == 0) outside += html.substr(at, position - at);
    outside += ' ';
    at = position + static_cast<std::size_t>(found->length());
    std::string tag = (*found)[1].str();
    if (tag.starts_with("!-- slipway:v1 ") && position == 0) continue;
    if (tag.starts_with("a href=\"")) {
      if (!tag.starts_with("a href=\"" + base)) return "a link that is not ours: " + tag;
      continue;
    }
    const bool closing = tag.starts_with('/');
    if (!contains(kOurs, closing ? tag.substr(1) : tag)) return "an element that is not ours: <" + tag + ">";
    if (tag.starts_with("code")) ++code;
    if (tag == "/code") --code;
  }
  outside += html.substr(at);
  static const std::regex kActive("@[A-Za-z0-9]|(^|[^&])#[0-9]|://|www\\.|\\b[0-9a-f]{7,40}\\b|\\bGH-[0-9]");
  std::smatch active;
  if (std::regex_search(outside, active, kActive))
    return "outside of code: " + outside.substr(static_cast<std::size_t>(active.position()), 60);
  return "";
}

}  // namespace slipway::templates
