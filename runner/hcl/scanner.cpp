#include "runner/hcl/scanner.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <optional>

namespace slipway::runner {
namespace {

constexpr std::size_t kMaxProblems = 20;  // of one file: garbage has one in every line

struct Block {
  std::string type;
  std::vector<std::string> labels;
};

/// One plain string and nothing else.
std::optional<std::string> constant(const std::vector<Token>& tokens) {
  if (tokens.size() < 2 || tokens.front().kind != TokenKind::OpenQuote ||
      tokens.back().kind != TokenKind::CloseQuote)
    return {};
  std::string text;
  for (std::size_t i = 1; i + 1 < tokens.size(); ++i) {
    if (tokens[i].kind != TokenKind::Literal) return {};
    text += literal_text(tokens[i]);
  }
  return text;
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : lexer_(text) { advance(); }

  ScannedFile scan() {
    while (token_.kind != TokenKind::End) {
      body();
      if (token_.kind == TokenKind::End) break;
      problem("a closing brace without an opening one");
      advance();
    }
    found_.paths = std::move(expressions_.paths);
    found_.reads_unknown = found_.reads_unknown || expressions_.unknown;
    return std::move(found_);
  }

 private:
  void advance() {
    token_ = lexer_.next();
    while (token_.kind == TokenKind::Bad) {
      problem(token_.text);
      token_ = lexer_.next();
    }
  }

  void problem(std::string_view text) {
    if (found_.problems.size() < kMaxProblems) found_.problems.push_back({token_.line, std::string(text)});
  }

  /// Arguments and blocks, up to the closing brace or the end.
  void body() {
    while (token_.kind != TokenKind::End && token_.kind != TokenKind::CloseBrace) {
      if (token_.kind == TokenKind::Newline)
        advance();
      else
        item();
    }
  }

  void item() {
    const bool named = token_.kind == TokenKind::Identifier || token_.kind == TokenKind::OpenQuote;
    std::vector<std::string> words = {word()};
    while (named && (token_.kind == TokenKind::Identifier || token_.kind == TokenKind::OpenQuote))
      words.push_back(word());
    if (named && token_.kind == TokenKind::Equals) {
      advance();
      argument(words.front(), expression());
    } else if (named && token_.kind == TokenKind::OpenBrace && blocks_.size() < kMaxHclNesting) {
      advance();
      block({words.front(), {words.begin() + 1, words.end()}});
    } else {
      problem("neither an argument nor a block");
      if (!named) advance();
      expression();
    }
  }

  /// The identifier or quoted label here; anything else is stepped over by who asked.
  std::string word() {
    if (token_.kind != TokenKind::Identifier && token_.kind != TokenKind::OpenQuote) return {};
    if (token_.kind == TokenKind::Identifier) {
      std::string text(token_.text);
      advance();
      return text;
    }
    std::string text;
    for (advance(); token_.kind == TokenKind::Literal; advance()) text += literal_text(token_);
    if (token_.kind == TokenKind::CloseQuote) advance();
    return text;
  }

  /// Tokens up to the end of the line that is not within brackets of any kind.
  std::vector<Token> expression() {
    std::vector<Token> tokens;
    std::size_t depth = 0;
    for (; token_.kind != TokenKind::End; advance()) {
      switch (token_.kind) {
        case TokenKind::OpenBrace:
        case TokenKind::OpenBracket:
        case TokenKind::OpenParenthesis:
        case TokenKind::OpenQuote:
        case TokenKind::OpenInterpolation:
          ++depth;
          break;
        case TokenKind::CloseBrace:
        case TokenKind::CloseBracket:
        case TokenKind::CloseParenthesis:
        case TokenKind::CloseQuote:
        case TokenKind::CloseInterpolation:
          if (depth == 0) return tokens;
          --depth;
          break;
        case TokenKind::Newline:
          if (depth == 0) return tokens;
          break;
        default:
          break;
      }
      tokens.push_back(token_);
    }
    return tokens;
  }

  void block(Block opened) {
    blocks_.push_back(std::move(opened));
    open_block(blocks_.back());
    body();
    if (token_.kind == TokenKind::CloseBrace)
      advance();
    else
      problem(fmt::format("the block \"{}\" does not end", blocks_.back().type));
    blocks_.pop_back();
  }

  void open_block(const Block& block) {
    if (blocks_.size() == 1) {
      found_.has_resources = found_.has_resources || block.type == "resource";
      found_.has_providers = found_.has_providers || block.type == "provider";
      // Its program runs at each plan, in the project's directory, and reads what it likes.
      if (block.type == "data" && !block.labels.empty() && block.labels[0] == "external")
        found_.reads_unknown = true;
    }
    if (blocks_.size() == 2 && blocks_[0].type == "terraform") {
      if (block.type == "cloud") found_.backend = "cloud";
      if (block.type == "backend" && !block.labels.empty()) found_.backend = block.labels[0];
    }
  }

  void argument(const std::string& name, const std::vector<Token>& value) {
    if (blocks_.size() > 1 && blocks_[0].type == "terraform" &&
        (blocks_[1].type == "backend" || blocks_[1].type == "cloud")) {
      std::string path;
      for (std::size_t i = 2; i < blocks_.size(); ++i) path += blocks_[i].type + ".";
      if (const auto text = constant(value)) found_.backend_arguments[path + name] = *text;
    }
    if (is_in({"module"}) && name == "source") {
      if (const auto source = constant(value))
        found_.module_sources.insert(*source);
      else
        found_.reads_unknown = true;
    } else if (is_in({"terraform", "backend"}) && name == "path") {
      found_.local_backend_path = constant(value).value_or("");
    } else if (is_in({"terraform", "required_providers"})) {
      require(name, value);
    } else {
      expressions_.read(value);
    }
  }

  bool is_in(std::initializer_list<std::string_view> types) const {
    return std::equal(blocks_.begin(), blocks_.end(), types.begin(), types.end(),
                      [](const Block& block, std::string_view type) { return block.type == type; });
  }

  /// `name = { source = "acme/hci", … }`, or of old `name = "~> 1.0"`.
  void require(const std::string& name, const std::vector<Token>& value) {
    for (std::size_t i = 0; i + 4 < value.size(); ++i) {
      if (value[i].kind != TokenKind::Identifier || value[i].text != "source") continue;
      if (value[i + 1].kind != TokenKind::Equals || value[i + 3].kind != TokenKind::Literal) continue;
      found_.required_providers.insert(literal_text(value[i + 3]));
      return;
    }
    found_.required_providers.insert(name);
  }

  HclLexer lexer_;
  Token token_;
  std::vector<Block> blocks_;
  PathFinder expressions_;
  ScannedFile found_;
};

}  // namespace

ScannedFile scan_hcl(std::string_view text) {
  if (text.size() <= kMaxHclFile) return Scanner(text).scan();
  ScannedFile found;
  found.problems.push_back({1, fmt::format("the file is larger than {} MiB", kMaxHclFile >> 20)});
  return found;
}

}  // namespace slipway::runner
