#include "runner/hcl/paths.h"

#include <algorithm>
#include <array>

namespace slipway::runner {
namespace {

constexpr std::array<std::string_view, 11> kReaders = {
    "file",    "filebase64", "filebase64sha256", "filebase64sha512", "fileexists",  "filemd5",
    "fileset", "filesha1",   "filesha256",       "filesha512",       "templatefile"};

bool reads_files(std::string_view function) {
  return std::find(kReaders.begin(), kReaders.end(), function) != kReaders.end();
}

bool is(const std::vector<Token>& tokens, std::size_t at, TokenKind kind) {
  return at < tokens.size() && tokens[at].kind == kind;
}

bool is_word(const std::vector<Token>& tokens, std::size_t at, std::string_view text) {
  return is(tokens, at, TokenKind::Identifier) && tokens[at].text == text;
}

bool is_call(const std::vector<Token>& tokens, std::size_t at) {
  return is(tokens, at, TokenKind::Identifier) && is(tokens, at + 1, TokenKind::OpenParenthesis) &&
         (at == 0 || tokens[at - 1].kind != TokenKind::Dot);
}

bool is_part_of_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
         c == '-';
}

/// Is there a ".." as a step of a path anywhere in the text?
bool climbs(std::string_view text) {
  for (std::size_t at = text.find(".."); at != std::string_view::npos; at = text.find("..", at + 1)) {
    const bool begins = at == 0 || !is_part_of_name(text[at - 1]);
    const bool ends = at + 2 == text.size() || !is_part_of_name(text[at + 2]);
    if (begins && ends) return true;
  }
  return false;
}

/// One path, rather than a sentence or a command that holds one.
bool is_one_path(std::string_view text) {
  return text.find_first_of(" \t\r\n\"'`$;|&<>=,:*?") == std::string_view::npos;
}

/// Of "a/b/*.json" the directory "a/b".
std::string before_wildcard(std::string_view pattern) {
  const std::size_t wildcard = pattern.find_first_of("*?[{");
  if (wildcard == std::string_view::npos) return std::string(pattern);
  const std::size_t slash = pattern.substr(0, wildcard).rfind('/');
  return slash == std::string_view::npos ? std::string() : std::string(pattern.substr(0, slash));
}

/// The directory that a computed path is below, as far as its literal beginning tells.
std::string before_name(std::string_view literal) {
  const std::size_t slash = literal.rfind('/');
  return slash == std::string_view::npos ? std::string() : std::string(literal.substr(0, slash));
}

}  // namespace

std::optional<NamedPath::From> path_reference(const std::vector<Token>& tokens, std::size_t at) {
  const bool after_dot = at > 0 && tokens[at - 1].kind == TokenKind::Dot;
  if (after_dot || !is_word(tokens, at, "path") || !is(tokens, at + 1, TokenKind::Dot)) return {};
  if (is_word(tokens, at + 2, "module")) return NamedPath::From::Module;
  if (is_word(tokens, at + 2, "root") || is_word(tokens, at + 2, "cwd")) return NamedPath::From::Root;
  return {};
}

void PathFinder::read(const std::vector<Token>& tokens) {
  for (std::size_t at = 0; at < tokens.size();) {
    if (is_call(tokens, at) && reads_files(tokens[at].text)) {
      at = read_argument(tokens, at + 2, tokens[at].text == "fileset");
    } else if (is_word(tokens, at, "basename") && is_call(tokens, at) && path_reference(tokens, at + 2) &&
               is(tokens, at + 5, TokenKind::CloseParenthesis)) {
      at += 6;  // that is a name, and leads nowhere
    } else if (tokens[at].kind == TokenKind::OpenQuote) {
      at = read_text(tokens, at);
    } else {
      const bool provided = is_word(tokens, at, "provider") && is(tokens, at + 1, TokenKind::DoubleColon);
      if (provided || path_reference(tokens, at)) unknown = true;
      ++at;
    }
  }
}

/// The first argument of a function that reads a file, and the pattern of fileset. Returns where to go on:
/// behind what was understood.
std::size_t PathFinder::read_argument(const std::vector<Token>& tokens, std::size_t at, bool is_fileset) {
  while (is(tokens, at, TokenKind::Newline)) ++at;
  Template found;
  if (const auto from = path_reference(tokens, at)) {
    found.from = from;
    found.end = at + 3;
  } else if (is(tokens, at, TokenKind::OpenQuote)) {
    found = read_template(tokens, at);
  } else {
    unknown = true;
    return at;
  }
  std::size_t end = found.end;
  while (is(tokens, end, TokenKind::Newline)) ++end;
  const bool ends = is(tokens, end, TokenKind::Comma) || is(tokens, end, TokenKind::CloseParenthesis);
  if (!ends || found.computed) {
    // It is the beginning of something longer: `"a" == b ? …`, or "${path.module}/${var.name}".
    unknown = true;
    if (found.computed) name(found, {});
    return at + 1;
  }
  if (!is_fileset) {
    name(found, {});
    return end;
  }
  std::size_t pattern_at = end + 1;
  while (is(tokens, pattern_at, TokenKind::Newline)) ++pattern_at;
  const bool has_pattern = is(tokens, end, TokenKind::Comma) && is(tokens, pattern_at, TokenKind::OpenQuote);
  const Template pattern = has_pattern ? read_template(tokens, pattern_at) : Template{};
  if (!has_pattern || pattern.from || pattern.computed) {
    unknown = true;
    name(found, {});
    return end;
  }
  name(found, before_wildcard(pattern.literal));
  return pattern.end;
}

/// Text that no function reads as a path: a provider may.
std::size_t PathFinder::read_text(const std::vector<Token>& tokens, std::size_t at) {
  const Template found = read_template(tokens, at);
  if (!found.from && !found.climbs) return at + 1;
  const bool one_path = !found.computed && is_one_path(found.literal);
  if (one_path || found.from) name(found, {});
  if (one_path) return found.end;
  unknown = true;
  return at + 1;
}

PathFinder::Template PathFinder::read_template(const std::vector<Token>& tokens, std::size_t at) const {
  Template out;
  std::size_t depth = 0;
  for (std::size_t i = at; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    if (token.kind == TokenKind::OpenQuote) ++depth;
    if (token.kind == TokenKind::CloseQuote && --depth == 0) {
      out.end = i + 1;
      return out;
    }
    if (token.kind == TokenKind::Literal) {
      const std::string text = literal_text(token);
      out.climbs = out.climbs || climbs(text);
      if (depth == 1 && !out.computed) out.literal += text;
    }
    if (token.kind == TokenKind::OpenInterpolation && depth == 1) {
      const auto from = path_reference(tokens, i + 1);
      const bool first = !out.from && !out.computed && out.literal.empty();
      if (first && from && is(tokens, i + 4, TokenKind::CloseInterpolation))
        out.from = from;
      else
        out.computed = true;
    }
  }
  out.end = tokens.size();
  out.computed = true;
  return out;
}

void PathFinder::name(const Template& found, std::string_view more) {
  NamedPath named{found.from.value_or(NamedPath::From::Root),
                  found.computed ? before_name(found.literal) : found.literal};
  // "${path.module}x" is no path below the module.
  if (found.from && !named.path.empty() && named.path.front() != '/') {
    unknown = true;
    return;
  }
  if (found.from) named.path.erase(0, named.path.find_first_not_of('/'));
  if (!more.empty()) named.path.append(named.path.empty() ? "" : "/").append(more);
  if (named.path.starts_with('~')) unknown = true;
  paths.push_back(std::move(named));
}

}  // namespace slipway::runner
