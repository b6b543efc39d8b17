#include "bot/commands/grammar.h"

#include "core/freeze.h"
#include "core/settings.h"

#include <fmt/format.h>

#include <algorithm>

namespace slipway::commands {
namespace {

/// Terraform arguments that may be given after "--": the ones that take a value, and the ones that don't.
constexpr std::string_view kFlagsWithValue[] = {"-var", "-var-file", "-target", "-replace"};
constexpr std::string_view kPlainFlags[] = {"-destroy", "-refresh-only"};

bool blank(char c) { return c == ' ' || c == '\t'; }
bool control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

/// The first line, without what Markdown allows before text; empty when it is quoted, code or indented as
/// code.
std::string_view first_line(std::string_view body) {
  body = body.substr(0, body.find_first_of("\r\n"));
  std::size_t indent = 0;
  while (indent < body.size() && body[indent] == ' ') ++indent;
  if (indent > 3) return {};
  body.remove_prefix(indent);
  while (!body.empty() && blank(body.back())) body.remove_suffix(1);
  return body;
}

/// Words as people quote them: "a b" and 'a b' are one; a backslash is itself. Nothing here meets a shell.
Result<std::vector<std::string>> split(std::string_view line) {
  std::vector<std::string> words;
  std::string word;
  bool in_word = false;
  char quote = 0;
  for (const char c : line) {
    if (control(c) && !blank(c)) return refuse("a command can't hold control characters");
    if (quote != 0) {
      if (c == quote) {
        quote = 0;
      } else {
        word += c;
      }
    } else if (c == '"' || c == '\'') {
      quote = c;
      in_word = true;
    } else if (blank(c)) {
      if (in_word) words.push_back(std::exchange(word, {}));
      in_word = false;
    } else {
      word += c;
      in_word = true;
    }
  }
  if (quote != 0) return refuse(fmt::format("a quote ({}) is not closed", quote));
  if (in_word) words.push_back(std::move(word));
  return words;
}

bool same_word(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

class Reader {
 public:
  Reader(const CommandKind& kind, std::vector<std::string> words) : words_(std::move(words)) {
    asked_.kind = &kind;
    asked_.call.command = kind.name;
  }

  Result<Asked> read() {
    while (!error_ && at_ < words_.size()) {
      const std::string word = words_[at_++];
      if (word == "--") {
        flags();
      } else if (word.starts_with('-')) {
        option(word);
      } else if (asked_.call.words.size() < asked_.kind->max_words) {
        asked_.call.words.push_back(word);
      } else {
        fail(fmt::format("`{}` takes no `{}`", asked_.kind->name, word));
      }
    }
    if (asked_.call.project && (asked_.call.dir || asked_.call.workspace))
      fail("`-p` names a project wholly: leave `-d` and `-w` out");
    if (error_) return tl::unexpected(*error_);
    return asked_;
  }

 private:
  void fail(std::string why) {
    if (!error_) error_ = ParseError{std::move(why), {}};
  }

  /// What follows the option, or its "=".
  std::optional<std::string> value_of(const std::string& word) {
    const auto equals = word.find('=');
    if (equals != std::string::npos) return word.substr(equals + 1);
    if (at_ < words_.size()) return words_[at_++];
    fail(fmt::format("`{}` needs a value", word));
    return {};
  }

  void lasts(const std::string& text) {
    if (const auto length = parse_freeze_length(text)) {
      asked_.call.lasts = *length;
    } else {
      fail(length.error().text());
    }
  }

  void option(const std::string& word) {
    const std::string name = word.substr(0, word.find('='));
    if (word == "--force" && asked_.kind->force) {
      asked_.call.force = true;
      return;
    }
    if (name == "--for" && asked_.kind->lasts) {
      if (const auto length = value_of(word)) lasts(*length);
      return;
    }
    std::optional<std::string>* target = nullptr;
    Result<std::string> (*parse)(std::string_view) = nullptr;
    if (name == "-d" || name == "--dir") {
      target = &asked_.call.dir;
      parse = parse_dir;
    } else if (name == "-w" || name == "--workspace") {
      target = &asked_.call.workspace;
      parse = parse_workspace;
    } else if (name == "-p" || name == "--project") {
      target = &asked_.call.project;
      parse = parse_project_name;
    } else {
      fail(fmt::format("unknown option `{}`; Terraform's own arguments come after `--`", name));
      return;
    }
    const auto value = value_of(word);
    if (!value) return;
    const auto parsed = parse(*value);
    if (!parsed) {
      fail(fmt::format("`{}`: {}", name, parsed.error().text()));
    } else if (*target) {
      fail(fmt::format("`{}` is given twice", name));
    } else {
      *target = *parsed;
    }
  }

  void flags() {
    if (!asked_.kind->flags) {
      fail(fmt::format("`{}` takes no Terraform arguments", asked_.kind->name));
      return;
    }
    while (!error_ && at_ < words_.size()) flag(words_[at_++]);
    if (asked_.call.flags.size() > kMaxFlags) fail(fmt::format("at most {} Terraform arguments", kMaxFlags));
  }

  void flag(std::string word) {
    if (word.starts_with("--")) word.erase(0, 1);
    const auto equals = word.find('=');
    const std::string name = word.substr(0, equals);
    if (std::find(std::begin(kPlainFlags), std::end(kPlainFlags), word) != std::end(kPlainFlags)) {
      asked_.call.flags.push_back(word);
      return;
    }
    if (std::find(std::begin(kFlagsWithValue), std::end(kFlagsWithValue), name) ==
        std::end(kFlagsWithValue)) {
      fail(fmt::format("`{}` is not among the allowed Terraform arguments: {} {}", name,
                       fmt::join(kFlagsWithValue, " "), fmt::join(kPlainFlags, " ")));
      return;
    }
    if (equals == std::string::npos) {
      if (at_ >= words_.size()) {
        fail(fmt::format("`{}` needs a value", name));
        return;
      }
      word = name + "=" + words_[at_++];
    }
    if (name == "-var-file") {
      const auto file = parse_dir(word.substr(name.size() + 1));
      if (!file) {
        fail(fmt::format("`-var-file`: {}", file.error().text()));
        return;
      }
      word = name + "=" + *file;
    }
    asked_.call.flags.push_back(word);
  }

  std::vector<std::string> words_;
  std::size_t at_ = 0;
  Asked asked_;
  std::optional<ParseError> error_;
};

Result<Asked> unknown(std::string_view prefix, std::string_view word) {
  std::vector<std::string_view> names;
  for (const CommandKind& kind : command_kinds()) names.push_back(kind.name);
  const auto near = closest(word, names);
  return refuse(near ? fmt::format("there is no command `{}`; did you mean `{} {}`?", word, prefix, *near)
                     : fmt::format("there is no command `{}`; `{} help` shows them all", word, prefix));
}

}  // namespace

std::optional<Result<Asked>> parse_comment(std::string_view body, const std::vector<std::string>& prefixes) {
  const std::string_view line = first_line(body);
  const std::string_view head = line.substr(0, line.find_first_of(" \t"));
  const auto prefix = std::find_if(prefixes.begin(), prefixes.end(),
                                   [&](const std::string& known) { return same_word(known, head); });
  if (head.empty() || prefix == prefixes.end()) return {};
  if (line.size() > kMaxCommandLine)
    return Result<Asked>(refuse(fmt::format("a command has at most {} characters", kMaxCommandLine)));
  auto words = split(line.substr(head.size()));
  if (!words) return Result<Asked>(tl::unexpected(words.error()));
  if (words->empty()) words->push_back("help");
  const CommandKind* kind = find_command(words->front());
  if (kind == nullptr) return unknown(*prefix, words->front());
  words->erase(words->begin());
  return Reader(*kind, std::move(*words)).read();
}

}  // namespace slipway::commands
