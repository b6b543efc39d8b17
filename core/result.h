#pragma once

#include <tl/expected.hpp>

#include <string>

namespace slipway {

/// What a parser says when it refuses its input: a sentence for the person who wrote that input. `place` is
/// where (a JSON path, FILE:LINE, a column), empty where there is none.
struct ParseError {
  std::string message;
  std::string place;

  std::string text() const { return place.empty() ? message : place + ": " + message; }
};

/// Outcome of the parsers (comment, config, plan JSON, webhook, state), and of nothing else: what fails for
/// other reasons throws Failure.
template <class T, class E = ParseError>
using Result = tl::expected<T, E>;

inline tl::unexpected<ParseError> refuse(std::string message, std::string place = {}) {
  return tl::unexpected<ParseError>(ParseError{std::move(message), std::move(place)});
}

}  // namespace slipway
