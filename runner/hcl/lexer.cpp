#include "runner/hcl/lexer.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace slipway::runner {
namespace {

bool is_letter(char c) {
  // Identifiers may have letters of any script: every byte of UTF-8 beyond ASCII counts as one.
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return is_letter(c) || is_digit(c) || c == '-'; }
char small(char c) { return static_cast<char>(c | 0x20); }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

void add_utf8(std::string& out, std::uint32_t code) {
  const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xc0 | code >> 6);
    put(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    put(0xe0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3f));
    put(0x80 | (code & 0x3f));
  } else {
    put(0xf0 | (code >> 18 & 0x07));
    put(0x80 | (code >> 12 & 0x3f));
    put(0x80 | (code >> 6 & 0x3f));
    put(0x80 | (code & 0x3f));
  }
}

/// The escape behind a backslash; returns how many bytes it took.
std::size_t add_escape(std::string& out, std::string_view rest) {
  const char c = rest.empty() ? '\\' : rest.front();
  const std::size_t digits = c == 'u' ? 4 : c == 'U' ? 8 : 0;
  std::uint32_t code = 0;
  for (std::size_t i = 1; i <= digits; ++i) {
    const auto value = std::string_view("0123456789abcdef").find(i < rest.size() ? small(rest[i]) : '-');
    if (value == std::string_view::npos) return 0;
    code = code << 4 | static_cast<std::uint32_t>(value);
  }
  if (digits > 0) {
    add_utf8(out, code);
    return 1 + digits;
  }
  out += c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
  return rest.empty() ? 0 : 1;
}

}  // namespace

HclLexer::HclLexer(std::string_view text) : text_(text) {
  if (text_.starts_with("\xef\xbb\xbf")) at_ = 3;
  open_.push_back({Room::Plain});
}

HclLexer HclLexer::of_template(std::string_view text) {
  HclLexer lexer(text);
  lexer.at_ = 0;
  lexer.open_ = {{Room::Template}};
  return lexer;
}

Token HclLexer::next() {
  switch (open_.back().room) {
    case Room::Plain:
      return plain();
    case Room::Quoted:
      return quoted();
    case Room::Heredoc:
      return heredoc();
    case Room::Template:
      return in_template();
  }
  return {};
}

Token HclLexer::plain() {
  skip_blank();
  if (at_ == text_.size()) {
    if (open_.size() == 1) return take(TokenKind::End, 0);
    return unended("an interpolation does not end", TokenKind::CloseInterpolation);
  }
  const char c = text_[at_];
  const std::string_view rest = text_.substr(at_);
  if (c == '\n') return take(TokenKind::Newline, 1);
  if (c == '"') return open(TokenKind::OpenQuote, 1, {Room::Quoted});
  if (rest.starts_with("<<")) return open_heredoc();
  if (is_digit(c)) return number();
  if (is_letter(c)) {
    std::size_t size = 1;
    while (size < rest.size() && is_word(rest[size])) ++size;
    return take(TokenKind::Identifier, size);
  }
  return sign();
}

Token HclLexer::sign() {
  Open& here = open_.back();
  const std::string_view rest = text_.substr(at_);
  switch (rest.front()) {
    case '{':
      if (++here.braces > kMaxHclNesting) return bad("braces nest too deep", rest.size());
      return take(TokenKind::OpenBrace, 1);
    case '}':
      if (here.braces == 0 && open_.size() > 1) return close(TokenKind::CloseInterpolation, 1);
      if (here.braces > 0) --here.braces;
      return take(TokenKind::CloseBrace, 1);
    case '~':
      // "~}" strips white space behind an interpolation.
      if (here.braces == 0 && open_.size() > 1 && rest.starts_with("~}"))
        return close(TokenKind::CloseInterpolation, 2);
      return take(TokenKind::Operator, 1);
    case '[':
      return take(TokenKind::OpenBracket, 1);
    case ']':
      return take(TokenKind::CloseBracket, 1);
    case '(':
      return take(TokenKind::OpenParenthesis, 1);
    case ')':
      return take(TokenKind::CloseParenthesis, 1);
    case ',':
      return take(TokenKind::Comma, 1);
    case '.':
      return rest.starts_with("...") ? take(TokenKind::Operator, 3) : take(TokenKind::Dot, 1);
    case ':':
      return rest.starts_with("::") ? take(TokenKind::DoubleColon, 2) : take(TokenKind::Operator, 1);
    case '=':
      if (rest.starts_with("==") || rest.starts_with("=>")) return take(TokenKind::Operator, 2);
      return take(TokenKind::Equals, 1);
    case '!':
    case '<':
    case '>':
      return take(TokenKind::Operator, rest.size() > 1 && rest[1] == '=' ? 2 : 1);
    case '&':
    case '|':
      return take(TokenKind::Operator, rest.size() > 1 && rest[1] == rest[0] ? 2 : 1);
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
    case '?':
      return take(TokenKind::Operator, 1);
    default:
      return bad("a character that has no meaning here", 1);
  }
}

Token HclLexer::number() {
  const std::string_view rest = text_.substr(at_);
  std::size_t size = 1;
  while (size < rest.size()) {
    const bool exponent_sign = (rest[size] == '+' || rest[size] == '-') && small(rest[size - 1]) == 'e';
    const bool fraction = rest[size] == '.' && size + 1 < rest.size() && is_digit(rest[size + 1]);
    if (!is_digit(rest[size]) && small(rest[size]) != 'e' && !exponent_sign && !fraction) break;
    ++size;
  }
  return take(TokenKind::Number, size);
}

