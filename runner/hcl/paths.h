#pragma once

#include "runner/hcl/lexer.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace slipway::runner {

/// A path that an expression names, before it is known where its module lies.
struct NamedPath {
  enum class From { Module, Root };  // path.module; or path.root, path.cwd and plain relative paths
  From from = From::Root;
  std::string path;  // may hold ".."; empty for the directory itself
  bool operator==(const NamedPath&) const = default;
};

/// Reads tokens of expressions for the paths in them, without evaluating anything.
///
/// Understood are strings, and templates that begin with `${path.module}`, `${path.root}` or `${path.cwd}`,
/// as the first argument of a function that reads files, and anywhere else where a provider might read them.
/// Anything that could lead elsewhere (a computed argument, `..` within other text, `path.…` handed to other
/// functions, functions of providers) makes `unknown` true. Of a computed path the literal beginning is named
/// too, as the directory it may be below.
class PathFinder {
 public:
  void read(const std::vector<Token>& tokens);

  std::vector<NamedPath> paths;
  bool unknown = false;

 private:
  /// A quoted string or heredoc.
  struct Template {
    std::size_t end = 0;                  // behind its CloseQuote
    std::optional<NamedPath::From> from;  // what an interpolation at its beginning says
    std::string literal;                  // up to the next interpolation
    bool computed = false;                // there is one more
    bool climbs = false;                  // some part of it has a ".."
  };

  Template read_template(const std::vector<Token>& tokens, std::size_t at) const;
  std::size_t read_argument(const std::vector<Token>& tokens, std::size_t at, bool is_fileset);
  std::size_t read_text(const std::vector<Token>& tokens, std::size_t at);
  void name(const Template& found, std::string_view more);
};

/// `path.module`, `path.root` or `path.cwd` at this token.
std::optional<NamedPath::From> path_reference(const std::vector<Token>& tokens, std::size_t at);

}  // namespace slipway::runner
