#pragma once

#include <ucontext.h>

#include <cstddef>
#include <functional>
#include <memory>

namespace slipway::simulation {

struct Stack {
  const void* bottom = nullptr;
  std::size_t bytes = 0;
};

/// A computation on a stack of its own, which is put down in the middle and taken up again: how blocking code
/// of several workers is interleaved on one thread, in an order that a seed decides. One thread.
class Fiber {
 public:
  explicit Fiber(std::function<void()> body);
  /// It must have ended, or never have begun: what lies on its stack is not unwound here.
  ~Fiber();
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  /// Runs it until it pauses or ends. Exceptions must not leave the body.
  void resume();
  bool ended() const { return ended_; }

  /// From inside of a fiber: goes on at whoever resumed it.
  static void pause();
  /// Nothing outside of any.
  static Fiber* current();

  static constexpr std::size_t kStackBytes = 512u << 10;

 private:
  /// What the C++ runtime keeps per thread of the exceptions in flight: each fiber has its own.
  struct Exceptions {
    void* caught = nullptr;
    unsigned int uncaught = 0;
  };
  static void enter();
  static void swap_exceptions(Exceptions& kept);

  std::function<void()> body_;
  std::unique_ptr<std::byte[]> stack_;
  ucontext_t own_{};
  ucontext_t resumer_{};
  Stack resumers_;  // as AddressSanitizer knows it
  Exceptions exceptions_;
  bool ended_ = false;
};

}  // namespace slipway::simulation