Token HclLexer::quoted() {
  if (at_ < text_.size() && text_[at_] == '"') return close(TokenKind::CloseQuote, 1);
  if (at_ == text_.size() || text_[at_] == '\n') {
    // A quoted string ends with its line: else one forgotten quote would swallow the file.
    return unended("a quoted string does not end on its line", TokenKind::CloseQuote);
  }
  if (at_interpolation(at_)) return open(TokenKind::OpenInterpolation, 2, {Room::Plain});
  std::size_t end = at_;
  while (end < text_.size() && text_[end] != '"' && text_[end] != '\n' && !at_interpolation(end)) {
    if (at_escaped_interpolation(end))
      end += 3;
    else
      end += text_[end] == '\\' && end + 1 < text_.size() && text_[end + 1] != '\n' ? 2 : 1;
  }
  return literal(end - at_);
}

Token HclLexer::open_heredoc() {
  std::size_t at = at_ + 2;
  if (at < text_.size() && text_[at] == '-') ++at;
  std::size_t end = at;
  while (end < text_.size() && is_word(text_[end])) ++end;
  const std::size_t line_end = std::min(text_.find('\n', end), text_.size());
  const bool lonely = trimmed(text_.substr(end, line_end - end)).empty();
  if (end == at || !lonely) return take(TokenKind::Operator, 2);
  const std::string_view marker = text_.substr(at, end - at);
  Token token =
      open(TokenKind::OpenQuote, std::min(line_end + 1, text_.size()) - at_, {Room::Heredoc, 0, marker});
  if (token.kind == TokenKind::OpenQuote) ++line_;
  token.heredoc = true;
  return token;
}

Token HclLexer::heredoc() {
  if (at_ == text_.size()) return unended("a heredoc does not end", TokenKind::CloseQuote);
  if (at_heredoc_end()) {
    const std::size_t line_end = std::min(text_.find('\n', at_), text_.size());
    return close(TokenKind::CloseQuote, line_end - at_);
  }
  if (at_interpolation(at_)) return open(TokenKind::OpenInterpolation, 2, {Room::Plain});
  std::size_t end = at_;
  while (end < text_.size() && !at_interpolation(end)) {
    if (at_escaped_interpolation(end)) {
      end += 3;
    } else if (text_[end++] == '\n') {
      break;  // the next line may be the marker's
    }
  }
  return literal(end - at_);
}

Token HclLexer::in_template() {
  if (at_ == text_.size()) return take(TokenKind::End, 0);
  if (at_interpolation(at_)) return open(TokenKind::OpenInterpolation, 2, {Room::Plain});
  std::size_t end = at_;
  while (end < text_.size() && !at_interpolation(end)) end += at_escaped_interpolation(end) ? 3 : 1;
  return literal(end - at_);
}

Token HclLexer::literal(std::size_t size) {
  const std::size_t line = line_;
  const std::string_view text = text_.substr(at_, size);
  line_ += static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  at_ += size;
  return {TokenKind::Literal, text, line, open_.back().room != Room::Quoted};
}

Token HclLexer::open(TokenKind kind, std::size_t size, Open room) {
  if (open_.size() >= kMaxHclNesting)
    return bad("quotes and interpolations nest too deep", text_.size() - at_);
  open_.push_back(room);
  return take(kind, size);
}

Token HclLexer::close(TokenKind kind, std::size_t size) {
  open_.pop_back();
  return take(kind, size);
}

/// Says so first, and ends it then.
Token HclLexer::unended(std::string_view why, TokenKind closing) {
  if (std::exchange(open_.back().told, true)) return close(closing, 0);
  return bad(why, 0);
}

Token HclLexer::take(TokenKind kind, std::size_t size) {
  const Token token{kind, text_.substr(at_, size), line_, false};
  at_ += size;
  if (kind == TokenKind::Newline) ++line_;
  return token;
}

Token HclLexer::bad(std::string_view why, std::size_t size) {
  const Token token{TokenKind::Bad, why, line_, false};
  at_ += size;
  return token;
}

void HclLexer::skip_blank() {
  while (at_ < text_.size()) {
    const std::string_view rest = text_.substr(at_);
    if (is_blank(rest.front())) {
      ++at_;
    } else if (rest.starts_with('#') || rest.starts_with("//")) {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (rest.starts_with("/*")) {
      const std::size_t end = text_.find("*/", at_ + 2);
      const std::size_t stop = end == std::string_view::npos ? text_.size() : end + 2;
      line_ += static_cast<std::size_t>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(at_),
                                                   text_.begin() + static_cast<std::ptrdiff_t>(stop), '\n'));
      at_ = stop;
    } else {
      return;
    }
  }
}

bool HclLexer::at_interpolation(std::size_t at) const {
  return at + 1 < text_.size() && (text_[at] == '$' || text_[at] == '%') && text_[at + 1] == '{';
}

bool HclLexer::at_escaped_interpolation(std::size_t at) const {
  return at + 2 < text_.size() && text_[at] == text_[at + 1] && at_interpolation(at + 1);
}

/// Is this the beginning of the line that holds the marker alone?
bool HclLexer::at_heredoc_end() const {
  if (at_ > 0 && text_[at_ - 1] != '\n') return false;
  const std::size_t line_end = std::min(text_.find('\n', at_), text_.size());
  return trimmed(text_.substr(at_, line_end - at_)) == open_.back().marker;
}

std::string literal_text(const Token& token) {
  std::string out;
  for (std::size_t at = 0; at < token.text.size();) {
    const std::string_view rest = token.text.substr(at);
    if (rest.starts_with("$${") || rest.starts_with("%%{")) {
      out += rest.substr(1, 2);
      at += 3;
    } else if (rest.front() == '\\' && !token.heredoc) {
      at += 1 + add_escape(out, rest.substr(1));
    } else {
      out += rest.front();
      ++at;
    }
  }
  return out;
}

}  // namespace slipway::runner
