#pragma once

#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace slipway {

enum class Retry { Never, Later };

/// The world did not do what it was asked: clone refused, disk full, terraform missing, forge 502. Thrown;
/// caught in three places only (worker loop, HTTP session, main). Context grows on the way up through
/// `while_doing`.
class Failure : public std::exception {
 public:
  explicit Failure(std::string what, Retry retry = Retry::Never,
                   std::optional<std::chrono::seconds> after = {});

  /// The whole sentence: "while fetching acme/infra: the server answered 502".
  const char* what() const noexcept override { return text_.c_str(); }
  /// The cause without the notes.
  const std::string& cause() const { return cause_; }
  Retry retry() const { return retry_; }
  /// Not before this much time has passed, where the other side said so (Retry-After).
  std::optional<std::chrono::seconds> retry_after() const { return after_; }

  /// Puts a note in front: what was being done.
  void add_note(std::string_view doing);

 private:
  std::string cause_;
  std::string text_;
  Retry retry_;
  std::optional<std::chrono::seconds> after_;
};

/// A person or a shutdown stopped the work; it is not a fault of it.
class Stopped : public std::exception {
 public:
  const char* what() const noexcept override { return "stopped"; }
};

/// Runs `action`; a Failure that leaves it carries the note.
template <class Action>
decltype(auto) while_doing(std::string_view doing, Action&& action) {
  try {
    return std::forward<Action>(action)();
  } catch (Failure& failure) {
    failure.add_note(doing);
    throw;
  }
}

}  // namespace slipway
