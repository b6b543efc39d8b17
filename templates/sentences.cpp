#include "templates/sentences.h"

#include "templates/embedded_words.h"

#include <algorithm>
#include <map>
#include <stdexcept>

namespace slipway::templates {
namespace {

using Catalogue = std::map<std::string, std::string_view, std::less<>>;

void read_file(const EmbeddedWords& file, Catalogue& out) {
  std::string_view text = file.text;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    const auto colon = line.find(": ");
    const auto key = line.substr(0, colon);
    if (line.starts_with("- ") && colon != std::string_view::npos &&
        key.find(' ', 2) == std::string_view::npos)
      out.emplace(std::string(file.name) + "." + std::string(key.substr(2)), line.substr(colon + 2));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
}

const Catalogue& catalogue() {
  static const Catalogue all = [] {
    Catalogue out;
    for (const EmbeddedWords& file : embedded_words()) read_file(file, out);
    return out;
  }();
  return all;
}

/// Reads one sentence from left to right.
class Reader {
 public:
  Reader(std::string_view key, std::string_view text, std::initializer_list<Blank> blanks)
      : key_(key), text_(text), blanks_(blanks) {}

  Inline read() {
    Inline out;
    while (!text_.empty()) {
      if (text_.starts_with("**")) {
        out += bold(Reader(key_, inside("**"), blanks_).read());
      } else if (text_.starts_with("`")) {
        out += code(plain(Reader(key_, inside("`"), blanks_).read()));
      } else if (text_.starts_with("{")) {
        out += blank(inside("{", "}"));
      } else {
        const auto end = std::min(text_.find_first_of("`{"), text_.find("**"));
        out += words(std::string(text_.substr(0, end)));
        text_.remove_prefix(std::min(end, text_.size()));
      }
    }
    return out;
  }

 private:
  std::string_view inside(std::string_view open, std::string_view close = {}) {
    if (close.empty()) close = open;
    const auto end = text_.find(close, open.size());
    if (end == std::string_view::npos) wrong("is not closed");
    const auto inner = text_.substr(open.size(), end - open.size());
    text_.remove_prefix(end + close.size());
    return inner;
  }

  Inline blank(std::string_view name) const {
    const auto* const found = std::find_if(blanks_.begin(), blanks_.end(),
                                           [&](const Blank& candidate) { return candidate.name == name; });
    if (found == blanks_.end()) wrong("has a blank that nobody fills: " + std::string(name));
    return found->value;
  }

  /// Within code, a blank's markup is of no use: only what it shows counts.
  static std::string plain(const Inline& parts) {
    std::string out = plain_text(parts);
    std::erase(out, '`');
    return out;
  }

  [[noreturn]] void wrong(const std::string& what) const {
    throw std::logic_error("the sentence " + std::string(key_) + " " + what);
  }

  std::string_view key_;
  std::string_view text_;
  std::initializer_list<Blank> blanks_;
};

}  // namespace

Inline sentence(std::string_view key, std::initializer_list<Blank> blanks) {
  const auto found = catalogue().find(key);
  if (found == catalogue().end()) throw std::logic_error("there is no sentence " + std::string(key));
  return Reader(key, found->second, blanks).read();
}

std::vector<std::string> sentence_keys() {
  std::vector<std::string> keys;
  for (const auto& [key, text] : catalogue()) keys.push_back(key);
  return keys;
}

}  // namespace slipway::templates
