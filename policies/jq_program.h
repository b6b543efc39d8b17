#pragma once

#include "core/function_ref.h"
#include "core/json.h"
#include "core/result.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace slipway::policies {

/// libjq for the child: a program that was compiled, run on JSON texts as they come in pieces. Not for the
/// server's own process: a program can take all memory and never end.
class JqProgram {
 public:
  static Result<JqProgram> compile(const std::string& text, const Json& arguments);
  JqProgram(JqProgram&&) noexcept;
  JqProgram& operator=(JqProgram&&) noexcept;
  ~JqProgram();

  /// Hears the lists of what is yielded, piece by piece: "[", values with commas, "]\n".
  using Write = FunctionRef<void(std::string_view)>;
  /// The next piece of the inputs; `last` when there is no more.
  Result<void> feed(std::string_view piece, bool last, Write write);

 private:
  struct State;
  explicit JqProgram(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace slipway::policies
