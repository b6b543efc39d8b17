#include "runner/hcl/lexer.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <random>

namespace slipway::runner {
namespace {

constexpr const char* kKinds[] = {"id", "num", "open\"", "lit", "close\"", "open$", "close$",
                                  "{",  "}",   "[",      "]",   "(",       ")",     "=",
                                  ".",  ",",   "::",     "op",  "nl",      "bad",   "end"};

/// Tokens as words; names, numbers and literals with their text.
std::string words(HclLexer lexer) {
  std::string out;
  for (Token token = lexer.next(); token.kind != TokenKind::End; token = lexer.next()) {
    if (!out.empty()) out += ' ';
    if (token.kind == TokenKind::Identifier || token.kind == TokenKind::Number)
      out += token.text;
    else if (token.kind == TokenKind::Literal)
      out += fmt::format("<{}>", literal_text(token));
    else
      out += kKinds[static_cast<std::size_t>(token.kind)];
  }
  return out;
}

std::string words(std::string_view text) { return words(HclLexer(text)); }

TEST_CASE("an argument is cut into its words") {
  CHECK(words("count = 1.5e-3 + local.a-b[0]") == "count = 1.5e-3 op local . a-b [ 0 ]");
  CHECK(words("a=b==c?d:e") == "a = b op c op d op e");
  CHECK(words("x = provider::local::f(a...)") == "x = provider :: local :: f ( a op )");
  CHECK(words("größe = { a = 1, \"b\" : 2 }") == "größe = { a = 1 , open\" <b> close\" op 2 }");
}

TEST_CASE("comments are no words, and a line's end is one") {
  CHECK(words("a # = 1\nb // = 2\n/* c\n = */ d") == "a nl b nl d");
  CHECK(words("/* never ends") == "");
  CHECK(words("\xef\xbb\xbf"
              "a\r\n") == "a nl");
}

TEST_CASE("a string is its literals and its interpolations") {
  CHECK(words(R"("a${b}c")") == "open\" <a> open$ b close$ <c> close\"");
  CHECK(words(R"("%{ if a ~}x%{ endif }")") == "open\" open$ if a close$ <x> open$ endif close$ close\"");
  CHECK(words(R"("${f({ a = "${b}" })}")") ==
        "open\" open$ f ( { a = open\" open$ b close$ close\" } ) close$ close\"");
}

TEST_CASE("escapes are resolved") {
  CHECK(words(R"("\"\\\n\t\u00e9\U0001F600")") == "open\" <\"\\\n\té😀> close\"");
  CHECK(words(R"("$${a} %%{b} $a %")") == "open\" <${a} %{b} $a %> close\"");
  CHECK(words(R"("\u12")") == "open\" <u12> close\"");
}

TEST_CASE("a heredoc ends with its marker alone on a line") {
  CHECK(words("a = <<EOT\nx\\n ${b}\n EOTx\nEOT\nc") ==
        "a = open\" <x\\n > open$ b close$ <\n> < EOTx\n> close\" nl c");
  CHECK(words("a = <<-E\n  x\n  E\n") == "a = open\" <  x\n> close\" nl");
  CHECK(words("a = <<E\nE") == "a = open\" close\"");
  CHECK(words("a = 1 << 2") == "a = 1 op 2");
}

TEST_CASE("what does not end is told, and what comes behind it is read") {
  CHECK(words("a = \"x\nb = 1") == "a = open\" <x> bad close\" nl b = 1");
  CHECK(words("a = <<E\nx\n") == "a = open\" <x\n> bad close\"");
  CHECK(words("\"${a") == "open\" open$ a bad close$ bad close\"");
  CHECK(words("a ' b") == "a bad b");
}

TEST_CASE("a template alone is read as JSON syntax has it") {
  CHECK(words(HclLexer::of_template("a\\n\"${b}\"")) == "<a\\n\"> open$ b close$ <\">");
}

TEST_CASE("a token knows its line") {
  HclLexer lexer("a\n\"b\"\n/*\n*/ <<E\nx\nE\nc");
  std::size_t last = 0;
  for (Token token = lexer.next(); token.kind != TokenKind::End; token = lexer.next())
    if (token.kind == TokenKind::Identifier) last = token.line;
  CHECK(last == 7);
}

TEST_CASE("nesting is given up at its limit") {
  std::string deep;
  for (std::size_t i = 0; i < 100'000; ++i) deep += "\"${";
  std::size_t tokens = 0;
  HclLexer lexer(deep);
  for (Token token = lexer.next(); token.kind != TokenKind::End; token = lexer.next()) ++tokens;
  CHECK(tokens < 4 * kMaxHclNesting);
}

TEST_CASE("garbage is read to its end") {
  std::mt19937 random(11);
  const std::string_view alphabet = "a1 \n\"\\${}%<-E[]()=.,:#/*~'\xff";
  for (int round = 0; round < 2'000; ++round) {
    std::string text;
    for (int i = 0; i < 80; ++i) text += alphabet[random() % alphabet.size()];
    INFO(text);
    HclLexer lexer(text);
    std::size_t tokens = 0;
    while (lexer.next().kind != TokenKind::End) REQUIRE(++tokens <= 2 * text.size() + kMaxHclNesting);
    REQUIRE(lexer.next().kind == TokenKind::End);
  }
}

}  // namespace
}  // namespace slipway::runner
