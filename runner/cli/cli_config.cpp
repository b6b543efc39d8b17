#include "runner/cli/cli_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace slipway::runner {
namespace {

/// One attribute or block: its first word, its inside (the value, or what is between the braces) and its
/// whole text.
struct Item {
  std::string_view name;
  std::string_view inside;
  std::string_view text;
};

/// Walks over HCL far enough to tell items apart: strings, comments and braces.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::vector<Item> items() {
    std::vector<Item> out;
    for (skip_blank(); at_ < text_.size(); skip_blank()) out.push_back(item());
    return out;
  }

 private:
  Item item() {
    const std::size_t begin = at_;
    while (at_ < text_.size() &&
           (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '_'))
      ++at_;
    Item item;
    item.name = text_.substr(begin, at_ - begin);
    if (item.name.empty()) ++at_;  // not HCL; go on behind it
    const std::size_t line_end = std::min(text_.find('\n', at_), text_.size());
    const std::size_t brace = find_outside_strings('{', line_end);
    const std::size_t equals = find_outside_strings('=', line_end);
    if (brace < line_end && (equals > brace)) {
      at_ = brace + 1;
      const std::size_t inside = at_;
      skip_block();
      item.inside = text_.substr(inside, at_ - inside);
      if (at_ < text_.size()) ++at_;
    } else {
      const std::size_t inside = std::min(equals + 1, line_end);
      at_ = inside;
      skip_value();
      item.inside = text_.substr(inside, at_ - inside);
    }
    item.text = text_.substr(begin, at_ - begin);
    return item;
  }

  std::size_t find_outside_strings(char wanted, std::size_t end) {
    for (std::size_t i = at_; i < end; ++i) {
      if (text_[i] == '"') {
        i = string_end(i);
      } else if (text_[i] == wanted) {
        return i;
      }
    }
    return end;
  }

  std::size_t string_end(std::size_t quote) const {
    std::size_t i = quote + 1;
    while (i < text_.size() && text_[i] != '"') i += text_[i] == '\\' ? 2 : 1;
    return std::min(i, text_.size());
  }

  bool skip_comment() {
    const std::string_view rest = text_.substr(at_);
    if (rest.starts_with("#") || rest.starts_with("//")) {
      at_ = std::min(text_.find('\n', at_), text_.size());
      return true;
    }
    if (!rest.starts_with("/*")) return false;
    const std::size_t end = text_.find("*/", at_ + 2);
    at_ = end == std::string_view::npos ? text_.size() : end + 2;
    return true;
  }

  void skip_blank() {
    while (at_ < text_.size()) {
      if (std::isspace(static_cast<unsigned char>(text_[at_])) != 0) {
        ++at_;
      } else if (!skip_comment()) {
        return;
      }
    }
  }

  /// To the brace that closes what is open here.
  void skip_block() {
    for (int depth = 1; at_ < text_.size();) {
      if (skip_comment()) continue;
      const char c = text_[at_];
      if (c == '{') ++depth;
      if (c == '}' && --depth == 0) return;
      at_ = c == '"' ? std::min(string_end(at_) + 1, text_.size()) : at_ + 1;
    }
  }

  /// To the end of the line, unless a list or a map goes on.
  void skip_value() {
    for (int depth = 0; at_ < text_.size();) {
      if (skip_comment()) continue;
      const char c = text_[at_];
      if (c == '\n' && depth == 0) return;
      if (c == '[' || c == '{') ++depth;
      if (c == ']' || c == '}') --depth;
      at_ = c == '"' ? std::min(string_end(at_) + 1, text_.size()) : at_ + 1;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

/// The first string literal of a value, its escapes undone.
std::string string_of(std::string_view value) {
  std::string out;
  for (std::size_t i = value.find('"') + 1; i > 0 && i < value.size() && value[i] != '"'; ++i) {
    if (value[i] == '\\' && i + 1 < value.size()) ++i;
    out += value[i];
  }
  return out;
}

}  // namespace

CliConfig::CliConfig(std::string_view text) {
  for (const Item& item : Scanner(text).items()) {
    if (item.name == "plugin_cache_dir" || item.name == "plugin_cache_may_break_dependency_lock_file")
      continue;
    if (item.name == "provider_installation") {
      installation_ = item.inside;
      for (const Item& method : Scanner(item.inside).items()) {
        if (method.name != "filesystem_mirror") continue;
        for (const Item& setting : Scanner(method.inside).items()) {
          if (setting.name == "path") mirrors_.push_back(string_of(setting.inside));
        }
      }
      continue;
    }
    if (item.name == "host" || item.name == "credentials") names_hosts_ = true;
    other_ += fmt::format("{}\n", item.text);
  }
}

std::string CliConfig::for_fetching(const std::string& store) const {
  std::string sources = installation_.empty() ? "\n  direct {}\n" : installation_;
  if (!store.empty())
    sources = fmt::format("\n  filesystem_mirror {{\n    path = {}\n  }}\n{}", hcl_quoted(store), sources);
  return fmt::format("{}provider_installation {{{}}}\n", other_, sources);
}

std::string CliConfig::for_runs(const std::string& store) {
  return fmt::format(
      "disable_checkpoint = true\nprovider_installation {{\n  filesystem_mirror {{\n    path = {}\n  "
      "}}\n}}\n",
      hcl_quoted(store));
}

std::string hcl_quoted(std::string_view text) {
  std::string out = "\"";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool begins_template = (c == '$' || c == '%') && i + 1 < text.size() && text[i + 1] == '{';
    if (begins_template) out += c;
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out + "\"";
}

}  // namespace slipway::runner
