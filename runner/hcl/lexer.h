#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace slipway::runner {

/// How deep braces, brackets, quotes and interpolations may nest: deeper is given up.
inline constexpr std::size_t kMaxHclNesting = 100;

enum class TokenKind {
  Identifier,  // letters, digits, "_" and "-"
  Number,
  OpenQuote,  // of a quoted string or a heredoc; until its CloseQuote come literals and interpolations
  Literal,    // text between quotes, as written
  CloseQuote,
  OpenInterpolation,  // "${" or "%{"
  CloseInterpolation,
  OpenBrace,
  CloseBrace,
  OpenBracket,
  CloseBracket,
  OpenParenthesis,
  CloseParenthesis,
  Equals,
  Dot,
  Comma,
  DoubleColon,
  Operator,  // any other sign: what it means is not asked here
  Newline,   // outside of quotes; a line comment ends with one
  Bad,       // what is no HCL; `text` says why
  End,
};

struct Token {
  TokenKind kind = TokenKind::End;
  std::string_view text;
  std::size_t line = 1;
  bool heredoc = false;  // of OpenQuote and Literal: backslashes are plain there
};

/// Cuts HCL's native syntax into tokens (specification: "HCL Native Syntax", Lexical Elements and Templates).
/// It never fails: a Bad token says what it could not read, and it goes on behind it. Linear in the text,
/// which must outlive it.
class HclLexer {
 public:
  explicit HclLexer(std::string_view text);
  /// The inside of a template alone, as JSON syntax has them in strings.
  static HclLexer of_template(std::string_view text);

  /// End, again and again, once the text is over.
  Token next();

 private:
  enum class Room { Plain, Quoted, Heredoc, Template };
  struct Open {
    Room room;
    std::size_t braces = 0;        // Plain: open ones
    std::string_view marker = {};  // Heredoc: ends it
    bool told = false;             // that it does not end
  };

  Token plain();
  Token sign();
  Token number();
  Token quoted();
  Token heredoc();
  Token in_template();
  Token open_heredoc();
  Token close(TokenKind kind, std::size_t size);
  Token open(TokenKind kind, std::size_t size, Open room);
  Token unended(std::string_view why, TokenKind closing);
  Token literal(std::size_t size);
  Token take(TokenKind kind, std::size_t size);
  Token bad(std::string_view why, std::size_t size);
  void skip_blank();
  bool at_interpolation(std::size_t at) const;
  bool at_escaped_interpolation(std::size_t at) const;
  bool at_heredoc_end() const;

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::vector<Open> open_;
};

/// A literal as it is meant: escapes resolved (in heredocs there are only `$${` and `%%{`).
std::string literal_text(const Token& token);

}  // namespace slipway::runner
